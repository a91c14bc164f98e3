"""What should exist, given what is known: plans, reminders, and the way from one to the other."""
