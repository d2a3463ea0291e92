"""The library that knows what a FHIR resource may hold, loaded when it is first needed."""

import importlib
from collections.abc import Mapping
from typing import Any

from romframe import Problem, UsageError


R4, R3 = "R4B", "STU3"  # FHIR 4.3.0, in which the resources read here are those of R4; and 3.0.2


def fault(resource: Mapping[str, Any], release: str = R4) -> str:
    """Say what makes an object no resource of its type; empty where it is one.

    Raises UsageError where the library is not installed.
    """
    from pydantic import ValidationError

    try:
        _model(str(resource["resourceType"]), release).model_validate(resource)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        return f"{where}: {first['msg']}" if where else str(first["msg"])
    return ""


def require() -> None:
    """Raise UsageError where the library is not installed, with the name of the extra."""
    try:
        importlib.import_module("fhir.resources")
    except ImportError as error:
        what = "FHIR resources cannot be checked: fhir.resources is not installed."
        mend = "Install it with: pip install 'romframe[fhir]'."
        raise UsageError(Problem("fhir-library", what, mend)) from error


def _model(kind: str, release: str) -> Any:
    module = importlib.import_module(f"fhir.resources.{release}.{kind.lower()}")
    return getattr(module, kind)
