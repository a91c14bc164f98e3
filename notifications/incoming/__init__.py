"""Mail that comes in: answers, bounces, automatic replies, and what nobody can match."""
