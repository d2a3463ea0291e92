import re
from datetime import date

import polars as pl
import pytest
from romframe_report.tidy.service import service_tables
from romframe_report.tidy.table import dictionary

from romframe import ReportSection, TidyColumn, TidyTable, UsageError, share, share_cells
from romframe.disclosure import NHS_MONTHLY, SERVICE, SHOWN


START, END = date(2025, 1, 1), date(2026, 6, 30)


def tables(service, disclosure=SHOWN, **about):
    made = service_tables(service, START, END, disclosure=disclosure, **about)
    return {table.name: table.frame for table in made}


@pytest.fixture
def busy(service):
    """Treated and kept-well pairs of the CORE-10, two referrals without a pair, HoNOS items."""
    service.several(7, 24, 6)
    service.several(6, 20, 19)
    service.several(2, 12, 25)
    service.several(5, 6, 7, pathway="prevention")
    for verdict in ("no_assessment", "single_assessment"):
        service.unpaired(service.refer(verdict), verdict)
    return service


def test_classes_agree_with_the_rows_of_the_service(busy):
    found = tables(busy)["change_classes"]

    counts = {
        (r["pathway"], r["class"]): (r["count"], r["of"]) for r in found.iter_rows(named=True)
    }
    assert counts["treatment", "recovered"] == (7, 15)
    assert counts["treatment", "unchanged"] == (6, 15)
    assert counts["treatment", "deteriorated"] == (2, 15)
    assert counts["prevention", "maintained"] == (5, 5)
    assert counts["prevention", "relapsed"] == (0, 5)


def test_scores_agree_with_the_rows_of_the_service(busy):
    found = tables(busy)["scores"].rows_by_key(["pathway", "moment"], named=True, unique=True)

    firsts, lasts = [24] * 7 + [20] * 6 + [12] * 2, [6] * 7 + [19] * 6 + [25] * 2
    numbers = pl.DataFrame({"first": firsts, "last": lasts})
    for moment in ("first", "last"):
        row, values = found["treatment", moment], numbers[moment]
        assert row["n"] == 15
        assert row["mean"] == round(values.mean(), 2)
        assert row["sd"] == round(values.std(), 2)
        assert row["median"] == values.median()
        assert row["lower_quartile"] == values.quantile(0.25, "linear")
    assert found["treatment", "improvement"]["mean"] == round(7.0667, 2)
    assert found["prevention", "first"]["mean"] == 6


def test_the_effect_size_is_there_with_its_definition(busy):
    (row,) = tables(busy)["effect_sizes"].filter(pathway="treatment").to_dicts()

    firsts = pl.Series([24] * 7 + [20] * 6 + [12] * 2)
    assert row["definition"] == "glass_pre"
    assert row["value"] == pytest.approx(106 / 15 / firsts.std(), abs=0.006)
    assert row["low"] < row["value"] < row["high"]


def test_every_referral_is_paired_or_has_a_reason(busy):
    found = tables(busy)["completeness"].filter(pl.col("figure") != "assessed")

    assert dict(found.select("figure", "count").iter_rows()) == {
        "paired": 20,
        "no_assessment": 1,
        "single_assessment": 1,
    }
    assert set(found["of"]) == {22}


def test_stretches_of_a_score_add_up_to_the_pairs(busy):
    found = tables(busy)["distributions"].filter(pathway="treatment")

    assert found.group_by("moment").agg(pl.col("count").sum()).sort("moment").rows() == [
        ("first", 15),
        ("last", 15),
    ]
    assert found["stretch"][0].startswith("healthy (0")


def test_items_are_told_with_both_ends_and_every_move(service):
    service.several(6, 10, 8, instrument="honos", ratings=({"q1": 3}, {"q1": 1}))
    ready = {item.id: None for item in service.known["honos"].items}
    for row in service.answers["honos"]:
        row |= {**ready, **row}

    found = tables(service)["items"]

    label = service.known["honos"].items[0].label
    counts = dict(found.filter(item=label).select("figure", "count").iter_rows())
    assert counts["high_first"] == 6
    assert counts["high_last"] == 0
    assert counts["high_to_low"] == 6


def test_small_numbers_are_hidden_as_on_the_page(busy):
    classes = tables(busy, SERVICE)["change_classes"].filter(pathway="treatment")

    hidden = classes.filter(pl.col("class") == "deteriorated")
    assert hidden.select("count", "percent", "low", "high", "hidden").row(0) == (
        *(None,) * 4,
        True,
    )
    assert classes.filter(pl.col("class") == "recovered")["count"].item() == 7


