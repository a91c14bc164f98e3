"""Messages, answers and templates, as lists and by themselves."""
