"""Who looked whether it is true: verifications, and the samples of look-backs."""
