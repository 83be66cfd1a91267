"""Supervision slips to read: the list, one slip as a paper with its chain."""
