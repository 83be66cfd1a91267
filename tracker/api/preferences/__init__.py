"""How a person wants to be told: read, and chosen by that person."""
