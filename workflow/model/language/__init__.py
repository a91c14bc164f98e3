"""The words of the definition language: phrases, and how they are read."""
