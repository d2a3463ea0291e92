"""Conditions judged in plain Python, a row at a time, by the rules of docs/frameworks.md."""

import operator


BOUNDS = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
}


def number(value):
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def same(value, wanted):
    if isinstance(wanted, str):
        return value is not None and str(value) == wanted
    return number(value) is not None and number(value) == wanted


def passes(value, test):
    if isinstance(test, dict):
        return all(compare(value, word, wanted) for word, wanted in test.items())
    return any(same(value, each) for each in (test if isinstance(test, list) else [test]))


def compare(value, word, wanted):
    if word == "known":
        return (value is not None) == wanted
    if word == "not":
        return not passes(value, wanted)
    if isinstance(wanted, str):
        return value is not None and BOUNDS[word](value, wanted)
    return number(value) is not None and BOUNDS[word](number(value), wanted)


def holds(condition, row):
    for name, value in condition.items():
        if name == "any":
            fine = any(holds(each, row) for each in value)
        elif name == "all":
            fine = all(holds(each, row) for each in value)
        elif name == "none":
            fine = not any(holds(each, row) for each in value)
        else:
            fine = passes(row[name], value)
        if not fine:
            return False
    return True
