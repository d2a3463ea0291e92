"""Other measures in use across mental health services."""
