"""One module for each kind of thing that may be asked: what it does, and when it is refused."""
