"""Checks of what a definition says of documents and things that people are handed."""
