"""Which SNOMED CT ids are accepted when, and what of an instrument flows under them."""
