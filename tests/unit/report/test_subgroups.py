from datetime import date

import pytest
from romframe_report import theme
from romframe_report.charts.described import drawn
from romframe_report.sections import subgroups

from romframe import NHS_MONTHLY, SERVICE, ChartWords, SideBars, SideRow, Window, protect, share
from romframe.disclosure import SHOWN


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))


def groups(service, title):
    (block,) = subgroups.build(service, WINDOW)["blocks"]
    found = {each.title: each.groups for each in block.dimensions}
    return {group.label: group for group in found[title]}


@pytest.fixture
def teams(service):
    """Core-10 falls by 6 or more where somebody is better; two teams, two settings, three ages."""
    about = {"team": "A", "setting": "community", "born": "1995-01-01"}
    service.several(6, 20, 8, **about)
    service.several(3, 15, 14, **about)
    service.several(1, 10, 20, **about)
    service.several(9, 20, 8, pathway="prevention", **about)
    about = {"team": "B", "setting": "inpatient", "born": "1985-01-01"}
    service.several(2, 30, 20, **about)
    service.several(8, 15, 14, **about)
    return service


def test_classes_are_counted_in_each_group_of_treated_pairs(teams):
    found = groups(teams, "Team")

    ends = {
        label: [(end.count, end.of) for end in (each.better, each.same, each.worse)]
        for label, each in found.items()
    }
    assert ends == {"A": [(6, 10), (3, 10), (1, 10)], "B": [(2, 10), (8, 10), (0, 10)]}
    assert list(groups(teams, "Setting")) == ["Community", "Inpatient"]
    assert list(groups(teams, "Age at referral")) == ["25 to 34", "35 to 44"]


def test_what_tells_no_treated_pair_apart_is_left_out(teams):
    (block,) = subgroups.build(teams, WINDOW)["blocks"]

    assert [each.title for each in block.dimensions] == ["Team", "Setting", "Age at referral"]


def test_pairs_that_could_not_be_judged_are_in_no_group(service):
    service.several(2, 0, 5, team="A")
    service.several(6, 20, 8, team="A")
    service.several(6, 20, 18, team="B")
    service.change_rule("core_10", method="percentage", params={"improved": 50})

    sizes = {label: each.better.of for label, each in groups(service, "Team").items()}
    assert sizes == {"A": 6, "B": 6}


def test_one_group_alone_is_no_section(service):
    service.several(6, 20, 8)

    assert subgroups.build(service, WINDOW) is None
    assert 'id="subgroups"' not in service.report()


def test_totals_are_those_of_the_change_classes(teams):
    """They stand in another section, whose table is decided first."""
    table = groups(teams, "Team")["A"].better.table

    assert table.after.id == "classes-core-10-total"
    assert table.counts["recovered+improved"] == 8
    for policy in (SERVICE, NHS_MONTHLY):
        mine, first = (protect(each, policy) for each in (table, table.after))
        assert all(mine.text(name) == first.text(name) for name in table.known)
        assert mine.exposed == ()


def test_the_page_and_the_chart_hide_the_same(teams):
    teams.several(12, 20, 8, team="A")
    teams.several(9, 15, 14, team="A")
    teams.several(9, 20, 8, team="B")
    (block,) = subgroups.build(teams, WINDOW)["blocks"]

    svg = drawn(block.chart, SERVICE).svg
    page = " ".join(teams.report(disclosure=SERVICE).split())
    row = page.split('<th scope="row">A</th><td>18')[1].split("</tr>")[0]

    assert row.startswith(" of 31 (58%)")
    assert "<td>\u2013</td>" in row
    assert (">58%<" in svg, ">3%<" in svg) == (True, False)
    assert "&lt;5" not in drawn(block.chart, SHOWN).svg


WORDS = ChartWords("sides", "Title", "Description")


def sides(good, bad, of, policy, **more):
    row = SideRow("Question", share(good, of), share(bad, of))
    return drawn(SideBars(WORDS, (row,), **more), policy).svg


def test_the_two_sides_differ_in_colour_and_in_pattern():
    svg = sides(12, 8, 20, SHOWN)

    assert (">Unfavourable<" in svg, ">Favourable<" in svg) == (True, True)
    assert theme.WARM in svg
    assert "<pattern" in svg
    assert (">60%<" in svg, ">40%<" in svg) == (True, True)


def test_a_side_without_a_table_is_hidden_by_itself():
    svg = sides(12, 3, 20, SERVICE, sides=("Worse", "Better"))

    assert (">60%<" in svg, ">&lt;5<" in svg) == (True, True)
    assert (">Worse<" in svg, ">Better<" in svg) == (True, True)


def test_what_is_no_chart_is_not_drawn():
    with pytest.raises(NotImplementedError):
        drawn("a chart", SHOWN)


def test_the_section_of_the_documents_makes_a_page(service, root):
    """The example in docs/plugins.md, as its reader would use it."""
    text = (root / "docs" / "plugins.md").read_text(encoding="utf-8")
    names = {}
    exec(text.split("## A report section in full")[1].split("```")[1].removeprefix("python"), names)
    service.several(5, 20, 8, end="2025-06-01")
    service.never_assessed(7)
    service.offer("closed", names["build"], names["TEMPLATE"])

    page = service.report(disclosure=SERVICE)

    assert "<td>5 of 12 referrals (42%)</td>" in page
    assert 'aria-labelledby="closed-title closed-desc"' in page
    service.referrals.clear()
    assert 'id="closed"' not in service.report()
