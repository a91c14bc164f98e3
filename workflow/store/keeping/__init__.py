"""What is kept apart from the database: keys, and files under random names."""
