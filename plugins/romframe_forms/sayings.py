"""What forms say in formulas: sums, conditions and limits, understood only where they are plain."""

import csv
import re
from importlib.resources import files

from romframe import AskedItem, AskedScore, Condition


XLSFORM = r"\$\{([A-Za-z_][A-Za-z0-9_.-]*)\}"
REDCAP = r"\[([a-z0-9_]+)\]"

_OR = re.compile(r"\s+or\s+", re.IGNORECASE)
_LIMIT = re.compile(r"\.\s*([<>])=\s*(-?[0-9]+(?:\.[0-9]+)?)")
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)


def kinds(file: str) -> dict[str, str]:
    """Give what each type of field is here, from one of the plugin's tables."""
    text = files("romframe_forms").joinpath(f"data/{file}").read_text(encoding="utf-8")
    return {row["type"]: row["kind"] for row in csv.DictReader(text.splitlines())}


def summed(formula: str, reference: str) -> tuple[str, ...]:
    """Give the fields that a formula adds up, none where it does anything else."""
    found = [re.fullmatch(reference, part.strip()) for part in formula.split("+")]
    names = tuple(match[1] for match in found if match)
    return names if len(names) == len(found) == len(set(names)) else ()


def condition(formula: str, reference: str) -> Condition | None:
    """Give the answers to one field that a condition asks for, None where it says more."""
    one = rf"{reference}\s*=\s*(?:'([^']*)'|\"([^\"]*)\"|(-?[0-9]+))"
    chosen = rf"selected\(\s*{reference}\s*,\s*'([^']*)'\s*\)"
    names, codes = set(), []
    for part in _OR.split(formula.strip()):
        match = re.fullmatch(one, part) or re.fullmatch(chosen, part)
        if match is None:
            return None
        name, *said = match.groups()
        names.add(name)
        codes.append(next(each for each in said if each is not None))
    return Condition(names.pop(), tuple(codes)) if len(names) == 1 else None


def limits(formula: str) -> tuple[float, float] | None:
    """Give the ends of a constraint such as `. >= 0 and . <= 10`, None where it says more."""
    found = [_LIMIT.fullmatch(part.strip()) for part in _AND.split(formula)]
    ends = {match[1]: float(match[2]) for match in found if match}
    return (ends[">"], ends["<"]) if len(found) == len(ends) == 2 else None


def adds_codes(score: AskedScore, items: dict[str, AskedItem]) -> bool:
    """Say whether a sum of fields is one of numbers, or of codes that are whole numbers."""
    return all(name in items and _counts_itself(items[name]) for name in score.items)


def _counts_itself(item: AskedItem) -> bool:
    if item.kind != "coded":
        return item.kind == "number"
    whole = all(re.fullmatch("-?[0-9]+", option.code) for option in item.options)
    plain = all(
        option.value is None or f"{option.value:g}" == option.code for option in item.options
    )
    return bool(item.options) and whole and plain
