"""Templates of other people: read within bounds, and tried where they can do no harm."""
