"""Commands about what is written to people and what they write back."""
