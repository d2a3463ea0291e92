"""From a form of another format to a draft spec that loads, with a list of what is left open."""

from collections.abc import Iterator
from typing import Any

from romframe.definitions.model import AskedForm, AskedItem, AskedScore, DefinitionDraft, Unsaid
from romframe.definitions.naming import as_id, as_score_id, tidy
from romframe.definitions.scales import Scales, code_of, number
from romframe.errors import DataError, Place, Problem
from romframe.instruments.checks.answers import RESERVED
from romframe.instruments.checks.references import right_code
from romframe.instruments.schema import LANGUAGE, LOCALE
from romframe.wording import VERSION


_LONGEST_LABEL = 60
_SOURCE = "file"
_LEFT_OPEN = {
    "type": "Whether it is a prom, crom, prem or goal measure is not said: prom stands here.",
    "raters": "Who fills it in is not said: service_user stands here.",
    "licence": "Who owns it, and on what terms, is to be written by you.",
    "form": "Which answers are good, and which somebody must look at at once, is not said.",
}
_LEFT_OPEN_OF_SCORES = {
    "better": "Whether more is better is not said: neither stands here.",
    "missing": "How many answers may be missing is not said: none may.",
    "source": "Nobody has checked this score: it is given on request until its source is verified.",
    "on_request": "It is given when asked for; delete this once the source is verified.",
}


def draft_definition(form: AskedForm) -> DefinitionDraft:
    """Draft a spec from a form.

    Words of the form are never put into it: labels are ids, or labels that are known to be ours.
    What the form does not say has a stand-in that works, and is listed. Names are made into ids,
    and listed where they change. Raises DataError where the form asks nothing.
    """
    if not form.items:
        mend = "Check that the whole file is there, and that it is a form with questions."
        place = Place(tidy(form.file))
        raise DataError(Problem("definition-empty", "This form asks nothing.", mend, place))
    draft = _Drafting(form)
    scores = [score for each in form.scores for score in draft.score(each)]
    items = [draft.item(item, scores) for item in form.items]
    counted = [item["id"] for item in items if draft.counts(item)]
    scores = [{**each, "items": "all"} if each["items"] == counted else each for each in scores]
    spec = {**_head(form), "response_scales": draft.scales.data, "items": items, "scores": scores}
    if scores:
        cite = f"{tidy(form.file)}, as it was read; nobody has checked it yet"
        spec["sources"] = {_SOURCE: {"cite": cite, "status": "unverified"}}
    unsaid = [*_left_open(form, scores), *draft.renamed(), *draft.scales.unsaid, *draft.unsaid]
    return DefinitionDraft(spec, (*unsaid, *form.unsaid), draft.wording(spec))


