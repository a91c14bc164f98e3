"""Tables that people bring: challenges and people out of spreadsheets."""
