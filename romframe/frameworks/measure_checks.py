"""Whether the figures that a framework asks of a measure can be had."""

from collections.abc import Iterator

from romframe.change import default_rule, judge, rules_for
from romframe.draft import Draft, Entry
from romframe.errors import PluginError, SpecError, UserError, did_you_mean
from romframe.frameworks.groups import may_be_kept_well
from romframe.frameworks.model import (
    GOOD,
    IMPROVEMENT,
    PAIRED,
    WORSE,
    FrameworkGroup,
)
from romframe.frameworks.terms import Terms
from romframe.instruments.model import ChangeRule, Instrument
from romframe.yaml_source import Path


def check_measure(
    draft: Draft, terms: Terms, path: Path, entry: Entry, group: FrameworkGroup | None
) -> None:
    """Report what is wrong with a measure: its instrument, score, rule, and what is asked of it."""
    instrument = known_instrument(draft, terms, (*path, "instrument"), entry["instrument"])
    if instrument is None or not _can_be_paired(draft, path, entry, instrument):
        return
    if "rule" in entry:
        rule = _named_rule(draft, path, entry, instrument)
    else:
        rule = default_rule(instrument, entry["score"])
    if rule is not None:
        _try_rule(draft, terms, path, entry, rule)
    if draft.document.sound(path):
        _check_figures(draft, terms, path, entry, (rule, group))


def known_instrument(draft: Draft, terms: Terms, path: Path, name: str) -> Instrument | None:
    """Give an instrument; where there is none to be had, report why and give None."""
    try:
        return terms.instrument(name)
    except (SpecError, PluginError) as error:
        what = f"The instrument {name!r} cannot be used: {error.problems[0].what}"
        mend = f"{error.problems[0].mend} See `romframe doctor`."
        draft.report(path, "instrument-unusable", what, mend)
    except UserError as error:
        draft.document.add(path, error.problems[0])
    return None


def _can_be_paired(draft: Draft, path: Path, entry: Entry, instrument: Instrument) -> bool:
    """Say whether there are two scores a referral to compare; report why not."""
    scores = {score.id: score for score in instrument.scores}
    name = entry["score"]
    if instrument.totals == "forbidden":
        what = f"{instrument.name} has no scores: {instrument.totals_reason.rstrip('.')}."
        mend = "Ask for its items with an indicator, such as `favourable`."
        draft.report((*path, "instrument"), "no-totals", what, mend)
    elif instrument.storage == "anonymous":
        what = f"Returns of {instrument.name} are anonymous, and nobody's first meets their last."
        draft.report((*path, "instrument"), "anonymous-measure", what, "Ask for an indicator.")
    elif name not in scores:
        what = f"{instrument.name} has no score {name!r}."
        draft.report((*path, "score"), "unknown-score", what, did_you_mean(name, scores))
    elif instrument.repeats and not scores[name].across:
        across = [score.id for score in instrument.scores if score.across]
        what = f"The score {name!r} is one for each {instrument.repeats.by}, not for each referral."
        mend = f"Ask for a score across them. {did_you_mean(name, across)}"
        draft.report((*path, "score"), "score-of-goals", what, mend)
    return draft.document.sound(path)


def _named_rule(
    draft: Draft, path: Path, entry: Entry, instrument: Instrument
) -> ChangeRule | None:
    name, known = entry["rule"], rules_for(instrument, entry["score"])
    if name not in known:
        what = f"{instrument.name} has no change rule {name!r} for {entry['score']!r}."
        draft.report((*path, "rule"), "unknown-rule", what, did_you_mean(name, known))
    return known.get(name)


def _try_rule(draft: Draft, terms: Terms, path: Path, entry: Entry, rule: ChangeRule) -> None:
    """Make the rule ready as a report does, and report why it cannot be."""
    instrument = terms.instrument(entry["instrument"])
    methods, find = terms.catalogue.change_methods, terms.instrument
    try:
        judge(instrument, methods, score=entry["score"], rule=rule.id, find=find)
    except UserError as error:
        draft.document.add((*path, "rule"), error.problems[0])


def _check_figures(
    draft: Draft,
    terms: Terms,
    path: Path,
    entry: Entry,
    chosen: tuple[ChangeRule | None, FrameworkGroup | None],
) -> None:
    rule, group = chosen
    possible = terms.classes(rule) if rule else ()
    for place, figure in _figures(path, entry, rule, group):
        wanted = _classes(figure, group)
        if rule is None:
            no_classes(draft, terms.instrument(entry["instrument"]), entry["score"], place)
        elif wanted and not set(wanted) & set(possible):
            what = f"The rule {rule.id!r} never says {' or '.join(wanted)}."
            mend = f"It says {', '.join(possible)}; choose among these, or another rule."
            draft.report(place, "class-not-given", what, mend)
        elif group and figure in IMPROVEMENT and may_be_kept_well(group):
            what = f"{figure!r} is asked of a group with people who are to be kept well in it."
            mend = "Ask for `good`, or write `pathway: {not: prevention}` in the group."
            draft.report(place, "prevention-improvement", what, mend)


def _figures(
    path: Path, entry: Entry, rule: ChangeRule | None, group: FrameworkGroup | None
) -> Iterator[tuple[Path, str]]:
    """Give the figures that need classes, with their places; that of the group is always there."""
    targets = entry.get("targets", ())
    figures = [target["figure"] for target in targets]
    if rule and group and GOOD not in figures:
        yield (*path, "group"), GOOD
    for index, figure in enumerate(figures):
        if figure != PAIRED:
            yield (*path, "targets", index, "figure"), figure


def _classes(figure: str, group: FrameworkGroup | None) -> tuple[str, ...]:
    if figure == GOOD:
        return group.good_classes if group else ()
    if figure == WORSE:
        return group.worse_classes if group else ()
    return (figure,)


def no_classes(draft: Draft, instrument: Instrument, score: str, path: Path) -> None:
    """Report that change in a score gets no class, as no rule is named and none is the default."""
    known = rules_for(instrument, score)
    what = f"{instrument.name} has no default change rule for {score!r}, so no classes."
    if known:
        mend = f"Name one with `rule:`. {did_you_mean('', known)}"
    else:
        mend = "Ask for `paired` only, or use a spec of your own that has a rule."
    draft.report(path, "no-default-rule", what, mend)
