"""Occupational therapy: MOHOST, OSA, OCAIRS and COPM."""
