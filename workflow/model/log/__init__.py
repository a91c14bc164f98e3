"""The audit log: what an entry says, the tree over entries, signed heads."""
