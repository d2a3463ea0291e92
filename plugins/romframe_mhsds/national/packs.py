"""Loading a pack: its YAML file checked, its tables read, its readings chosen."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from romframe import Problem, UsageError, did_you_mean, read_checked_yaml
from romframe_mhsds.national.build import built
from romframe_mhsds.national.checks import check
from romframe_mhsds.national.model import Pack
from romframe_mhsds.national.schema import PACK
from romframe_mhsds.national.tables import FOLDER


def shipped() -> tuple[str, ...]:
    """Give the names of the packs that come with the plugin."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def load_pack(name: str, readings: Mapping[str, str] | None = None) -> Pack:
    """Load a shipped pack by name, or a site's own from a path that ends in .yaml.

    `readings` choose how rules are read on which the sources do not agree. Tables are looked for
    beside the file, then among the shipped ones. Raises UsageError for a pack, a reading or a
    choice that does not exist, and DataError with every fault of the file or of a table.
    """
    document = read_checked_yaml(_path(name), PACK, check)
    chosen = _choices(document.data, readings or {})
    return built(document.data, chosen, Path(document.file).parent)


def about(pack: Pack, family: str) -> Pack:
    """Give the pack with another family as its main one: reasons are then about its scales.

    Raises UsageError where the pack has none of that name.
    """
    known = {each.id: each for each in pack.families}
    if family not in known:
        what = f"The pack {pack.id} has no family of measures {family!r}."
        raise UsageError(Problem("unknown-national-family", what, did_you_mean(family, known)))
    others = (each for each in pack.families if each.id != family)
    return evolve(pack, families=(known[family], *others))


def _path(name: str) -> Path:
    if name.endswith((".yaml", ".yml")):
        return Path(name)
    if name not in shipped():
        what = f"There is no national pack {name!r}."
        raise UsageError(Problem("unknown-national-pack", what, did_you_mean(name, shipped())))
    return FOLDER / f"{name}.yaml"


def _choices(data: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, str]:
    """Give the choice of every reading: the default where none is wanted."""
    known = {each["id"]: each for each in data.get("readings", ())}
    for name, choice in wanted.items():
        if name not in known:
            what = f"The pack {data['id']} has no reading {name!r}."
            raise UsageError(Problem("unknown-national-reading", what, did_you_mean(name, known)))
        choices = [each["id"] for each in known[name]["choices"]]
        if choice not in choices:
            what = f"The reading {name} has no choice {choice!r}."
            mend = did_you_mean(choice, choices)
            raise UsageError(Problem("unknown-national-reading", what, mend))
    return {name: wanted.get(name, each["default"]) for name, each in known.items()}
