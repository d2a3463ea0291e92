"""The suites: what romframe relies on in what a plugin offers, a promise a test."""
