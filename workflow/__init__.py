"""The engine: decides what happens in a challenge, and keeps it."""
