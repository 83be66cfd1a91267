"""What the caller has to do today, as the desk of their role shows it."""
