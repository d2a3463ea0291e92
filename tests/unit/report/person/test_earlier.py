import re
import statistics
from datetime import date

import pytest
from romframe_report.person.beside import beside_words
from romframe_report.person.earlier import Beside

from romframe import DataError, Expected, Share, Spread, Start


FIRST = 20
GAINS = [-2, -1, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 12, 14]
PLACES = [
    (-3, "3.0 points worse", "below the 10th percentile", "not gone as well for you as for most"),
    (1, "1.0 points better", "below the middle half", "not gone as well for you as for many"),
    (0, "unchanged", "below the middle half", "not gone as well for you as for many"),
    (2, "2.0 points better", "in the middle half", "gone for you about as they usually do"),
    (6, "6.0 points better", "in the middle half", "gone for you about as they usually do"),
    (7, "7.0 points better", "above the middle half", "gone better for you than for many"),
    (11, "11.0 points better", "above the 90th percentile", "gone better for you than for most"),
]


class Earlier:
    """Earlier people, each with one referral that began in 2024 and was closed at its end."""

    def __init__(self, place):
        self.place, self.count = place, 0

    def people(self, gains, *, first=FIRST, pathway="treatment", setting="community", **by):
        """Add a person for each gain, from the first score to one that is better by so much."""
        names = [f"E{self.count + number}" for number in range(len(gains))]
        self.count += len(gains)
        whole = ("2024-01-01", "2024-12-31", pathway, setting)
        self.referrals(*((name, f"S{name}", *whole) for name in names))
        self.rate(*((name, "2024-01-10", first) for name in names), **by)
        ends = zip(names, gains, strict=True)
        self.rate(*((name, "2024-12-10", first - gain) for name, gain in ends), **by)

    def referrals(self, *rows):
        columns = ["referral_id", "service_user_id", "received_on", "closed_on", "pathway"]
        self.place.bring("referral", [*columns, "setting"], *rows)

    def rate(self, *rows, measure="core_10", rater="service_user"):
        """Each row: referral, day and what the answers add up to."""
        items = 12 if measure == "honos" else 10
        told = [(name, day, _answers(total, items)) for name, day, total in rows]
        getattr(self.place, measure)(*told, rater=rater)


def _answers(total, items):
    return "".join(str(total // items + (number < total % items)) for number in range(items))


@pytest.fixture
def earlier(place):
    return Earlier(place)


def beside(page):
    """Give what is said of earlier people, a text a measure and rater."""
    return [page.said(each) for each in page.all("p") if each.get("class") == "beside"]


def between(low, high):
    return f"{low:.1f} to {high:.1f}".replace("-", "\N{MINUS SIGN}")


def found(gain, **more):
    spread = Spread(30, -1, 2, 4, 6, 10)
    told = {"alike": "", "ongoing": True, "kept_well": False} | more
    expected = Expected("", Start(0, None), spread, spread, Share(0, 0, None, None))
    return Beside(expected, gain, **told)


def test_a_change_is_set_beside_those_of_earlier_people_who_began_alike(earlier, told):
    earlier.people(GAINS)
    earlier.rate(("R1", "2025-02-12", FIRST), ("R1", "2025-06-12", 16))
    tenths = statistics.quantiles(GAINS, n=10, method="inclusive")
    quarters = statistics.quantiles(GAINS, n=4, method="inclusive")

    (said,) = beside(told())
    assert said == (
        "Of 22 earlier people here who began alike, the middle half were"
        f" {between(quarters[0], quarters[2])} points better at the end of their care; 10th to 90th"
        f" percentile {between(tenths[0], tenths[8])}. This person is 4.0 points better so far,"
        " in the middle half."
    )
    assert "closed, and last rated, before 31 January 2026" in told().said(told().part("rules"))
    (said,) = beside(told(reader="service_user"))
    assert said == (
        "Beside others who began much as you did and have finished their care here, things have so"
        " far gone for you about as they usually do."
    )


def test_nobody_is_set_beside_too_few_nor_beside_people_of_another_kind(place, earlier, told):
    earlier.people(GAINS[:19])
    earlier.people(GAINS, pathway="prevention")
    earlier.people(GAINS, measure="honos", rater="team")
    place.refer(("R0", "P1", "2023-01-01", "2023-12-31"))
    place.refer(("L1", "L1", "2024-01-10", "2026-01-31"))
    earlier.rate(("R0", "2023-01-12", FIRST), ("R0", "2023-06-12", 16))
    earlier.rate(("L1", "2024-01-12", FIRST), ("L1", "2024-06-12", 16))
    earlier.rate(("R1", "2025-02-12", FIRST), ("R1", "2025-06-12", 16))
    honos = {"measure": "honos", "rater": "clinician"}
    earlier.rate(("R1", "2025-02-12", FIRST), ("R1", "2025-06-12", 16), **honos)

    page = told()
    assert len(page.all("article")) == 2
    assert beside(page) == []
    earlier.people(GAINS[19:20])
    assert [text[:20] for text in beside(told())] == ["Of 20 earlier people"]


def test_who_came_to_be_kept_well_is_set_beside_others_who_did(earlier, told):
    earlier.people(GAINS, pathway="prevention")
    earlier.referrals(("R2", "P2", "2025-01-10", "2025-07-01", "prevention", "community"))
    earlier.rate(("R2", "2025-02-12", FIRST), ("R2", "2025-06-12", 24))

    (text,) = beside(told("P2"))
    assert text.startswith(
        "Of 22 earlier people here who were to be kept well and began alike, the"
    )
    assert "This person is 4.0 points worse, below the 10th percentile." in text
    assert "so far" in beside(told("P2", as_of=date(2025, 6, 30)))[0]


def test_norms_yaml_says_who_else_is_alike_and_how_far_back(place, earlier, told):
    norms = place.workspace.path / "norms.yaml"
    norms.write_text("history: {alike: [setting]}\n")
    for first in (FIRST, 8):
        earlier.people(GAINS if first == FIRST else [0] * 20, first=first, setting="inpatient")
    earlier.people([0] * 30)
    earlier.referrals(("R2", "P2", "2025-01-10", None, "treatment", "inpatient"))
    earlier.rate(("R2", "2025-02-12", FIRST), ("R2", "2025-06-12", 16))

    (text,) = beside(told("P2"))
    assert re.search(
        r"^Of 22 earlier people here who began alike \u2013 moderate .*, inpatient \u2013 the", text
    )
    norms.write_text("history: {years: 1}\n")
    assert beside(told("P2")) == []
    norms.write_text("history: {years: 0}\n")
    with pytest.raises(DataError):
        told("P2")


@pytest.mark.parametrize(("gain", "amount", "where", "plainly"), PLACES)
def test_a_place_is_named_to_each_reader_and_the_person_hears_no_number(
    gain, amount, where, plainly
):
    said = beside_words(found(gain), "clinician")
    assert f"This person is {amount} so far, {where}." in said
    assert "(below 0: worse)" in said
    told = beside_words(found(gain), "service_user")
    assert plainly in told
    assert ("no judgement of you" in told) == plainly.startswith("not")
    assert not re.search(r"\d", told)


def test_of_care_that_has_ended_nothing_is_said_to_go_on():
    said = beside_words(found(5, ongoing=False), "service_user")
    assert said.endswith("things have gone for you about as they usually do.")
    assert "so far" not in beside_words(found(5, ongoing=False), "clinician")
