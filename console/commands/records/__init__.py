"""Commands about what is kept: documents, things handed out, their destruction."""
