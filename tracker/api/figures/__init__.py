"""How everything in sight stands together, and how lights changed."""
