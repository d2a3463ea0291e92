import itertools
import re
from datetime import date

import pytest
from romframe_report.person.page import person_brief

from romframe import UsageError


LEVELS = {"high": "3" * 10, "mild": "2111102121", "low": "0" * 9 + "1", "middle": "2" * 10}
DIARY = """\
romframe: 1
id: diary
version: "1"
name: Diary
type: prom
raters: [service_user]
licence: {owner: us, terms: ours, wording: ships}
totals: {forbidden: a made-up reason}
response_scales:
  mood: {codes: {0: low, 1: fair}, scored: false}
  letters: {codes: {a: yes, b: no}, scored: false}
items:
  - {id: mood, label: mood of the day, scale: mood}
  - {id: rest, label: rest, scale: letters}
scores: []
sources: {}
"""


class Watched:
    """A workspace of which only parts may be read."""

    def __init__(self, workspace):
        self.workspace, self.asked = workspace, []

    def __getattr__(self, name):
        return getattr(self.workspace, name)

    def table(self, name, among):
        self.asked.append(name)
        return self.workspace.table(name, among)

    def responses(self, name, among):
        return self.workspace.responses(name, among)

    def scores(self, name, *, among):
        return self.workspace.scores(name, among=among)


def test_without_a_rating_the_page_says_so_and_asks_for_one(told):
    assert "No score yet: nothing was completed that can be scored." in told().visible
    assert "Show this page to the person" in told().visible
    person = told(reader="service_user")
    assert "There are no answers yet." in person.visible
    assert "What is going well is worth telling your clinician." in person.visible
    assert not person.all("svg")


def test_a_person_who_is_registered_and_was_never_referred_has_a_page(place, told):
    place.bring("service_user", ["service_user_id", "gender"], ("P9", "2"))

    assert "No score yet" in told("P9").visible


def test_a_referral_of_its_own_leaves_the_others_out(place, told):
    place.refer(("R2", "P1", "2025-09-01", None))
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R2", "2025-09-12", LEVELS["low"]))

    assert len(told("R2").rows("Clinical score: every rating")) == 1
    assert len(told("P1").rows("Clinical score: every rating")) == 2


def test_events_and_the_ends_of_referrals_are_lines_with_labels(place, told):
    place.refer(("R2", "P1", "2025-04-01", "2025-06-01"))
    place.happen(("R1", "birth", "2025-02-20"), ("R1", "admission", "2025-04-01"))
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))

    page = told()
    (picture,) = page.all("svg")
    labels = {page.said(text) for text in page.all("text", picture)}

    assert {"birth", "referred", "closed", "admitted, referred"} <= labels
    assert {"mild", "healthy", "12", "Feb 2025"} <= labels
    assert (
        "Dotted lines: referred on 10 January 2025; birth on 20 February 2025; admitted, referred"
        " on 1 April 2025; closed on 1 June 2025."
    ) in page.visible


def test_nothing_that_came_after_the_day_is_told(place, told):
    place.refer(("R2", "P1", "2025-09-01", None))
    place.happen(("R1", "birth", "2025-08-20"))
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]), ("R1", "2025-07-12", "3333333333"))

    page = told(as_of=date(2025, 7, 11))

    assert "12 July 2025" not in page.found[0]["words"]
    assert "birth" not in [page.said(text) for text in page.all("text")]
    assert "as known on 11 July 2025" in page.visible
    assert page.part("alerts") is None


def test_nobody_else_is_on_the_page(place, told):
    place.refer(("R7", "P7", "2025-01-10", None))
    place.core_10(("R7", "2025-02-12", "3333333333"), ("R1", "2025-02-13", LEVELS["mild"]))

    page = told()

    assert page.part("alerts") is None
    assert len(page.rows("Clinical score: every rating")) == 1
    assert "P7" not in page.found[0]["words"]


