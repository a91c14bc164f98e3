"""What is kept, by whom, and what becomes of it: documents, things handed out, disposals, holds."""
