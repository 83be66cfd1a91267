"""What lay open when a post changed hands."""
