"""The hooks and what plugins register through them, from their specifications."""

import inspect
import re
from collections.abc import Iterator

import attrs

import romframe
from pages.markdown import code, page, table
from romframe import hookspecs
from romframe.plugins.staging import KINDS


_MODULE = re.compile(r"\b(?:\w+\.)+(?=\w)")
_OFFER = re.compile(r"Callable\[\[(\w+)\]")
ABOUT = f"""\
A plugin marks functions with `romframe.hookimpl`; each is called once with `register`. The version
of the hooks is the name of the entry-point group: `{hookspecs.GROUP}`. How to write one is said in
[Writing a plugin](../plugins.md); what is promised of later versions in the
[compatibility promise](../compatibility.md)."""


def pages() -> dict[str, str]:
    """Give the page of all hooks."""
    parts = [part for name in KINDS for part in _hook(name)]
    return {"hooks.md": page("Every hook", ABOUT, *parts)}


def _hook(name: str) -> Iterator[str]:
    hook = getattr(hookspecs, name)
    yield f"## {name}"
    yield inspect.cleandoc(hook.__doc__)
    offered = _OFFER.search(hook.__annotations__["register"])
    if offered and hasattr(romframe, offered[1]):
        yield from _offer(getattr(romframe, offered[1]))


def _offer(offer: type) -> Iterator[str]:
    about = inspect.cleandoc(offer.__doc__ or "")
    yield f"It takes {code(f'romframe.{offer.__name__}')}:\n\n{about}"
    yield table(("Field", "Type", "Needed"), map(_field, attrs.fields(offer)))


def _field(field: "attrs.Attribute[object]") -> tuple[str, str, str]:
    needed = "yes" if field.default is attrs.NOTHING else ""
    return code(field.name), code(_type(field.type)), needed


def _type(annotation: object) -> str:
    known = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    return _MODULE.sub("", known)
