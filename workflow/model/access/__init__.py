"""Who may do what: permissions, the roles of access that have them, and how it is decided."""
