"""Fixtures of romframe's kit: workspaces with data, and the command line."""

pytest_plugins = ["romframe.testing.fixtures"]
