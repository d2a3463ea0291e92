"""The service report: every section that plugins offer, in one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from markupsafe import Markup

from romframe import (
    SERVICE,
    DisclosurePolicy,
    PluginError,
    Progress,
    Window,
    check_window,
    gettext,
    in_its_language,
    message,
    ngettext,
    silent,
    word,
)
from romframe_report.reading import read_once
from romframe_report.releasing import at_work
from romframe_report.render import environment


if TYPE_CHECKING:
    from jinja2 import Environment

    from romframe import PairingPolicy, ReportSection, Workspace

_SAME = {
    "rater": message("rater"),
    "version": message("version"),
    "setting": message("setting"),
}


def stop(error: PluginError) -> None:
    """Let a section that fails stop the report; raises its PluginError."""
    raise error


@in_its_language
def service_report(
    workspace: Workspace,
    start: date,
    end: date,
    team: str | None = None,
    *,
    disclosure: DisclosurePolicy = SERVICE,
    release: bool = False,
    progress: Progress = silent,
    failing: Callable[[PluginError], None] = stop,
) -> str:
    """Give the report of the referrals open from `start` to `end`, as one self-contained HTML page.

    `release` makes the page one that may leave the service; `progress` is told of each section by
    its title. `failing` is told of a section that fails: where it raises nothing, the page names
    the section and goes on; `stop` raises the PluginError. Raises UsageError for a period that runs
    backwards or a team that nobody was referred to, DataError where the file of releases is
    damaged.
    """
    window = Window(start, end, team)
    check_window(workspace, window)
    offered = {each.name: each.template for each in sections_in_order(workspace)}
    templates = environment(at_work(workspace, window, disclosure, release=release), offered)
    once = read_once(workspace)
    sections = list(_sections(once, window, templates, (progress, failing)))
    page: str = templates.get_template("report.html").render(
        config=workspace.config,
        window=window,
        today=workspace.today,
        pairing=_pairing_in_words(workspace.config.pairing),
        sections=sections,
        release=release,
    )
    return page


def _sections(
    workspace: Workspace,
    window: Window,
    templates: Environment,
    told: tuple[Progress, Callable[[PluginError], None]],
) -> Iterator[tuple[ReportSection, Markup]]:
    host = workspace.catalogue.host
    progress, failing = told
    for section in sections_in_order(workspace):
        render = partial(_render, section, workspace, window, templates)
        with progress(section.title, 1) as advance:
            try:
                text = host.guard("report_sections", section.name, render)
            except PluginError as error:
                failing(error)
                text = _failed(error, host.owner("report_sections", section.name), templates)
            advance(1)
        if text is not None:
            yield section, text


def _failed(error: PluginError, plugin: str, templates: Environment) -> Markup:
    """Name a section's plugin and the kind of error alone: its message may quote people's data."""
    reason = type(error.__cause__ or error).__name__
    template = templates.get_template("failed.html")
    return Markup(template.render(reason=reason, plugin=plugin))  # noqa: S704  (rendered escaped)


def sections_in_order(workspace: Workspace) -> list[ReportSection]:
    """Give the sections that plugins offer, in the order of the page."""
    offered = workspace.catalogue.host.registry("report_sections").values()
    return sorted(offered, key=lambda each: (each.order, each.name))


def _render(
    section: ReportSection, workspace: Workspace, window: Window, templates: Environment
) -> Markup | None:
    found = section.build(workspace, window)
    if found is None:
        return None
    return Markup(templates.get_template(section.name).render(found))  # noqa: S704  (rendered escaped)


def _pairing_in_words(policy: PairingPolicy) -> str:
    """Say how the first and the last assessment of a referral are chosen."""
    words = "".join(_parts_of(policy))
    return gettext("%(pair)s (policy %(policy)s).", pair=words, policy=policy.id)


def _parts_of(policy: PairingPolicy) -> Iterator[str]:
    """Say which assessments make a pair, and add one clause for every other condition."""
    earliest, latest = gettext("The earliest assessment"), gettext("the latest assessment")
    if policy.first_timepoints:
        when = _listed(policy.first_timepoints, gettext(" or "))
        earliest = gettext("The earliest assessment made at %(when)s", when=when)
    if policy.last_timepoints:
        when = _listed(policy.last_timepoints, gettext(" or "))
        latest = gettext("the latest assessment made at %(when)s", when=when)
    yield gettext(
        "%(first)s and %(last)s of a referral that could be scored", first=earliest, last=latest
    )
    if policy.same:
        names = _listed([word(_SAME[name]) for name in policy.same], gettext(" and "))
        yield gettext(", with the same %(names)s", names=names)
    if policy.minimum_gap_days:
        yield ngettext(
            ", at least %(n)s day apart", ", at least %(n)s days apart", policy.minimum_gap_days
        )
    if policy.closed_only:
        yield gettext("; only referrals that have been closed")


def _listed(words: Sequence[str], last: str) -> str:
    *most, final = words
    return f"{', '.join(most)}{last}{final}" if most else final
