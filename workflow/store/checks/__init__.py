"""What is looked for in the tables that should never be: questions, and no judgement."""
