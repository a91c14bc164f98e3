"""What the parts of a definition say of each other: one module for each kind of check."""
