"""The national view: what England's published code would make of the local store.

A pack (`data/national/*.yaml`) says the rules of one published figure as data. This package applies
a pack to three frames and knows no figure by name.
"""
