"""Providers of mail that want more than a password: Microsoft 365 and GOV.UK Notify."""
