"""Plans and their clauses: the decision as a status page."""
