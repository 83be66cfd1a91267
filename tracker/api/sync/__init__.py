"""What a client that works offline keeps: a snapshot first, changes after."""
