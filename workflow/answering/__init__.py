"""Answers by link and by e-mail: what is asked, what was said, and what follows from it."""
