"""The brief as one self-contained page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from romframe import SERVICE, Instrument
from romframe_report.person import words
from romframe_report.person.answers import Answers, answers_of
from romframe_report.person.beside import beside_words, earlier_source
from romframe_report.person.cards import Card, View, by_measure, cards_of, goal_charts
from romframe_report.person.earlier import beside_earlier
from romframe_report.person.goals import Goal, goals_of
from romframe_report.person.series import Series, series_of
from romframe_report.person.who import CLINICIAN, SERVICE_USER, Person, find_person
from romframe_report.render import environment
from romframe_report.rules import RuleText, rule_text


if TYPE_CHECKING:
    from romframe import Workspace


def person_brief(
    workspace: Workspace, name: str, reader: str = CLINICIAN, as_of: date | None = None
) -> str:
    """Give the brief about a service user or a referral, for a `clinician` or the `service_user`.

    Nothing that came after `as_of` is in it (today, unless it is given). Raises UsageError where
    the ID is nobody's, and DataError where norms.yaml is wrong.
    """
    person = find_person(workspace, name, as_of or workspace.today)
    series = series_of(workspace, person)
    answers, raised = answers_of(workspace, person, reader)
    groups = by_measure([each for each in series if not each.instrument.repeats])
    set_goals = workspace.table("goal", person.referrals.get_column("referral_id"))
    goals = goals_of(set_goals, [each for each in series if each.instrument.repeats])
    titles = {known.id: workspace.wording(known) for _, known in person.measures}
    view = View.of(person, series, reader)
    cards = tuple(cards_of(groups, answers, view, titles))
    current = [each for each in raised if each.now]
    shown = [card.series for card in cards]
    template = environment(SERVICE).get_template("person.html")
    page: str = template.render(
        alerts=current,
        answers=_without_card(answers, cards),
        beside=_beside(workspace, person, cards, reader),
        cards=cards,
        config=workspace.config,
        earlier_source=earlier_source(person.as_of),
        earlier=[each for each in raised if not each.now],
        goal_charts=tuple(goal_charts(goals, view)),
        goals=goals,
        person=person,
        plain=reader == SERVICE_USER,
        reader=reader,
        rules=_rules(cards, goals),
        steps=words.next_steps(shown, goals, current, reader),
        titles=titles,
        undone=tuple(_undone(person, series)),
        words=words,
    )
    return page


def _beside(
    workspace: Workspace, person: Person, cards: Sequence[Card], reader: str
) -> Mapping[str, str]:
    """Say of each card, by its key, where its change lies beside those of earlier people."""
    found = beside_earlier(workspace, person, [card.series for card in cards])
    told = zip(cards, found, strict=True)
    return {card.key: beside_words(each, reader) for card, each in told if each is not None}


def _without_card(answers: Sequence[Answers], cards: Sequence[Card]) -> list[Answers]:
    """Give the answers to measures without a score, which stand on no card."""
    told = [card.answers for card in cards]
    return [each for each in answers if not any(each is one for one in told)]


def _undone(person: Person, series: Sequence[Series]) -> Iterator[tuple[Instrument, list[date]]]:
    """Give the measures that were offered and never completed, with the days."""
    told = {each.instrument.id for each in series}
    for _, instrument in person.measures:
        days = person.undone(instrument).get_column("completed_at").to_list()
        if days and instrument.id not in told:
            yield instrument, [date.fromisoformat(day[:10]) for day in days]


def _rules(cards: Sequence[Card], goals: Sequence[Goal]) -> list[tuple[str, RuleText]]:
    """Give the rules that judged something on the page, each once, with the measure's name."""
    judged = [card.series for card in cards]
    judged += [each for goal in goals for each in goal.series]
    rules = {
        (each.instrument.id, each.instrument.version, each.rule.id): each
        for each in judged
        if each.rule is not None
    }
    return [
        (each.instrument.name, rule_text(each.rule, each.source))
        for each in rules.values()
        if each.rule
    ]
