"""The commands of `audit`."""
