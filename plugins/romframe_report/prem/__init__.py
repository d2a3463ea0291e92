"""The report of anonymous returns: what people said about the service, and what it did."""
