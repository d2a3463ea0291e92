"""Instruments: the model, the spec language and its loader."""
