"""Certificates as pages to print."""
