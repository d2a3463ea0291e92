"""The Patient-rated Outcome and Experience Measure of perinatal services."""
