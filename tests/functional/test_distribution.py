"""Anonymous and identified returns from file to counts; two versions of one measure."""

import csv
import io

import polars as pl
import pytest

from romframe import open_workspace


ITEMS = ["respondent", "service", "q1a", "q1b", *(f"q2{letter}" for letter in "abcdefghijkl")]
ANONYMOUS = (
    "instrument: poem\ncoding: form_order\ncolumns: {completed_at: sent}\n"
    "contact_offers: {columns: [name, email], willing: help, codes: [1]}\n"
)
IDENTIFIED = "instrument: poem\ncoding: form_order\nanonymous: false\nunknown_referrals: create\n"


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    assert run("init", place).code == 0
    return place


@pytest.fixture
def bring(run, service, tmp_path):
    """Import rows by a mapping, both as text."""

    def bring(header, lines, mapping):
        data, known = tmp_path / "data.csv", tmp_path / "map.yaml"
        data.write_text("\n".join([",".join(header), *lines]) + "\n")
        known.write_text(mapping)
        return run("-w", service, "import", data, "--map", known)

    return bring


def answers(respondent="patient", code=1):
    return ",".join([respondent, "community", *[str(code)] * 14])


@pytest.fixture
def both_kinds(bring):
    """Two anonymous returns, a refused one, two offers of contact, an identified return."""
    header = [*ITEMS, "sent", "name", "email", "help"]
    lines = [
        answers() + ",2025-03-04,Una,una@home,1",
        answers("partner_or_other", 4) + ",2025-03-05,Eve,eve@home,0",
        answers(code=7) + ",2025-03-05,Bea,bea@home,1",
    ]
    done = bring(header, lines, ANONYMOUS)
    assert done.code == 0, done.err
    again = bring(header, lines, ANONYMOUS)
    assert "0 stored, 2 unchanged" in again.out
    named = bring(
        [*ITEMS, "referral_id", "completed_at", "rater"],
        [answers(code=2) + ",R1,2025-03-06,service_user"],
        IDENTIFIED,
    )
    assert named.code == 0, named.err


def test_the_two_kinds_of_return_are_counted_apart(run, service, both_kinds):
    done = run("-w", service, "distribution", "poem")
    assert done.code == 0, done.err
    found = [row for row in rows(done.out) if row["item"] == "q2b"]
    assert [(row["returned"], row["code"], row["n"]) for row in found if row["n"] != "0"] == [
        ("identified", "2", "1"),
        ("anonymous", "1", "1"),
        ("anonymous", "4", "1"),
    ]
    assert {row["of"] for row in found if row["returned"] == "anonymous"} == {"2"}
    assert found[-1]["favourable_percent"] == "50.0"


def test_respondents_are_a_breakdown(run, service, both_kinds, tmp_path):
    out = tmp_path / "counts.parquet"
    done = run("-w", service, "distribution", "poem", "--by", "respondent", "--out", out)
    assert done.code == 0, done.err
    found = pl.read_parquet(out).filter(pl.col("returned") == "anonymous")
    assert set(found["respondent"]) == {"patient", "partner or other"}
    assert set(found["returns"]) == {1}


def test_identified_returns_are_not_in_the_report_of_anonymous_ones(
    run, service, bring, both_kinds, tmp_path
):
    lines = [answers(code=1 + number % 2) + ",2025-03-07" for number in range(6)]
    assert bring([*ITEMS, "sent"], lines, ANONYMOUS.partition("contact_offers")[0]).code == 0
    out = tmp_path / "prem.html"
    done = run(
        *("-w", service, "report", "prem", "poem"),
        *("--from", "2025-03", "--to", "2025-03", "--out", out),
    )
    assert done.code == 0, done.err
    page = out.read_text(encoding="utf-8")
    assert "<strong>8 returns</strong>" in page
    assert "una@home" not in page


def test_offers_of_contact_come_in_once_and_lie_apart(service, both_kinds):
    workspace = open_workspace(service)
    with workspace.store:
        offers = workspace.table("contact_offer")
        returns = workspace.returns("poem").collect()
        others = [workspace.table(name) for name in ("rejected_row", "import_batch", "audit")]
    assert sorted(offers["text"]) == ["Bea; bea@home", "Una; una@home"]
    assert {"month", "team", "states"} <= set(returns.columns)
    assert "return_id" not in returns.columns
    for table in (returns, *others):
        assert not any(word in table.write_json() for word in ("Una", "home", "help"))


def test_a_refused_return_can_be_tried_again_without_its_contact_details(
    run, service, both_kinds, tmp_path
):
    known = tmp_path / "again.yaml"
    known.write_text(ANONYMOUS + "codes: {q1a: {7: 1}}\n")
    done = run("-w", service, "import", "--retry", 2, "--map", known)
    assert done.code == 0, done.err
    assert "1 rows read, 0 stored" in done.out


def test_a_code_that_the_mapping_names_is_ours_whatever_the_coding_adds(service, bring):
    mapping = (
        "instrument: poem\ncoding: from_0\ncolumns: {completed_at: sent}\n"
        "codes: {q1a: {0: 1, 1: 2}}\n"
    )
    done = bring([*ITEMS, "sent"], [answers(code=1) + ",2025-03-04"], mapping)
    assert "1 stored" in done.out, done.err
    workspace = open_workspace(service)
    with workspace.store:
        held = workspace.returns("poem").collect()
    assert held.select("q1a", "q1b", "q2a").row(0) == (2, 2, 2)
    assert (
        "answer-invalid"
        in bring(
            [*ITEMS, "sent"], [answers(code=4) + ",2025-03-04"], mapping.replace("1: 2", "4: 4")
        ).err
    )


