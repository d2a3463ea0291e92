"""Importing: a file and a mapping become accepted rows, rejected rows and warnings."""
