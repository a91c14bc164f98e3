"""Who was given which access, and what else is kept beside challenges: one query a function."""
