"""Who may do what, asked of a database: the check that every way in uses, and giving access."""
