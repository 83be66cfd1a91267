"""Indicators, their readings, and the targets that aim at them."""
