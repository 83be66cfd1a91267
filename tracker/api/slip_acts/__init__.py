"""What is done with slips: the office drafts, issues, drops, withdraws them; the lead department answers."""
