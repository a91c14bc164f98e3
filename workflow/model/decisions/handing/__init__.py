"""What is decided about documents and things that people are given, and have to account for."""
