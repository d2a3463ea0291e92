"""How somebody who is so and so unwell answers a measure, and what is left blank.

An answer is how unwell the person is, times what the question makes of it, plus how hard the
question is, plus the person's own leaning, plus chance; rounded, and kept within the boxes.
"""

from collections.abc import Iterable, Mapping
from random import Random

from attrs import evolve, frozen

from romframe_demo.synthetic.records import DECLINED, NOT_APPLICABLE, NOT_KNOWN, Answer


BLANK = None
_LEANING, _CHANCE = 0.45, 0.60
_FEW_PROBLEMS = 3


@frozen
class Question:
    """An item: `turned` where the higher box is the better answer."""

    offset: float
    loading: float = 1.0
    turned: bool = False


@frozen
class Gap:
    """How often a form comes with between `least` and `most` answers of a kind missing.

    They are missing among some items only, where `among` names any.
    """

    often: float
    least: int
    most: int
    kind: str | None = BLANK
    among: tuple[str, ...] = ()


@frozen
class Measure:
    """The questions of a measure, its highest box, and what tends to be missing."""

    questions: Mapping[str, Question]
    top: int
    gaps: tuple[Gap, ...]


def leanings(rng: Random, measure: Measure) -> dict[str, float]:
    """Give how a person leans on each question, the same every time that they answer."""
    return {item: rng.gauss(0, _LEANING) for item in measure.questions}


def answer(
    rng: Random, measure: Measure, severity: float, leaning: Mapping[str, float]
) -> dict[str, int]:
    """Give the boxes ticked, as positions on the form, complete."""
    found: dict[str, int] = {}
    for item, question in measure.questions.items():
        level = question.loading * severity + question.offset
        value = round(level + leaning[item] + rng.gauss(0, _CHANCE))
        value = min(max(value, 0), measure.top)
        found[item] = measure.top - value if question.turned else value
    return found


def leave_gaps(rng: Random, measure: Measure, answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Give the answers with what this form leaves out; most leave out nothing."""
    found = dict(answers)
    luck = rng.random()
    for gap in measure.gaps:
        if luck < gap.often:
            items = sorted(gap.among or measure.questions)
            chosen = rng.sample(items, rng.randint(gap.least, gap.most))
            return found | dict.fromkeys(chosen, gap.kind)
        luck -= gap.often
    return found


def with_psychosis(measure: Measure) -> Measure:
    """Give a clinician's measure as it is answered of somebody with psychosis or mania."""
    more = {"q1": 0.4, "q4": 0.3, "q6": 0.9}
    changed = {
        item: evolve(question, loading=question.loading + more.get(item, 0))
        for item, question in measure.questions.items()
    }
    return evolve(measure, questions=changed)


def difficulty(answers: Mapping[str, int]) -> Answer:
    """Give what is ticked for how difficult the problems make life; nothing where there are few."""
    problems = sum(value for item, value in answers.items() if item != "q10")
    return NOT_APPLICABLE if problems <= _FEW_PROBLEMS else answers["q10"]


def _questions(
    offsets: Iterable[float], loading: float, turned: Iterable[int] = ()
) -> dict[str, Question]:
    reversed_items = frozenset(turned)
    return {
        f"q{number}": Question(offset, loading, number in reversed_items)
        for number, offset in enumerate(offsets, 1)
    }


# Made up so that totals, their spread and their change look like those of a real service.
HONOS = Measure(
    _questions((-1.1, -1.5, -1.7, -1.2, -0.8, -1.6, 0.7, 0.9, 0.2, 0.1, 0.1, -0.5), 0.75)
    | {"q3": Question(-0.9, 0.25), "q11": Question(0.3, 0.1)},
    top=4,
    gaps=(
        Gap(0.13, 1, 1, NOT_KNOWN, ("q3", "q5", "q8", "q11", "q12")),
        Gap(0.03, 2, 2, NOT_KNOWN),
        Gap(0.05, 3, 5, NOT_KNOWN),
        Gap(0.02, 1, 1),
    ),
)
CORE_10 = Measure(
    _questions((0.5, -0.5, 0.2, -0.4, -0.1, -2.2, 0.6, -0.1, 0.3, 0.0), 1.0, (2, 3)),
    top=4,
    gaps=(
        Gap(0.08, 1, 1),
        Gap(0.02, 1, 1, DECLINED, ("q6",)),
        Gap(0.05, 2, 5),
    ),
)
CORE_OM = Measure(
    _questions(
        (
            *(
                0.0,
                0.5,
                -0.5,
                0.2,
                0.6,
                -2.6,
                0.2,
                0.1,
                -2.2,
                -0.4,
                0.1,
                0.1,
                0.3,
                0.4,
                -0.1,
                -2.2,
                0.5,
            ),
            *(
                0.6,
                -0.9,
                0.2,
                -0.1,
                -2.7,
                -0.1,
                -1.8,
                0.0,
                -0.6,
                0.3,
                0.0,
                0.3,
                0.5,
                0.1,
                0.2,
                -0.5,
            ),
            -2.4,
        ),
        1.12,
        (3, 4, 7, 12, 19, 21, 31, 32),
    ),
    top=4,
    gaps=(
        Gap(0.13, 1, 3),
        Gap(0.03, 1, 2, DECLINED, ("q9", "q16", "q24", "q34")),
        Gap(0.06, 5, 12),
    ),
)
PHQ_9 = Measure(
    _questions((-0.5, -0.3, 0.1, 0.2, -0.4, -0.2, -0.4, -1.1, -2.1, -0.5), 0.95),
    top=3,
    gaps=(
        Gap(0.06, 1, 1),
        Gap(0.03, 1, 1, DECLINED, ("q9",)),
        Gap(0.03, 2, 4),
    ),
)
FEEDING = Measure(  # all but item 3 are worded so that a higher box is better
    _questions((-0.3, 0.4, 0.2, -0.6, 0.5, -0.4), 0.9, (1, 2, 4, 5, 6)),
    top=4,
    gaps=(
        Gap(0.08, 1, 1),
        Gap(0.03, 1, 1, DECLINED, ("q6",)),
        Gap(0.03, 2, 3),
    ),
)
PBQ = Measure(  # a higher box is better but where closeness and joy are asked about
    _questions(
        (
            *(-0.6, -0.2, -0.5, -1.0, -1.4, -0.7, -0.2, -1.3, -1.2, -0.2, -0.6, -0.1, -0.2),
            *(-0.6, -0.9, -1.1, -1.5, -4.6, -0.1, -0.9, -0.4, -0.2, -0.9, -4.3, -0.3),
        ),
        0.85,
        (2, 3, 5, 6, 7, 10, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24),
    ),
    top=5,
    gaps=(
        Gap(0.06, 1, 1),
        Gap(0.03, 1, 1, DECLINED, ("q18", "q24")),
        Gap(0.03, 2, 4),
    ),
)
MEASURES = {
    "honos": HONOS,
    "core_10": CORE_10,
    "core_om": CORE_OM,
    "phq_9": PHQ_9,
    "feeding_confidence": FEEDING,
    "pbq": PBQ,
}
