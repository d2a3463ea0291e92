from datetime import date

import pytest
from attrs import evolve

from romframe import DataError, NormRange, create_workspace, read_norms
from romframe.norms import Norms
from romframe.upkeep import norm_problems


AUDIT = """\
  - measure: core_10
    score: total
    moment: first
    population: perinatal teams
    n: 412
    low: 12
    high: 24
    middle: 18
    covers: middle_half
    source: An audit
    status: local
    note: Table 3
"""


@pytest.fixture
def workspace(tmp_path):
    found = create_workspace(tmp_path / "service", "Fen")
    yield found
    found.store.close()


@pytest.fixture
def of(workspace):
    """Read these lines of norms.yaml, and give what holds for a score."""

    def of(text, name="core_10", score="total"):
        (workspace.path / "norms.yaml").write_text(text, encoding="utf-8")
        known = workspace.instrument(name)
        return read_norms(workspace).of(known, known.score(score))

    return of


def test_without_the_file_there_are_the_spreads_of_the_spec(workspace):
    known = workspace.instrument("core_10")

    general, counselling = read_norms(workspace).of(known, known.score("total"))

    assert read_norms(workspace) == Norms()
    assert (general.population, general.n, general.middle) == ("general population", 535, 4.7)
    assert (general.low, general.high) == (0, pytest.approx(4.7 + 4.8))
    assert (counselling.low, counselling.high) == (pytest.approx(12), pytest.approx(27.4))
    assert general.covers == "mean \u00b1 1 SD"
    assert (general.status, general.moment) == ("secondary", "any")
    assert general.source.startswith("CORE-10 user manual")


def test_a_mean_without_a_spread_is_no_range(of):
    assert of("norms: []\n", "honos") == ()
    assert of("norms: []\n", "core_om") == ()


def test_a_norm_without_its_number_of_people_is_a_range_all_the_same(of):
    mental, _, none = of("history: {}\n", "whodas_12")

    assert (mental.n, mental.low, mental.high) == (None, 0, pytest.approx(6.3 + 7.1))
    assert (none.low, none.high) == (0, pytest.approx(1.4 + 3.6))


def test_a_spread_is_cut_at_the_upper_end_too(workspace):
    known = workspace.instrument("core_10")
    wide = evolve(known, norms=[evolve(each, sd=30) for each in known.norms])

    found = Norms().of(wide, known.score("total"))

    assert [(each.low, each.high) for each in found] == [(0, 34.7), (0, 40)]


def test_a_service_gives_ranges_of_its_own_which_come_first(of):
    own, *spec = of(f"norms:\n{AUDIT}")

    assert own == NormRange(
        "perinatal teams",
        12,
        24,
        "middle half (25th to 75th percentile)",
        412,
        "An audit",
        "local",
        "first",
        18,
        "Table 3",
    )
    assert len(spec) == 2
    assert of(f"norms:\n{AUDIT}", "core_om") == ()


def test_the_history_may_be_bounded_and_told_apart(workspace, of):
    of("history: {years: 2, alike: [setting, details.PrimReasonReferralMH]}\n")

    norms = read_norms(workspace)

    assert norms.alike == ("setting", "details.PrimReasonReferralMH")
    assert norms.since(date(2026, 1, 1)) == date(2024, 1, 1)
    assert norms.since(date(2024, 2, 29)) == date(2022, 2, 28)
    assert Norms().since(date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("core_10", "cor_10", r"norms.yaml:2:.*'cor_10'. Did you mean 'core_10'\?.*unknown-instr"),
        ("score: total", "score: totl", r"norms.yaml:3:.*no score 'totl'.*'total'.*unknown-score"),
        ("n: 412", "n: 0", r"norms.yaml:6:.*out of range"),
        ("low: 12", "low: -1", r"norms.yaml:7:.*low is -1, which is not between 0 and 40.*norm-r"),
        ("high: 24", "high: 41", r"norms.yaml:8:.*high is 41, which is not between 18 and 40"),
        ("middle: 18", "middle: 11", r"norms.yaml:9:.*middle is 11, which is not between 12"),
        ("low: 12", "low: .nan", r"norms.yaml:7:"),
        ("middle_half", "half", r"norms.yaml:10:.*'half' is not one of the values"),
        ("status: local", "state: local", r"norms.yaml:12:.*'state'"),
        ("first", "improvement", None),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_line(of, old, new, told):
    text = f"norms:\n{AUDIT.replace(old, new)}"
    if told is None:
        assert of(text)[0].moment == "improvement"
        return
    with pytest.raises(DataError, match=told):
        of(text)


def test_an_improvement_may_be_as_far_below_zero_as_the_score_is_long(of):
    text = AUDIT.replace("first", "improvement").replace("low: 12", "low: -40")

    assert of(f"norms:\n{text}")[0].low == -40
    with pytest.raises(DataError, match="low is -41, which is not between -40 and 40"):
        of(f"norms:\n{text.replace('-40', '-41')}")


def test_a_range_need_not_have_a_middle(of):
    text = AUDIT.replace("    middle: 18\n", "").replace("high: 24", "high: 11")

    with pytest.raises(DataError, match="high is 11, which is not between 12 and 40"):
        of(f"norms:\n{text}")
    assert of(f"norms:\n{text.replace('high: 11', 'high: 12')}")[0].middle is None


def test_people_are_told_apart_only_by_what_a_referral_says(of):
    with pytest.raises(DataError, match=r"norms.yaml:1:.*'gender'"):
        of("history: {alike: [gender]}\n")


def test_doctor_finds_what_is_wrong_in_it(workspace):
    assert norm_problems(workspace) == []
    (workspace.path / "norms.yaml").write_text("norm: []\n", encoding="utf-8")

    (problem,) = norm_problems(workspace)

    assert problem.code == "unknown-key"
