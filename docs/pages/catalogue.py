"""The measures that come with romframe, from their specs."""

from collections.abc import Iterator

from pages.markdown import code, page, table
from romframe.answers import allowed
from romframe.api import catalogue
from romframe.constants import constants
from romframe.instruments.evidence import evidence
from romframe.instruments.model import ChangeRule, Instrument, Item, MissingPolicy, Score


ABOUT = """\
The measures that come with romframe. Labels are our own short words: the wording of a
questionnaire belongs to its owner, and a service that may use it
[supplies it](../../wording.md). *Evidence* is how sure we are of the weakest source that something
rests on: `verified`, `secondary` (read where somebody else reports it), `local` or `unverified`."""
TYPES = {
    "crom": "rated by clinicians",
    "prom": "filled in by people themselves",
    "prem": "people's experience of care",
    "goal": "goals and problems",
}


def pages() -> dict[str, str]:
    """Give an index, and a page for each measure."""
    shipped = catalogue()
    measures = {name: shipped.instrument(name) for name in shipped.ids}
    index = [
        part
        for kind, title in TYPES.items()
        for part in (f"## {title.capitalize()}", _index(measures, kind))
    ]
    contents = "```{toctree}\n:hidden:\n:glob:\n\n*\n```"
    return {
        "measures/index.md": page("Every measure", ABOUT, *index, contents),
        **{f"measures/{name}.md": _measure(name, each) for name, each in measures.items()},
    }


def _index(measures: dict[str, Instrument], kind: str) -> str:
    return table(
        ("Measure", "Name", "Items", "Scores", "Wording"),
        (
            (
                f"[{code(name)}]({name}.md)",
                each.name,
                str(len(each.items)),
                ", ".join(score.name for score in each.scores),
                each.licence.wording.replace("_", " "),
            )
            for name, each in measures.items()
            if each.type == kind
        ),
    )


def _measure(name: str, measure: Instrument) -> str:
    return page(
        measure.name,
        f"{code(name)}, version {measure.version}: {TYPES[measure.type]}.",
        measure.note,
        table(("About", ""), _about(measure)),
        "## Items",
        table(("Item", "Label", "Answers", "Marks"), map(_item, measure.items)),
        "## Scores",
        table(
            ("Score", "Name", "Made by", "Range", "Better", "Missing answers", "Evidence"),
            (_score(measure, score) for score in measure.scores),
        )
        or f"There are none: {measure.totals_reason or 'its answers are looked at one by one'}",
        *_change(measure),
        *_numbers(measure),
        "## Sources",
        table(
            ("Source", "Status", "Cited as", "Note"),
            (
                (code(each.id), each.status, each.cite, each.note)
                for each in measure.sources.values()
            ),
        ),
    )


def _about(measure: Instrument) -> Iterator[tuple[str, str]]:
    yield "Rated by", ", ".join(each.replace("_", " ") for each in measure.raters)
    yield "Asks about", measure.recall
    yield "Takes", f"{measure.minutes:g} minutes" if measure.minutes else ""
    yield "Owner", measure.licence.owner
    yield "Terms", measure.licence.terms
    yield "Wording", measure.licence.wording.replace("_", " ")
    yield "Terms read at", measure.licence.evidence
    yield "Stored", measure.storage


def _item(item: Item) -> tuple[str, str, str, str]:
    marks = [
        "turned" if item.reversed else "",
        "not scored" if not item.counts else "",
        "may be left out" if not item.required else "",
        f"alert: {item.alert.text}" if item.alert else "",
        item.note,
    ]
    return code(item.id), item.label, allowed(item.scale), "; ".join(filter(None, marks))


def _score(measure: Instrument, score: Score) -> tuple[str, ...]:
    of = ", ".join(map(code, score.of or (score.across,))) if score.of or score.across else ""
    return (
        code(score.id),
        score.name + ("; only on request" if score.on_request else ""),
        f"{code(score.method)} of {of or f'{len(score.items)} items'}",
        f"{score.low:g} to {score.high:g}",
        score.better,
        _missing(score, score.missing),
        evidence(measure, score, score.missing),
    )


def _missing(score: Score, policy: MissingPolicy | None) -> str:
    if policy is None or policy.at_least == len(score.items):
        return "none allowed" if score.items else ""
    what = f"at least {policy.at_least} of {len(score.items)} answered"
    return f"{what}, then {policy.then.replace('_', ' ')}"


def _change(measure: Instrument) -> Iterator[str]:
    if measure.change_rules:
        yield "## Change rules"
        yield table(
            ("Rule", "Of", "Method", "For whom", "Source"),
            (_rule(measure, rule) for rule in measure.change_rules),
        )


def _rule(measure: Instrument, rule: ChangeRule) -> tuple[str, ...]:
    return (
        code(rule.id) + (" (default)" if rule.default else ""),
        code(rule.score) if rule.score else f"{len(rule.items)} items",
        code(rule.method),
        rule.population,
        f"{code(rule.source)} ({measure.sources[rule.source].status})",
    )


def _numbers(measure: Instrument) -> Iterator[str]:
    found = constants(measure)
    if found:
        yield "## Every number, and who says so"
        yield table(
            ("Of", "What", "Name", "Value", "For whom", "Source", "Status"),
            (
                (
                    each.subject,
                    each.kind,
                    each.name,
                    each.value,
                    each.population,
                    each.cite,
                    each.status,
                )
                for each in found
            ),
        )
