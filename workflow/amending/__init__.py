"""Calendars change while challenges are under way: looked at first, then carried out in each."""
