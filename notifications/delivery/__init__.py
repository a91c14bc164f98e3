"""When a message may go, to whom, and what goes together: all that the courier decides."""
