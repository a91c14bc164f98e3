"""Backups, and a database that is put back from one."""
