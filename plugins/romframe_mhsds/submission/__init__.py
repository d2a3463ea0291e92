"""A month of assessments: what is in it, what flows, and the files that are written."""
