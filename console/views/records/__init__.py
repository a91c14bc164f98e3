"""What is kept, as lists and screens show it."""
