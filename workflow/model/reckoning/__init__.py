"""Turns timings into days and moments, and says how each came about."""
