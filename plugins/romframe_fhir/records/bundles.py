"""Bundles into their entries: what each holds, and whether it was deleted since."""

from typing import Any

from attrs import frozen


@frozen
class Entry:
    """An entry of a bundle; `deleted` is a deletion, or an earlier version of what it deletes."""

    content: Any
    url: str
    deleted: bool


def is_bundle(content: Any) -> bool:
    """Say whether something is a bundle of resources."""
    return isinstance(content, dict) and content.get("resourceType") == "Bundle"


def entries(bundle: dict[str, Any]) -> list[Entry]:
    """Give the entries of a bundle, those of odd shape too."""
    found = bundle.get("entry", [])
    listed = found if isinstance(found, list) else [found]
    whole = [each if isinstance(each, dict) else {"resource": each} for each in listed]
    gone = {name for each in whole if _deletes(each) for name in _deleted(each)}
    return [
        Entry(
            each.get("resource"),
            _url(each),
            _deletes(each) or not gone.isdisjoint((_url(each), _name(each.get("resource")))),
        )
        for each in whole
    ]


def _deletes(entry: dict[str, Any]) -> bool:
    return _request(entry).get("method") == "DELETE"


def _deleted(entry: dict[str, Any]) -> set[str]:
    """Give the names of what an entry deletes."""
    return {_url(entry), str(_request(entry).get("url", ""))} - {""}


def _request(entry: dict[str, Any]) -> dict[str, Any]:
    request = entry.get("request")
    return request if isinstance(request, dict) else {}


def _url(entry: dict[str, Any]) -> str:
    return str(entry.get("fullUrl", ""))


def _name(resource: Any) -> str:
    """Give what a deletion calls a resource: its type and id."""
    if not isinstance(resource, dict):
        return ""
    return f"{resource.get('resourceType', '')}/{resource.get('id', '')}"
