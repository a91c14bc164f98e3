"""Retention: what is due is destroyed, with a certificate; a ledger remembers it outside."""
