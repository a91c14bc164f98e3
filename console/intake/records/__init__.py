"""Files that come in and go out with what is kept."""
