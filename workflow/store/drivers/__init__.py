"""The databases that there can be: how each is opened, and what its errors mean to a user."""
