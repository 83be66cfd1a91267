"""What happened to a commitment."""
