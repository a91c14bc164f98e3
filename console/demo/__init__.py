"""A whole life in a rehearsal, walked through in well under a minute."""
