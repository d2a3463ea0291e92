from datetime import date

import pytest
from romframe_report import theme
from romframe_report.charts.described import drawn
from romframe_report.sections import subgroups

from romframe import NHS_MONTHLY, SERVICE, ChartWords, SideBars, SideRow, Window, share
from romframe.disclosure import SHOWN


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))
NOTHING = share(0, 0)


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

    ends = {label: (each.better, each.same, each.worse) for label, each in found.items()}
    assert ends == {
        "A": (share(6, 10), share(3, 10), share(1, 10)),
        "B": (share(2, 10), share(8, 10), share(0, 10)),
    }
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

    assert {label: each.size for label, each in groups(service, "Team").items()} == {"A": 6, "B": 6}


def test_one_group_alone_is_no_section(service):
    service.several(6, 20, 8)

    assert subgroups.build(service, WINDOW) is None
    assert 'id="subgroups"' not in service.report()


def test_small_groups_are_put_together(teams):
    teams.several(2, 20, 8, team="C")
    teams.several(1, 10, 20, team="D")

    page = " ".join(teams.report(disclosure=SERVICE).split())

    assert '<th scope="row">D, C, A</th><td>8 of 13 (62%)' in page


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ((6, 8, 7), (6, 8, 7)),
        ((6, 8, 3), (6, None, 3)),
        ((2, 8, 7), (2, None, 7)),
        ((6, 3, 7), (6, 3, None)),
        ((6, 3, 0), (6, 3, None)),
        ((6, 3, 2), (6, 3, 2)),
        ((0, 8, 0), (0, 8, 0)),
    ],
)
def test_a_hidden_class_takes_another_one_with_it(counts, told):
    """The number of pairs is shown, so a class that is hidden alone could be worked out."""
    of = sum(counts)
    group = subgroups.Group("A", *(share(each, of) for each in counts))

    assert group.told(SERVICE) == tuple(
        NOTHING if each is None else share(each, of) for each in told
    )


def test_the_page_and_the_chart_hide_the_same(teams):
    (block,) = subgroups.build(teams, WINDOW)["blocks"]

    svg = block.picture(SERVICE).svg
    page = " ".join(teams.report(disclosure=SERVICE).split())

    assert '<th scope="row">A</th><td>6 of 10 (60%) <span class="small">31% to 83%</span>' in page
    assert page.count("<td>\u2013</td><td>\u2013</td>") >= 3
    assert (">60%<" in svg, ">10%<" in svg) == (True, False)
    assert "not shown" not in block.picture(SHOWN).svg


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


@pytest.mark.parametrize("policy", [SERVICE, NHS_MONTHLY])
def test_a_side_that_is_too_small_hides_the_other_where_they_are_all_there_is(policy):
    svg = sides(17, 3, 20, policy)

    assert svg.count(">not shown<") == 2
    assert "85%" not in svg


def test_a_side_is_hidden_by_itself_where_there_is_a_third_way():
    svg = sides(12, 3, 20, SERVICE, sides=("Worse", "Better"), exhaustive=False)

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
