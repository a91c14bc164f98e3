"""What concerns what: a request or a breach and its challenge, changed in one transaction."""
