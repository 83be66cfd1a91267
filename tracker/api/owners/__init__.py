"""Who answers: one department, the posts with who holds them."""
