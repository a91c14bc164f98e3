"""What is written to people and what they write back, beside the outbox."""
