from datetime import date

import pytest
from romframe_report.people import in_order, referrals_described
from romframe_report.pooling import pooled
from romframe_report.sections import who

from romframe import NHS_MONTHLY, SERVICE, Window, share
from romframe.disclosure import SHOWN


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))


def groups(service, title):
    found = {each.title: each for each in who.build(service, WINDOW)["dimensions"]}
    return {group.label: group for group in found[title].groups}


def words(service, text, **options):
    page = service.report(**options)
    return text in " ".join(page.split())


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2007-03-02", "Under 18"),
        ("2007-03-01", "18 to 24"),
        ("2000-03-02", "18 to 24"),
        ("2000-03-01", "25 to 34"),
        ("1990-02-28", "35 to 44"),
        ("1980-01-01", "45 to 64"),
        ("1960-03-01", "65 or over"),
        (None, "Not known"),
        ("a year ago", "Not known"),
    ],
)
def test_age_is_that_on_the_day_of_the_referral(service, born, band):
    service.refer("R1", born=born, start="2025-03-01")

    assert referrals_described(service, WINDOW).item(0, "age") == band


@pytest.mark.parametrize(
    ("code", "group"),
    [
        *(("A", "White"), ("C1", "White"), ("D", "Mixed"), ("L", "Asian or Asian British")),
        *(("P", "Black or Black British"), ("R", "Other ethnic groups"), ("Z", "Not stated")),
        *((None, "Not known"), ("99", "Not known"), ("?", "Not known")),
    ],
)
def test_ethnicity_is_the_heading_of_the_national_code(service, code, group):
    service.refer("R1", ethnicity=code)

    assert referrals_described(service, WINDOW).item(0, "ethnicity") == group


@pytest.mark.parametrize(
    ("details", "group"),
    [
        ('{"PrimReasonReferralMH": "13"}', "National code 13"),
        ('{"Other": "1"}', "Not known"),
        (None, "Not known"),
    ],
)
def test_the_reason_for_referral_is_the_code_that_came_with_it(service, details, group):
    service.refer("R1", details=details)

    assert referrals_described(service, WINDOW).item(0, "reason") == group


def test_groups_stand_in_the_order_in_which_they_are_looked_for():
    ages = ["Not known", "45 to 64", "Under 18", "18 to 24"]

    assert in_order("age", ages) == ["Under 18", "18 to 24", "45 to 64", "Not known"]
    assert in_order("team", ["B", "Not known", "A"]) == ["A", "B", "Not known"]
    assert in_order("ethnicity", ["Mixed", "White"]) == ["White", "Mixed"]


def test_each_group_is_compared_with_all_others(service):
    service.several(30, 20, 8, team="A")
    service.never_assessed(10, team="A")
    service.several(5, 20, 8, team="B")
    service.never_assessed(25, team="B")

    found = groups(service, "Team")

    assert found["A"].here == found["B"].others == share(30, 40)
    assert found["B"].here == found["A"].others == share(5, 30)
    assert (found["A"].below, found["B"].below) == (False, True)
    assert words(service, "Measured less often than the others: B.")


def test_a_group_is_not_below_where_the_intervals_touch(service):
    service.several(6, 20, 8, team="A")
    service.never_assessed(4, team="A")
    service.several(4, 20, 8, team="B")
    service.never_assessed(6, team="B")

    assert not any(group.below for group in groups(service, "Team").values())
    assert words(service, "No group is clearly measured less often than the others.")


def test_what_tells_nobody_apart_is_left_out(service):
    service.several(6, 20, 8)
    service.several(6, 20, 8, team="B")

    assert [each.title for each in who.build(service, WINDOW)["dimensions"]] == ["Team"]


def test_without_any_score_there_is_no_such_section(service):
    service.refer("R1")

    assert who.build(service, WINDOW) is None
    assert 'id="who"' not in service.report()


def test_groups_too_small_to_show_are_put_together(service):
    service.several(20, 20, 8, team="A")
    service.several(7, 20, 8, team="B")
    service.several(6, 20, 8, team="C")
    service.never_assessed(2, team="D")

    rows = list(groups(service, "Team").values())

    assert [row.label for row in pooled(rows, SHOWN)] == ["A", "B", "C", "D"]
    shown = pooled(rows, SERVICE)
    assert [row.label for row in shown] == ["A", "B", "D, C"]
    assert (shown[2].here, shown[2].others) == (share(6, 8), share(27, 27))


def test_several_small_groups_are_one_row_however_few_they_are(service):
    service.several(1, 20, 8, team="A")
    service.several(2, 20, 8, team="B")

    (row,) = pooled(list(groups(service, "Team").values()), SERVICE)

    assert (row.label, row.here, row.others) == ("A, B", share(3, 3), share(0, 0))
    assert not row.below


@pytest.mark.parametrize("policy", [SERVICE, NHS_MONTHLY])
def test_where_a_share_is_hidden_that_of_the_others_is_hidden_too(service, policy):
    service.several(20, 20, 8, team="A")
    service.several(2, 20, 8, team="B")
    service.never_assessed(18, team="B")

    page = service.report(disclosure=policy)
    row = page[page.index('<th scope="row">B</th>') :].split("</tr>")[0]

    assert "%" not in row
