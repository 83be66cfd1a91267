"""What indicators were: values that the office and the administrators record and correct."""