class _Drafting:
    """The names of one draft, its scales, and what could not be said so far."""

    def __init__(self, form: AskedForm) -> None:
        self.form = form
        self.scales = Scales()
        self.unsaid: list[Unsaid] = []
        self.score_ids: list[str] = []
        self.ids: dict[str, str] = {}
        for item in form.items:
            self.ids[item.name] = as_id(item.name, {*RESERVED, *self.ids.values()})
        self.scale = {item.name: self.scales.of(item) for item in form.items}

    def renamed(self) -> Iterator[Unsaid]:
        """Say which items go by another name here."""
        for name, item_id in self.ids.items():
            if name != item_id:
                what = f"It is called {tidy(name)!r} in the file."
                yield Unsaid("said-otherwise", f"items.{item_id}", what)

    def score(self, score: AskedScore) -> Iterator[dict[str, Any]]:
        """Give a score, unless its answers have no values to add up."""
        limits = [self.scales.limits(self.scale[name]) for name in score.items]
        known = [each for each in limits if each is not None]
        low, high = sum(each[0] for each in known), sum(each[1] for each in known)
        if len(known) < len(limits) or low >= high:
            what = f"The sum {tidy(score.name)!r} is of answers that have no values."
            self.unsaid.append(Unsaid("not-read", "scores", what))
            return
        taken = {*RESERVED, *self.score_ids}
        score_id = as_score_id(score.name, taken, self.ids.values())
        self.score_ids.append(score_id)
        yield {
            "id": score_id,
            "name": tidy(score.title) or score_id,
            "items": [self.ids[name] for name in score.items],
            "method": "sum",
            "range": [number(low), number(high)],
            "better": "neither",
            "on_request": True,
            "source": _SOURCE,
        }

    def item(self, item: AskedItem, scores: list[dict[str, Any]]) -> dict[str, Any]:
        """Give an item; one whose values no score uses is kept out of scores."""
        item_id, scale = self.ids[item.name], self.scale[item.name]
        label = tidy(item.label)
        found: dict[str, Any] = {
            "id": item_id,
            "label": label if 0 < len(label) <= _LONGEST_LABEL else item_id,
            "scale": scale,
        }
        limits = self.scales.limits(scale)
        if item.reversed and limits:
            found["reversed"] = True
        if not item.counts:
            found["scored"] = False
        elif limits and scores and not any(item_id in score["items"] for score in scores):
            found["scored"] = False
            what = "No score that was understood uses it: it is kept and is in no score."
            self.unsaid.append(Unsaid("not-said", f"items.{item_id}.scored", what))
        return {**found, **self._asked(item, item_id)}

    def counts(self, item: dict[str, Any]) -> bool:
        """Say whether a drafted item is one of those that `all` stands for."""
        return item.get("scored", True) and self.scales.limits(item["scale"]) is not None

    def _asked(self, item: AskedItem, item_id: str) -> dict[str, Any]:
        """Say when an item is to be answered, where it stands, and its codes elsewhere."""
        found: dict[str, Any] = {}
        if item.when is not None:
            codes = [code_of(str(code)) for code in item.when.codes]
            scale = self.scales.data.get(self.scale.get(item.when.item, ""), {})
            known = scale.get("codes", {})
            if item.when.item != item.name and codes and all(code in known for code in codes):
                found["required_when"] = {"item": self.ids[item.when.item], "codes": codes}
            else:
                what = "When it is asked depends on answers that are not known here."
                self.unsaid.append(Unsaid("not-read", f"items.{item_id}.required_when", what))
        elif item.required is False:
            found["required"] = False
        if tidy(item.section):
            found["section"] = tidy(item.section)
        given = item.codes.items()
        known_codes = {system: code for system, code in given if right_code(system, code)}
        for system in sorted({*item.codes} - {*known_codes}):
            what = f"{tidy(item.codes[system])} cannot be a code of {system}: it is left out."
            self.unsaid.append(Unsaid("not-valid", f"items.{item_id}.codes", what))
        return {**found, "codes": known_codes} if known_codes else found

    def wording(self, spec: dict[str, Any]) -> dict[str, Any] | None:
        """Give the file's own words as a wording pack for the site that it came from."""
        items = {
            self.ids[item.name]: tidy(item.text)
            for item in self.form.items
            if tidy(item.text) not in ("", tidy(item.label))
        }
        scales = {scale: words for scale, words in self.scales.words.items() if words}
        if not items and not scales:
            return None
        return {
            "romframe_wording": VERSION,
            "instrument": spec["id"],
            "version": spec["version"],
            "locale": spec.get("locale", "en"),
            "permission": f"not said in {tidy(self.form.file)}; write here who allowed it, and how",
            **({"items": items} if items else {}),
            **({"response_scales": scales} if scales else {}),
        }


def _head(form: AskedForm) -> dict[str, Any]:
    terms = tidy(form.terms)
    form_id = as_id(form.id, (), "form")
    return {
        "romframe": LANGUAGE,
        "id": form_id,
        "version": tidy(form.version) or "draft",
        "name": tidy(form.title) or form_id,
        "type": "prom",
        "raters": ["service_user"],
        **(
            {"locale": form.locale} if form.locale != "en" and LOCALE.fullmatch(form.locale) else {}
        ),
        "licence": {
            "owner": "not said",
            "terms": terms or "not said",
            "wording": "site_supplied",
        },
        **({"note": tidy(form.note)} if tidy(form.note) else {}),
    }


def _left_open(form: AskedForm, scores: list[dict[str, Any]]) -> Iterator[Unsaid]:
    """Say what no form says, and a spec must."""
    for key, what in _LEFT_OPEN.items():
        yield Unsaid("not-said", key, what)
    if any(tidy(item.text) and not tidy(item.label) for item in form.items):
        what = "Labels are ids and codes: the words of the form are not ours to copy."
        yield Unsaid("said-otherwise", "form", what)
    if not tidy(form.version):
        yield Unsaid("not-said", "version", "No version is said: draft stands here.")
    if form.locale and not LOCALE.fullmatch(form.locale):
        what = f"{tidy(form.locale)!r} is not a language: en stands here."
        yield Unsaid("not-valid", "locale", what)
    if not scores:
        yield Unsaid("not-said", "scores", "No score is said that was understood: there is none.")
    for score in scores:
        for key, what in _LEFT_OPEN_OF_SCORES.items():
            yield Unsaid("not-said", f"scores.{score['id']}.{key}", what)
