"""What came of an outcome framework, as one page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from romframe import (
    STATUS_WORDS,
    ChartWords,
    CountTable,
    DisclosurePolicy,
    Framework,
    FrameworkFigures,
    FrameworkIndicator,
    FrameworkMeasure,
    Outcome,
    RunChart,
    ShareBars,
    ShareRow,
    ShownFigure,
    ShownTarget,
    TableShare,
    gettext,
    in_its_language,
    message,
    report_policy,
    shown_figures,
    shown_run,
    shown_targets,
    word,
)
from romframe_report.control import shown_run as limits_of
from romframe_report.outcomes import WORDS
from romframe_report.render import environment
from romframe_report.rules import RuleText, rule_text
from romframe_report.sections.completeness import REASONS


if TYPE_CHECKING:
    from romframe import Workspace

NO_LIMITS = message("There is nobody to count in most of these, so no limits are drawn.")
STEPS: Mapping[str, str] = {
    "month": message("month by month"),
    "quarter": message("quarter by quarter"),
    "year": message("year by year"),
}
STRETCHES: Mapping[str, str] = {
    "month": message("months"),
    "quarter": message("quarters"),
    "year": message("years"),
}
RUN_MARKS: Mapping[str, str] = {
    "month": message(
        "A mark for each month, joined by a line. A line across is their mean, broken"
        " lines are the limits of what is usual. The table has the same figures."
    ),
    "quarter": message(
        "A mark for each quarter, joined by a line. A line across is their mean, broken"
        " lines are the limits of what is usual. The table has the same figures."
    ),
    "year": message(
        "A mark for each year, joined by a line. A line across is their mean, broken"
        " lines are the limits of what is usual. The table has the same figures."
    ),
}
UNJUDGED = message("No rule judges the change, so only those with both ratings are counted.")
FIGURE_WORDS: Mapping[str, str] = {
    "paired": message("Have a first and a last rating"),
    "good": message("Good outcome"),
    "worse": message("Worse outcome"),
    "met": message("Met"),
    "median": message("Median wait in days"),
    **{name: label for name, (label, _) in WORDS.items()},
}
# Why nothing can be told of a row, where the words of the service report have none.
LEFT_OUT: Mapping[str, str] = {
    **REASONS,
    "days_not_over": message("The days asked for are not over yet"),
    "person_not_known": message("Nobody knows whose referral it is"),
    "referral_without_date": message("Another referral has no date"),
    "not_answered": message("The question was not answered"),
    "not_classified": message("The rule cannot judge the pair"),
    "no_beginning": message("The wait has no beginning"),
    "end_before_beginning": message("The wait ends before it begins"),
    "closed_first": message("Closed before the wait was over"),
}


@frozen
class Run:
    """A figure over time: its chart, how it goes along, such as `month by month`, what it tells."""

    chart: RunChart
    step: str
    told: str


@frozen
class Part:
    """One measure or indicator of an outcome, with all that is told of it."""

    id: str
    title: str
    group: str
    definition: tuple[str, ...]
    rule: RuleText | None
    figures: tuple[ShownFigure, ...]
    targets: tuple[ShownTarget, ...]
    bars: ShareBars
    shares: tuple[tuple[str, TableShare], ...]
    left_out: CountTable
    reasons: tuple[tuple[str, str], ...]
    run: Run | None


@frozen
class Chapter:
    """An outcome, and its parts."""

    outcome: Outcome
    parts: tuple[Part, ...]


@in_its_language
def commissioner_pack(
    workspace: Workspace, figures: FrameworkFigures, disclosure: DisclosurePolicy
) -> str:
    """Give the figures of a framework as one self-contained HTML page."""
    policy = report_policy(disclosure)
    chapters = tuple(_chapters(workspace, figures, policy))
    page: str = (
        environment(policy)
        .get_template("commissioner.html")
        .render(
            config=workspace.config,
            framework=figures.framework,
            window=figures.window,
            today=workspace.today,
            chapters=chapters,
            words=FIGURE_WORDS,
            statuses=STATUS_WORDS,
            kept_well=[group for group in figures.framework.groups if not group.counts_improvement],
        )
    )
    return page


def _chapters(
    workspace: Workspace, figures: FrameworkFigures, policy: DisclosurePolicy
) -> Iterator[Chapter]:
    shown, targets = shown_figures(figures, policy), shown_targets(figures, policy)
    for outcome in figures.framework.outcomes:
        found = []
        for part in outcome.figures:
            told = {
                "figures": tuple(each for each in shown if each.part == part.id),
                "targets": tuple(each for each in targets if each.part == part.id),
                "run": _run(figures, part.id, policy),
            }
            found.append(_part(workspace, figures, part, told))
        yield Chapter(outcome, tuple(found))


def _part(
    workspace: Workspace,
    figures: FrameworkFigures,
    part: FrameworkMeasure | FrameworkIndicator,
    told: Mapping[str, Any],
) -> Part:
    counted = figures.counted[part.id]
    about = _measure if isinstance(part, FrameworkMeasure) else _indicator
    title, definition, rule = about(workspace, figures.framework, part)
    group = figures.framework.group(part.group).name if part.group else gettext("Everybody")
    bars = [
        (name, share) for name, share in counted.shares.items() if name not in ("good", "worse")
    ]
    rows = tuple(ShareRow(word(FIGURE_WORDS[name]), share, name) for name, share in bars)
    words = ChartWords(
        f"bars-{part.id}".replace("_", "-"),
        gettext("%(title)s: figures of the period", title=title),
        gettext(
            "One bar for each figure, as long as its percentage; a thin line across the end of each"
            " bar shows the 95%% interval. The table has the same figures."
        ),
    )
    reasons = tuple((name, LEFT_OUT.get(name, name.replace("_", " "))) for name in counted.reasons)
    return Part(
        part.id,
        title,
        group,
        definition,
        rule,
        bars=ShareBars(words, rows),
        shares=tuple(counted.shares.items()),
        left_out=counted.left_out,
        reasons=reasons,
        **told,
    )


def _measure(
    workspace: Workspace, framework: Framework, measure: Any
) -> tuple[str, tuple[str, ...], RuleText | None]:
    instrument = workspace.instrument(measure.instrument)
    rules = [each for each in instrument.change_rules if each.id == measure.rule]
    group = framework.group(measure.group)
    title = f"{instrument.name}: {instrument.score(measure.score).name}"
    if not rules:
        return title, (word(UNJUDGED),), None
    sides = (("good", group.good), ("worse", group.worse))
    definition = tuple(f"{word(FIGURE_WORDS[side])}: {_either(names)}." for side, names in sides)
    return title, definition, rule_text(rules[0], instrument.sources.get(rules[0].source))


def _either(names: Iterable[str]) -> str:
    return gettext(" or ").join(word(FIGURE_WORDS[name]).lower() for name in names)


def _indicator(
    workspace: Workspace, framework: Framework, indicator: Any
) -> tuple[str, tuple[str, ...], None]:
    offer = workspace.catalogue.host.find("indicators", indicator.indicator)
    given = framework.params_of(indicator, offer.params)
    params = "; ".join(f"{name}: {_plain(value)}" for name, value in given.items())
    here = [gettext("Here: %(params)s.", params=params)] if params else []
    return indicator.name, (word(offer.summary), *here), None


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _run(figures: FrameworkFigures, name: str, policy: DisclosurePolicy) -> Run | None:
    figure = figures.counted[name].main
    found = shown_run(figures, name, figure, policy)
    if found is None:
        return None
    step, plural = word(STEPS[found.every]), word(STRETCHES[found.every])
    words = ChartWords(
        f"run-{name}".replace("_", "-"),
        f"{word(FIGURE_WORDS[figure])}, {step}",
        word(RUN_MARKS[found.every]),
    )
    chart = RunChart(words, found.points)
    run = limits_of(chart, policy)
    told = " ".join(evolve(run, stretch=plural).sentences) if run else word(NO_LIMITS)
    return Run(chart, step, told)