def test_scoring_a_workspace_passes_over_measures_without_scores(run, service, both_kinds):
    done = run("-w", service, "score")
    assert (done.code, done.out) == (0, "poem: none\n")
    asked = run("-w", service, "score", "-i", "poem")
    assert asked.code == 2
    assert "no-totals" in asked.err
    assert "no-totals" in run("-w", service, "change", "poem").err


def test_identified_returns_of_poem_do_not_flow_and_the_reason_is_told(
    run, service, both_kinds, tmp_path
):
    out = tmp_path / "march"
    done = run("-w", service, "export", "mhsds", "--period", "2025-03", "--out", out)
    assert done.code == 0, done.err
    excluded = rows((out / "exclusions.csv").read_text())
    assert [(row["instrument"], row["reason"]) for row in excluded] == [("poem", "no_consent")]
    assert excluded[0]["detail"] == "not recorded"
    assert not rows((out / "MHS606CodedScoreAssessmentRefer.csv").read_text())


def test_a_file_is_counted_without_a_workspace(run, tmp_path):
    path = tmp_path / "fft.csv"
    path.write_text("experience\nvery_good\ndont_know\n")
    done = run("distribution", path, "-i", "fft")
    assert done.code == 0, done.err
    assert [row["n"] for row in rows(done.out)] == ["1", "0", "0", "0", "0", "1"]


def test_a_measure_of_one_kind_is_counted_once(run, service):
    kinds = {row["returned"] for row in rows(run("-w", service, "distribution", "fft").out)}
    assert kinds == {"anonymous"}
    kinds = {row["returned"] for row in rows(run("-w", service, "distribution", "kpcs").out)}
    assert kinds == {"identified"}
    assert run("-w", service, "distribution", "fft", "--coding", "scored").code == 2


# Not applicable counts 2 on two items of KPCS, in the store too

KPCS = ["referral_id", "completed_at", "rater", *(f"q{n}" for n in range(1, 16))]
CONFIDENT = ",".join(["2025-03-06", "service_user", "NA", *["3"] * 7, "8", *["3"] * 6])


def test_not_applicable_is_scored_and_yet_counted_apart(run, service, bring, tmp_path):
    mapping = (
        "instrument: kpcs\nmissing_codes: {8: not_applicable, NA: not_applicable}\n"
        "unknown_referrals: create\n"
    )
    assert "1 stored" in bring(KPCS, [f"R1,{CONFIDENT}"], mapping).out
    workspace = open_workspace(service)
    with workspace.store:
        assert workspace.scores("kpcs")["value"].to_list() == [13 * 3 + 2 * 2]
    found = rows(run("-w", service, "distribution", "kpcs").out)
    apart = {row["item"] for row in found if row["not_applicable"] == "1" and row["of"] == "0"}
    assert apart == {"q1", "q9"}


def test_rows_of_a_measure_without_versions_are_tried_again_by_their_kind(run, service, tmp_path):
    data, people = tmp_path / "kpcs.csv", tmp_path / "referral.csv"
    data.write_text(",".join(KPCS) + f"\nR1,{CONFIDENT.replace('8', '3')}\n")
    people.write_text("referral_id,service_user_id,received_on\nR1,P1,2025-01-01\n")
    assert "1 rejected" in run("-w", service, "import", data, "--as", "kpcs").out
    (tmp_path / "m.yaml").write_text("kind: referral\nunknown_referrals: create\n")
    assert "1 stored" in run("-w", service, "import", people, "--map", tmp_path / "m.yaml").out
    assert "1 stored" in run("-w", service, "import", "--retry", 1).out


# Two versions of one measure

PBQ = ["referral_id", "completed_at", "rater", *(f"q{n}" for n in range(1, 26))]
FORM = ",".join(["R1", "2025-03-06", "service_user", *["5"] * 7, "0", *["5"] * 17])
VERSION = "instrument: pbq-2001\ncoding: position\nunknown_referrals: create\n"


def test_a_version_is_imported_by_its_own_name_and_scored_by_its_own_order(run, service, bring):
    done = bring(PBQ, [FORM], VERSION)
    assert "1 stored" in done.out, done.err
    assert run("-w", service, "score").out == "pbq-2001: 5 scored\n"
    workspace = open_workspace(service)
    with workspace.store:
        held = workspace.responses("pbq-2001").collect()
        assert workspace.responses("pbq").collect().is_empty()
    assert held["q8"].to_list() == [5]  # irritated, always


def test_rows_of_a_measure_with_versions_are_tried_again_only_as_one_of_them(
    run, service, bring, tmp_path
):
    bring(PBQ, [FORM.replace("R1", "R2").replace(",0,", ",7,")], VERSION)
    unsaid = run("-w", service, "import", "--retry", 1, "--coding", "position")
    assert unsaid.code == 2
    assert "version-unsaid" in unsaid.err
    known = tmp_path / "again.yaml"
    known.write_text(VERSION + "codes: {q8: {7: 0}}\n")
    done = run("-w", service, "import", "--retry", 1, "--map", known)
    assert "1 stored" in done.out, done.err
