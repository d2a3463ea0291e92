"""A made-up perinatal service: the same seed and day always give the same people and forms."""
