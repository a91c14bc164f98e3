"""What the register of obligations is made from: many challenges at once, or as they were once."""
