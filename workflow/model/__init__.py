"""The pure model: what a challenge is and what may happen to it. No clock, no database, no mail."""