def test_a_group_that_is_too_small_has_no_means(service):
    service.several(4, 20, 8)

    found = tables(service, SERVICE)

    assert found["scores"].is_empty()
    assert found["effect_sizes"].is_empty()
    assert set(found["distributions"]["count"]) == {0, None}


def test_counts_are_rounded_as_the_policy_says():
    cells = share_cells(share(12, 31), NHS_MONTHLY)

    assert (cells["count"], cells["of"], cells["percent"], cells["hidden"]) == (10, 30, 39, False)


def test_a_share_of_nothing_has_no_percentage():
    assert share_cells(share(0, 0), SHOWN)["percent"] is None


def test_a_service_without_referrals_has_tables_without_rows(service):
    assert all(frame.is_empty() for frame in tables(service).values())


def test_a_team_that_does_not_exist_is_refused(busy):
    with pytest.raises(UsageError, match="unknown-team"):
        tables(busy, team="Team Z")


def test_the_dictionary_says_what_every_column_means(busy):
    made = service_tables(busy, START, END)
    said = dictionary(made).frame

    assert said.height == sum(len(table.columns) for table in made)
    assert not said["meaning"].str.strip_chars().is_in(["", None]).any()
    assert set(said["table"]) == {table.name for table in made}
    for table in made:
        assert table.frame.columns == said.filter(table=table.name)["column"].to_list()


def test_the_tables_say_what_the_page_says(busy):
    page = busy.report(START, END)
    classes = tables(busy)["change_classes"].filter(pathway="treatment")

    for row in classes.iter_rows(named=True):
        assert re.search(rf"{row['count']} of {row['of']}\s+\({row['percent']}%", page)


def test_a_score_without_a_change_rule_has_figures_and_no_classes(service):
    service.change("core_10", change_rules=())
    service.several(6, 20, 8)

    found = tables(service)

    assert found["change_classes"].is_empty()
    assert found["scores"].filter(moment="first")["mean"].to_list() == [20]


def test_a_score_without_a_pair_is_told_of_in_completeness_only(service):
    referral = service.refer("R1")
    service.tried(referral)
    service.unpaired(referral, "single_assessment")

    found = tables(service)

    assert found["completeness"]["figure"].to_list() == ["assessed", "paired", "single_assessment"]
    assert found["scores"].is_empty()
    assert found["distributions"].is_empty()


@pytest.mark.parametrize("policy", [SHOWN, SERVICE, NHS_MONTHLY], ids=lambda policy: policy.id)
def test_groups_and_months_say_what_the_page_says(service, policy):
    for month in range(1, 13):
        about = {"end": f"2025-{month:02}-10", "team": "A" if month % 2 else "B"}
        service.several(6 + month % 4, 20, 8, **about)
        service.several(8, 15, 14, **about)
        service.never_assessed(7, **about)
    page = " ".join(service.report(START, END, disclosure=policy).split())
    found = tables(service, policy)

    for name, title in (("who", "group"), ("months", "closed_in"), ("subgroups", "group")):
        section = page.split(f'<section id="{name}"')[1].split("</section>")[0]
        rows = found[name].filter(~pl.col("hidden"))
        assert rows.height
        for row in rows.iter_rows(named=True):
            assert f'<th scope="row">{row[title]}</th>' in section
            counted = f"{row['count']} of {row['of']} ({row['percent']}%)"
            assert counted in section or f"<td>{row['percent']}%</td>" in section
    signals = found["months"].filter(pl.col("signal").is_not_null())["signal"]
    assert all(f'<td class="text">{signal}</td>' in page for signal in signals)


def test_a_run_that_is_too_short_has_no_rows(service):
    service.paired(service.refer("R1", end="2025-04-10"), 20, 8)

    assert tables(service, SERVICE)["months"].is_empty()


def test_tables_of_other_sections_stand_after_ours(service):
    def extra(*_):
        yield TidyTable("extra", "Extra", (TidyColumn("n", pl.Int64(), "How many"),), ({"n": 7},))

    section = ReportSection("extra", "Extra", 100, lambda *_: None, "", extra)
    service.catalogue.host.offer("test", "report_sections", "extra", section)

    assert list(tables(service))[-1] == "extra"
