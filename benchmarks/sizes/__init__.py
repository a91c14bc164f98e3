"""How a cost grows with what there is."""
