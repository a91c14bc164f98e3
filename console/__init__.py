"""The way in from a terminal: commands, and how they show what they found."""
