"""The parts of a plan that look beyond the moment: mail, what is late, who is to do what."""
