"""Entering commitments into the ledger and correcting them: facts, owners, milestones, targets."""
