"""Outcome frameworks: what a commissioner wants to know, by which measures, and what came of it."""
