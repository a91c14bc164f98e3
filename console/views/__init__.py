"""What commands show: as a table, as lines of text, as JSON."""
