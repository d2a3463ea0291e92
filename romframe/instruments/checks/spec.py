"""One spec as the checks see it, with its items and their response scales."""

from collections.abc import Mapping
from typing import Any

from romframe.draft import Draft, Entry
from romframe.instruments import build
from romframe.instruments.model import ResponseScale
from romframe.instruments.schema import Vocabulary
from romframe.yaml_source import Document, Path


class Spec(Draft):
    """The data of one spec under inspection, and the methods that it may name."""

    def __init__(self, document: Document, vocabulary: Vocabulary) -> None:
        super().__init__(document)
        self.vocabulary = vocabulary

    @property
    def complete(self) -> bool:
        """Whether every response scale and item is sound."""
        return all(self.document.sound((key,)) for key in ("response_scales", "items"))

    def item(self, item_id: str) -> Entry | None:
        """Give the sound item of this id, if there is one."""
        return next((item for _, item in self.entries("items") if item["id"] == item_id), None)

    def scale(self, item: Entry) -> ResponseScale | None:
        """Give the response scale of a sound item, if that is sound too."""
        name, scales = item["scale"], self.section("response_scales")
        if name not in scales or not self.document.sound(("response_scales", name)):
            return None
        return build.scale(name, scales[name])

    def counts(self, item: Entry) -> bool:
        """Say whether `all` stands for this item too."""
        scale = self.scale(item)
        return item.get("scored", True) and scale is not None and scale.scored

    def inputs(self, path: Path, entry: Entry) -> dict[str, ResponseScale]:
        """Give the items that an entry's `items` stands for, with their scales.

        Reports what is wrong with `items`; empty where that or an item is not sound.
        """
        wanted = entry["items"]
        path = (*path, "items")
        named = wanted["all_except"] if isinstance(wanted, Mapping) else wanted
        place = (*path, "all_except") if isinstance(wanted, Mapping) else path
        if isinstance(named, list) and self._names_wrong(place, named):
            return {}
        if named is wanted and isinstance(named, list):
            return self._scales(path, named)
        if not self.complete:
            return {}
        counted = [item["id"] for _, item in self.entries("items") if self.counts(item)]
        chosen = [each for each in counted if wanted == "all" or each not in named]
        if not chosen:
            mend = "Give the answers numbers, or name other items."
            self.report(path, "no-items", "No scored item is left here.", mend)
        return self._scales(path, chosen)

    def _names_wrong(self, path: Path, named: list[str]) -> bool:
        wrong = [
            self.unknown((*path, index), "unknown-item", item_id, "items")
            for index, item_id in enumerate(named)
        ]
        return self.listed_twice(path, named) or any(wrong)

    def listed_twice(self, path: Path, named: list[str]) -> bool:
        """Report each name that a list holds twice; say whether there is any."""
        twice = [index for index, name in enumerate(named) if name in named[:index]]
        for index in twice:
            what = f"{named[index]!r} is listed twice."
            self.report((*path, index), "listed-twice", what, "List it once.")
        return bool(twice)

    def _scales(self, path: Path, item_ids: list[str]) -> dict[str, ResponseScale]:
        found: dict[str, ResponseScale] = {}
        for index, item_id in enumerate(item_ids):
            item = self.item(item_id)
            scale = self.scale(item) if item else None
            if item is None or scale is None:
                continue
            found[item_id] = scale
            if not self.counts(item):
                what = f"The item {item_id!r} is not scored, so it cannot be used here."
                mend = "Take it out, or give its answers values."
                self.report((*path, index), "unscored-item", what, mend)
        return found if len(found) == len(item_ids) and self.document.sound(path) else {}

    def unverified(self, source: Any) -> bool:
        """Say whether nobody has verified a source."""
        known = self.section("sources").get(source)
        return isinstance(known, Mapping) and known.get("status") == "unverified"

    def not_unverified(self, path: Path, what: str, source: Any) -> None:
        """Report what works without being asked for and rests on an unverified source."""
        if self.unverified(source):
            mend = "Verify it, delete it, or offer it under a name that has to be asked for."
            said = f"{what} is used by default and rests on an unverified source."
            self.report(path, "unverified-default", said, mend)

    def no_source(self, path: Path, what: str) -> None:
        """Report a threshold that nobody answers for."""
        mend = "Add `source:` with a key of `sources:` (status local, if it is your own decision)."
        self.report(path, "threshold-without-source", f"{what} has no source.", mend)
