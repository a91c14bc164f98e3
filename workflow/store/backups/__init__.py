"""Copies of a whole database, and of its keys: made, looked through, put in its place."""
