"""Checks that what is asked for can come to be: guards, deadlines, and what they wait for."""
