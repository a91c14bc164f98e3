"""What an auditor is shown: how each obligation stands, what was excepted, what is kept."""
