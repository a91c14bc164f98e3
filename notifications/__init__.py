"""Tells people: notices become messages, and messages are sent."""
