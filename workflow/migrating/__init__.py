"""Challenges that are under way go on under another definition, and back: all of them, or none."""
