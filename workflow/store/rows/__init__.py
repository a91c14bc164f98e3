"""The rows: the tables that hold them, and how a challenge is laid out in them."""
