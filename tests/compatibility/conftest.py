"""The command line, as the functional tests have it."""

from functional.conftest import run


__all__ = ["run"]  # a fixture
