"""The audit of data quality: it looks, counts and lists, and changes nothing."""
