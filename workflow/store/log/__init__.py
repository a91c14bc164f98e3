"""The audit log in the database: entries, the tree over them, checkpoints, anchors."""
