"""Definitions in other formats: what they say as a draft spec, and what gets lost on the way."""