def test_rules_are_named_with_their_sources_to_the_clinician_alone(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))
    place.honos(("R1", "2025-02-12", "2" * 12))
    place.honos(("R1", "2025-02-14", "1" * 12), rater="team")

    said = told().said(told().part("rules"))

    assert said.count("rule parabiaghi_2005.") == 1
    assert "A change of 6 points or more counts as reliable" in said
    assert "Barkham M et al. (2013)" in said
    person = told(reader="service_user")
    assert person.part("rules") is None
    assert "barkham_2013" not in person.found[0]["words"]


def test_the_persons_page_has_no_score_as_a_number(place, told):
    place.core_10(("R1", "2025-02-12", LEVELS["high"]), ("R1", "2025-03-12", LEVELS["low"]))

    page = told(reader="service_user")
    numbers = re.findall(r"\d+\.\d", page.found[0]["words"].partition("</style>")[2])

    assert [row[1] for row in page.rows("Clinical score: every rating")] == ["severe", "healthy"]
    assert numbers == []
    assert not {"30", "1", "30.0"} & {page.said(text) for text in page.all("text")}


def test_a_measure_of_experience_is_not_told(place, told):
    known = place.measure(DIARY.replace("type: prom", "type: prem"))
    place.rate_first(known, [item.id for item in known.items])

    assert "Diary" not in told().found[0]["words"]


def test_assessments_with_a_measure_that_is_gone_are_counted_as_unknown(place, told):
    known = place.measure(DIARY)
    place.rate_first(known, [item.id for item in known.items])
    (place.workspace.path / "measures" / f"{known.id}.yaml").unlink()
    place.reopen()

    assert f"assessments with {known.id}, a measure or version" in told().visible


def test_a_page_is_whole_by_itself_and_escapes_what_it_is_given(place):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))

    for reader in ("clinician", "service_user"):
        page = place.brief(reader=reader)
        assert "<service>" not in page
        assert "Fen &lt;service&gt;" in page
        assert "default-src 'none'" in page
        assert not re.search(r"<script|<link|src=|href=\"http", page)
        assert place.brief(reader=reader) == page


def test_headings_go_down_one_step_at_a_time_and_ids_are_unique(place, told):
    place.core_10(("R1", "2025-02-12", "3333323333"))
    place.honos(("R1", "2025-02-12", "2" * 12))
    place.goals(("R1", "2025-02-12", "g1", 2))

    for reader in ("clinician", "service_user"):
        page = told(reader=reader)
        levels = [int(e["tag"][1]) for e in page.found if re.fullmatch("h[1-6]", e["tag"])]
        ids = [each["id"] for each in page.found if "id" in each]
        assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
        assert len(ids) == len(set(ids))
        named = [e["aria-labelledby"].split() for e in page.found if "aria-labelledby" in e]
        assert {name for names in named for name in names} <= set(ids)


def test_an_id_that_is_nobodys_is_refused(place):
    with pytest.raises(UsageError, match="unknown-person"):
        place.brief("P404")


def test_an_id_that_is_one_persons_and_anothers_referral_is_refused(place):
    place.refer(("P1", "P2", "2025-01-10", None))

    with pytest.raises(UsageError, match="person-ambiguous"):
        place.brief("P1")


def test_a_service_user_whose_referral_has_the_same_id_is_one_person(place, told):
    place.refer(("S1", "S1", "2025-01-10", None))
    place.core_10(("S1", "2025-02-12", LEVELS["mild"]))

    assert len(told("S1").rows("Clinical score: every rating")) == 1


def test_another_version_of_a_measure_is_not_taken_for_the_one_that_was_used(place, told):
    items = [item.id for item in place.workspace.instrument("pbq-2001").items]
    columns = ["referral_id", "completed_at", "rater", *items]
    place.bring("pbq-2001", columns, ("R1", "2025-02-12", "service_user", *"0" * len(items)))

    assert len(told().all("article")) == 1


def test_nothing_is_read_but_what_is_the_persons(place):
    place.core_10(("R1", "2025-02-12", LEVELS["mild"]))
    place.goals(("R1", "2025-02-12", "g1", 2))
    watched = Watched(place.workspace)

    person_brief(watched, "P1")

    assert set(watched.asked) == {"referral", "service_user", "assessment", "event", "goal"}
