"""What an auditor is shown."""
