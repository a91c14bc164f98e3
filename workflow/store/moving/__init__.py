"""Databases that are moved to another place: copied row by row, and closed where they were."""
