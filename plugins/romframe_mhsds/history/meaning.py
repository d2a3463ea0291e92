"""What an id and a score of the data set mean here: which part of which measure, which answer."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from romframe import Instrument, Item, Score, UserError
from romframe_mhsds.codes.codelist import code_list, scales_in_use
from romframe_mhsds.codes.coding import SentAs
from romframe_mhsds.codes.orientation import read_orientation
from romframe_mhsds.codes.scale import Scale


if TYPE_CHECKING:
    from romframe import Workspace

PARTS = {
    "tool": pl.String,
    "instrument": pl.String,  # the name by which it is had
    "part": pl.String,  # an item's or score's id
    "kind": pl.String,  # item | score
    "slot": pl.String,  # of a goal; null where the part is no goal's
    "rater": pl.String,  # null where nothing says it
    "withheld": pl.Boolean,  # whether it is not known which answers the texts stand for
    "listed": pl.Boolean,  # whether only some texts are answers: those of TEXTS
}
TEXTS = {"tool": pl.String, "text": pl.String, "cell": pl.String}
_RATED_BY = {"self rated": "service_user", "parent": "carer", "clinician rated": "clinician"}
_USUAL = {
    "crom": "clinician",
    "prom": "service_user",
    "prem": "service_user",
    "goal": "service_user",
}


class Meaning:
    """The ids of the measures of a workspace: which part each stands for, and which answers.

    Where two measures have the same id, it is of the one that has assessments in the store.
    """

    def __init__(self, workspace: Workspace, day: date) -> None:
        options = workspace.export_options("mhsds")
        self.scales = {
            scale.concept_id: scale for scale in scales_in_use(workspace.path, options.get("codes"))
        }
        self.kin = _kin(self.scales)
        codes = code_list(day, self.scales.values())
        self.said = read_orientation(workspace, options.get("sent_as", {}), codes)
        self.instruments = _instruments(workspace)
        found: dict[str, dict[str, object]] = {}
        texts: list[tuple[str, str, str]] = []
        for name, instrument in self.instruments.items():
            said = self.said.get(instrument.id, {})
            for part in _parts(name, instrument, said):
                for tool in self._with_kin(str(part["tool"])):
                    if tool not in found:
                        found[tool] = part | {"tool": tool, "rater": self._rater(instrument, tool)}
                        texts += _texts(tool, instrument, part, said)
        self.parts = pl.DataFrame(list(found.values()), schema=PARTS, orient="row")
        self.texts = pl.DataFrame(texts, schema=TEXTS, orient="row").unique(
            ["tool", "text"], keep="none", maintain_order=True
        )

    def label(self, tool: str) -> str:
        """Name an id as the code list does."""
        scale = self.scales.get(tool)
        return (
            f"{tool} ({scale.tool}: {scale.label})" if scale else f"{tool} (not in the code list)"
        )

    def _with_kin(self, tool: str) -> Iterator[str]:
        """Give an id, those that it replaced, and those that replaced it, where that is certain."""
        known, waiting = {tool}, [tool]
        while waiting:
            now = waiting.pop()
            yield now
            near = sorted(self.kin.get(now, set()) - known)
            known.update(near)
            waiting += near

    def _rater(self, instrument: Instrument, tool: str) -> str | None:
        """Give who rated: the only one who may, the one the id is for, or the kind of measure's."""
        if len(instrument.raters) == 1:
            return instrument.raters[0]
        label = self.scales[tool].label.casefold().replace("-", " ") if tool in self.scales else ""
        told = [rater for words, rater in _RATED_BY.items() if words in label]
        likely = [*told, _USUAL[instrument.type]]
        return next((rater for rater in likely if rater in instrument.raters), None)

    @property
    def assumed(self) -> dict[str, str]:
        """The measures whose rater is taken to be the one that their kind of measure has."""
        several = self.parts.filter(
            pl.col("instrument").is_in(
                [name for name, each in self.instruments.items() if len(each.raters) > 1]
            )
        ).drop_nulls("rater")
        return dict(several.select("instrument", "rater").iter_rows())


def _kin(scales: Mapping[str, Scale]) -> Mapping[str, set[str]]:
    """Give, of each id, the ids that it replaced or that replaced it, and whose name is certain."""
    kin: dict[str, set[str]] = {}
    for old, scale in scales.items():
        new = scales.get(scale.replaced_by)
        if new is not None and new.name == "published":
            kin.setdefault(old, set()).add(new.concept_id)
            kin.setdefault(new.concept_id, set()).add(old)
    return kin


def _instruments(workspace: Workspace) -> dict[str, Instrument]:
    """Give the measures, those in use first, but none that is only returned anonymously.

    One whose spec is not valid is passed over.
    """
    used = set(workspace.used_instruments())
    names = sorted(workspace.instrument_ids, key=lambda name: (name not in used, "-" in name, name))
    found = {}
    for name in names:
        with contextlib.suppress(UserError):
            found[name] = workspace.instrument(name)
    return {name: each for name, each in found.items() if each.storage != "anonymous"}


def _parts(name: str, instrument: Instrument, said: SentAs) -> Iterator[dict[str, object]]:
    """Give every part that has an id, once for each id; of goals, single ratings only."""
    for item in instrument.items:
        about = {
            "instrument": name,
            "part": item.id,
            "kind": "item",
            "withheld": bool(item.scale.not_sent) and item.scale.id not in said,
            "listed": bool(_written(item, said)),
            "slot": None,
        }
        for tool in _snomed(item):
            yield about | {"tool": tool}
        for slot, tool in enumerate(item.slot_codes.get("snomed", ()), start=1):
            yield about | {"tool": tool, "slot": str(slot)}
    for score in instrument.scores if instrument.repeats is None else ():
        about = {"instrument": name, "part": score.id, "kind": "score", "slot": None}
        for tool in _snomed(score):
            yield about | {"tool": tool, "withheld": False, "listed": False}


def _snomed(part: Item | Score) -> list[str]:
    return [code.id for code in part.codes if code.system == "snomed"]


def _texts(
    tool: str, instrument: Instrument, part: Mapping[str, object], said: SentAs
) -> Iterable[tuple[str, str, str]]:
    """Give which answer, as the store keeps it, each text stands for."""
    if part["kind"] == "score":
        return []
    written = _written(instrument.item(str(part["part"])), said)
    return [(tool, text, cell) for text, cell in written]


def _written(item: Item, said: SentAs) -> list[tuple[str, str]]:
    """Give each text that is sent and the answer it stands for; nothing where they are the same."""
    scale = item.scale
    sent_as = said.get(scale.id) or scale.sent_as
    if not sent_as and not (scale.scored and scale.lettered):
        return []
    answers = [
        (
            sent_as.get(str(option.code), str(option.code)),
            f"{option.value:g}" if scale.scored and option.value is not None else str(option.code),
        )
        for option in scale.options
    ]
    missing = [(str(code), str(code)) for code, state in scale.missing if state == "not_known"]
    return [*answers, *missing]
