"""What people hold of a challenge, and what became of it."""
