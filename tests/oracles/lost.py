"""What differs between two specs, path by path, and whether a list of losses covers it."""

UNSAID = {"reversed": False, "scored": True, "required": True, "step": 1}  # as the language has it


def differences(before, after):
    """Give the path of each value that is in one spec only or is another in the other.

    What is the same as saying nothing is no difference.
    """
    first, last = (
        {path: each for path, each in _values(spec, ()) if each != UNSAID.get(path[-1], [])}
        for spec in (before, after)
    )
    paths = {path for path in {*first, *last} if first.get(path) != last.get(path)}
    return sorted(".".join(path) for path in paths)


def not_listed(paths, unsaid):
    """Give the paths that no entry names, nor something that they are a part of.

    An entry for all items, scales or scores at once would cover anything, so it counts for nothing.
    """
    places = {each.where for each in unsaid} - {"items", "response_scales", "scores"}
    return [path for path in paths if not any(f"{path}.".startswith(f"{at}.") for at in places)]


def order(spec, section):
    return [entry["id"] for entry in spec[section]]


def _values(value, path):
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _values(each, (*path, str(key)))
    elif value and isinstance(value, list) and all(isinstance(each, dict) for each in value):
        for number, each in enumerate(value):
            yield from _values(each, (*path, str(each.get("id", number))))
    elif value != []:
        yield path, value
