"""The retired cluster tables as history: HoNOS of a patient, put to the referral that was open."""

import pytest
from oracles.mhsds_files import HONOS, HONOS_IDS, honos_rows, load, refused, sent, take, write


TOOL = "ClustId,LocalPatientId,ClustCat,AssToolCompDate,AssToolCompTime"
SCORE = "ClustId,CodedAssToolType,PersScore"
EXTRAS = ("979761000000107", "979771000000100", "979781000000103")


@pytest.fixture
def clusters(tmp_path):
    def clusters(*tools, scores=None):
        names = [tool.partition(",")[0] for tool in tools]
        rows = [
            f"{name},{tool},{HONOS[item]}" for name in names for item, tool in HONOS_IDS.items()
        ]
        folder = write(tmp_path / "v5", "MHS801ClusterTool", TOOL, *tools)
        return write(folder, "MHS802ClusterAssess", SCORE, *(scores or rows))

    return clusters


def test_the_ratings_of_a_patient_go_to_the_referral_that_was_open(make, clusters):
    workspace = make()
    folder = clusters("X1,P1,02,2020-03-04,10:30:00", "X2,P2,02,2021-03-04 00:00:00,")
    outside, results = load(workspace, folder)
    assert outside.unread.is_empty()
    assert results["honos"].accepted == 2
    made = workspace.table("assessment").select("referral_id", "completed_at").rows()
    assert made == [("R1", "2020-03-04T10:30:00"), ("R2", "2021-03-04")]
    answers = workspace.responses("honos").collect()
    assert answers["q8_type"].to_list() == ["C", "C"]
    assert [answers[f"q{n}"][0] for n in range(1, 13)] == [n % 5 for n in range(1, 13)]


def test_a_time_column_may_hold_the_dummy_day_of_access(make, clusters):
    workspace = make()
    load(workspace, clusters("X1,P1,02,2020-03-04,1899-12-30 10:30:00"))
    assert workspace.table("assessment")["completed_at"].to_list() == ["2020-03-04T10:30:00"]


def test_reading_them_again_changes_nothing(make, clusters):
    workspace = make()
    folder = clusters("X1,P1,02,2020-03-04,10:30:00")
    load(workspace, folder)
    _, results = load(workspace, folder)
    assert (results["honos"].unchanged, results["honos"].accepted) == (1, 0)


@pytest.mark.parametrize(
    ("tool", "told"),
    [
        ("X1,P1,02,2019-01-04,", "There was no open referral that day for P1."),
        ("X1,P9,02,2020-03-04,", "There was no open referral that day for P9."),
        ("X1,P3,02,2021-06-01,", "There was no open referral that day for P3."),
        ("X1,P3,02,2020-06-01,", "Several referrals were open that day: R3, R4."),
    ],
)
def test_without_exactly_one_open_referral_they_are_set_aside(make, clusters, tool, told):
    workspace = make()
    three = {"service_user_id": "P3", "received_on": "2020-01-05", "closed_on": "2021-05-31"}
    take(workspace, "referral", [three | {"referral_id": name} for name in ("R3", "R4")])
    outside, results = load(workspace, clusters(tool))
    assert {what for _, what in refused(outside)} == {told}
    assert outside.unread.height == 13
    assert set(results) == {"mhsds"}


@pytest.mark.parametrize(("day", "read"), [("2020-01-05", 1), ("2021-05-31", 1), ("2021-06-01", 0)])
def test_a_referral_is_open_from_its_first_day_to_its_last(make, clusters, day, read):
    workspace = make()
    three = {"service_user_id": "P3", "received_on": "2020-01-05", "closed_on": "2021-05-31"}
    take(workspace, "referral", [three | {"referral_id": "R3"}])
    outside, _ = load(workspace, clusters(f"X1,P3,02,{day},"))
    assert len(outside.parts) == read


def test_what_no_measure_asks_is_counted_and_named_once(make, clusters):
    scores = [f"X1,{tool},{HONOS[item]}" for item, tool in HONOS_IDS.items()]
    extras = [f"X1,{1000000 + n},1" for n in range(14)]
    outside, results = load(make(), clusters("X1,P1,02,2020-03-04,", scores=scores + extras))
    assert results["honos"].accepted == 1
    assert outside.unread.is_empty()
    (notice,) = [each for each in outside.notices if "MHS802" in each]
    assert notice.startswith("14 scores of MHS802 belong to no measure here and are not read: ")
    assert notice.endswith("1000011 and 2 more.")
    few = clusters("X1,P1,02,2020-03-04,", scores=[*scores, f"X1,{EXTRAS[0]},1"])
    outside, _ = load(make("other"), few)
    assert any(each.endswith(f"not read: {EXTRAS[0]}.") for each in outside.notices)


def test_scores_without_their_cluster_tool_are_set_aside(make, clusters):
    scores = ["X9,979641000000103,2"]
    outside, _ = load(make(), clusters("X1,P1,02,2020-03-04,", scores=scores))
    assert refused(outside) == [("mhsds-no-cluster-tool", "MHS801 has no assessment X9.")]


def test_scores_alone_say_that_the_cluster_tool_is_wanted(make, tmp_path):
    folder = write(tmp_path / "v5", "MHS802", SCORE, "X1,979641000000103,2")
    outside, _ = load(make(), folder)
    assert [code for code, _ in refused(outside)] == ["mhsds-no-cluster-tool"]


def test_what_was_sent_with_the_referral_that_day_counts_first(make, clusters):
    folder = clusters("X1,P1,02,2021-11-03,10:30:00", "X2,P1,02,2021-11-05,10:30:00")
    write(folder, "MHS606", *sent(*honos_rows(stamp="2021-11-03T10:30:00Z,CP1")))
    workspace = make()
    outside, results = load(workspace, folder)
    assert results["honos"].accepted == 2
    assert {code for code, _ in refused(outside)} == {"mhsds-sent-with-referral"}
    assert outside.unread.height == 13
