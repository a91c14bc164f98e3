"""Challenges counted again: what another calendar changes in them, and what it cannot."""
