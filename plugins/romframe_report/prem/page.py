"""The report of anonymous returns, as one page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from attrs import frozen

from romframe import DisclosurePolicy, Wording, disclosure_policy, gettext, in_its_language
from romframe_report.charts.canvas import Picture, Words
from romframe_report.dates import month_in_words
from romframe_report.prem.answers import ItemTold, items_told
from romframe_report.prem.comments import Comments, comments_told
from romframe_report.prem.groups import released, smallest_group
from romframe_report.prem.notes import Notes, read_notes
from romframe_report.prem.picture import months, sides
from romframe_report.prem.returns import Returns, Span, returns_in
from romframe_report.render import environment


if TYPE_CHECKING:
    from romframe import Workspace


@frozen
class Group:
    """Items that stand together on the form: those with a good end have a picture."""

    heading: str
    sided: tuple[ItemTold, ...]
    plain: tuple[ItemTold, ...]
    held: tuple[str, ...]
    picture: Picture | None

    @property
    def ends(self) -> tuple[ItemTold, ItemTold]:
        """The items with the largest and the smallest favourable share, the earlier if equal."""
        ranked = sorted(self.sided, key=lambda each: -(each.sides["favourable"].value or 0))
        lowest = ranked[-1].sides["favourable"].value
        return ranked[0], next(e for e in ranked if e.sides["favourable"].value == lowest)


@frozen
class Sizes:
    """How many returns each month or team has; None where that is held back."""

    rows: tuple[tuple[str, int | None], ...]
    picture: Picture | None = None


@frozen
class Chapter:
    """What is told of one instrument; nothing but that it is held back where `held` says why."""

    key: str
    wording: Wording
    returns: int
    held: str = ""
    months: Sizes | None = None
    teams: Sizes | None = None
    groups: tuple[Group, ...] = ()
    comments: tuple[Comments, ...] = ()

    @property
    def compared(self) -> tuple[ItemTold, ...]:
        """The items whose favourable share is told team by team."""
        return tuple(item for group in self.groups for item in group.sided if item.teams)


@in_its_language
def prem_report(
    workspace: Workspace,
    instruments: Sequence[str],
    months: tuple[str, str],
    team: str | None = None,
    *,
    disclosure: DisclosurePolicy | None = None,
) -> str:
    """Give the report of the returns of two months and those between, as one HTML page.

    Raises UsageError for an instrument, months or a team that do not fit, and DataError where
    prem.yaml is wrong.
    """
    policy = disclosure or disclosure_policy("shown")
    span = Span(*months, team)
    notes = read_notes(workspace)
    found = returns_in(workspace, instruments, span)
    templates = environment(policy, month=month_in_words, opening=opening)
    page: str = templates.get_template("prem.html").render(
        config=workspace.config,
        span=span,
        today=workspace.today,
        smallest=smallest_group(policy),
        notes=notes,
        names={name: workspace.instrument(name).name for name in workspace.instrument_ids},
        chapters=[_chapter(workspace, each, notes, policy) for each in found],
    )
    return page


def opening(text: str) -> str:
    """Give a text with a capital letter at its start, the rest of it as it is."""
    return text[:1].upper() + text[1:]


def _chapter(
    workspace: Workspace, returns: Returns, notes: Notes, policy: DisclosurePolicy
) -> Chapter:
    size = returns.within.height
    wording = workspace.wording(returns.name)
    key = returns.name.replace("_", "-")
    held = _why_held(returns, smallest_group(policy))
    if held:
        return Chapter(key, wording, size, held)
    return Chapter(
        key,
        wording,
        size,
        months=_months(key, returns, policy),
        teams=_sizes(returns.by_team(), (), policy) if returns.span.team is None else None,
        groups=_groups(key, items_told(returns, wording, policy)),
        comments=comments_told(returns, notes),
    )


def _why_held(returns: Returns, smallest: int) -> str:
    size, team = returns.within.height, returns.span.team
    if size == 0:
        return gettext("No return came in these months.")
    if size < smallest:
        return gettext("Fewer than %(n)s returns came: what they say is held back.", n=smallest)
    if team is not None and team not in released(returns.by_team(), smallest):
        return gettext(
            "What these returns say is held back: from it and from a report about all teams could"
            " be worked out what is said of a team with too few returns."
        )
    return ""


def _months(key: str, returns: Returns, policy: DisclosurePolicy) -> Sizes:
    smallest, team, sizes = smallest_group(policy), returns.span.team, returns.by_month()
    held = [
        month
        for month, size in sizes.items()
        if team is not None and size and team not in released(returns.by_team(month), smallest)
    ]
    found = _sizes(sizes, held, policy)
    rows = [(month_in_words(month), size) for month, size in found.rows]
    words = Words(
        f"{key}-months",
        gettext("Returns of %(measure)s by month", measure=returns.instrument.name),
        gettext(
            "One bar a month, as long as the number of returns. The table has the same numbers."
        ),
    )
    return Sizes(tuple(rows), partial(months, words, rows))


def _sizes(sizes: dict[str, int], held: Sequence[str], policy: DisclosurePolicy) -> Sizes:
    shown = set(released(sizes, smallest_group(policy), held))
    visible = {name for name in shown if not policy.hides(sizes[name])}
    return Sizes(tuple((name, n if name in visible else None) for name, n in sizes.items()))


def _groups(key: str, items: Sequence[ItemTold]) -> tuple[Group, ...]:
    headings = dict.fromkeys(item.section for item in items)
    return tuple(
        _group(f"{key}-{number}", heading, [i for i in items if i.section == heading])
        for number, heading in enumerate(headings)
    )


def _group(key: str, heading: str, items: Sequence[ItemTold]) -> Group:
    sided = tuple(item for item in items if item.sides)
    title = opening(heading or gettext("items"))
    words = Words(
        f"{key}-sides",
        gettext("%(heading)s: favourable and unfavourable answers", heading=title),
        gettext(
            "One bar an item. The solid part from the left is the favourable share, the"
            " cross-hatched part from the right the unfavourable share. The table has the same"
            " figures."
        ),
    )
    return Group(
        heading,
        sided,
        tuple(item for item in items if item.told and not item.sides),
        tuple(item.label for item in items if not item.told),
        partial(sides, words, sided) if sided else None,
    )
