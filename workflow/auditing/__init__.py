"""The audit log proves itself: the tree over it, checkpoints and anchors, proofs, verification."""
