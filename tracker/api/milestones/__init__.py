"""Milestones: of one commitment, and of all in sight."""
