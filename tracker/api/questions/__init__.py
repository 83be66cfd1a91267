"""Extension requests, blockers, leaders' instructions: what waits for somebody's word."""
