"""Many machines on one PostgreSQL database: who tells them to work now, and whose clock counts."""
