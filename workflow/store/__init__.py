"""The database: challenges with their history, people, wake-ups, outbox, and what lists show."""
