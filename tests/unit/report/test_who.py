from datetime import date

import pytest
from romframe_report.people import in_order, referrals_described
from romframe_report.sections import who

from romframe import NHS_MONTHLY, SERVICE, Share, Window, all_of, protect, share


WINDOW = Window(date(2025, 1, 1), date(2026, 6, 30))


def groups(service, title):
    found = {each.title: each for each in who.build(service, WINDOW)["dimensions"]}
    return {group.label: group for group in found[title].groups}


def plain(found):
    return Share(found.count, found.of, found.value, found.interval)


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


@pytest.mark.parametrize(
    ("said", "group"),
    [
        ("F53.0", "F53"),
        ("F20", "F20"),
        ("Bipolar disorder", "Bipolar disorder"),
        ("f53.0", "f53.0"),  # no ICD-10 code
    ],
)
def test_a_diagnosis_is_its_icd_10_category_or_what_was_said(service, said, group):
    service.refer("R1", details=f'{{"Diagnosis": "{said}"}}')

    assert referrals_described(service, WINDOW).item(0, "diagnosis") == group


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

    assert plain(found["A"].here) == found["B"].others == share(30, 40)
    assert plain(found["B"].here) == found["A"].others == share(5, 30)
    assert (found["A"].below, found["B"].below) == (False, True)
    assert words(service, "Measured less often than the others: B.")


def test_a_group_is_not_below_where_the_intervals_touch(service):
    service.several(6, 20, 8, team="A")
    service.never_assessed(4, team="A")
    service.several(4, 20, 8, team="B")
    service.never_assessed(6, team="B")

    assert not any(group.below for group in groups(service, "Team").values())
    assert words(service, "No group that is shown is clearly measured less often than the others.")


def test_what_tells_nobody_apart_is_left_out(service):
    service.several(6, 20, 8)
    service.several(6, 20, 8, team="B")

    assert [each.title for each in who.build(service, WINDOW)["dimensions"]] == ["Team"]


def test_without_any_score_there_is_no_such_section(service):
    service.refer("R1")

    assert who.build(service, WINDOW) is None
    assert 'id="who"' not in service.report()


def test_a_group_too_small_to_show_hides_the_size_of_another(service):
    service.several(20, 20, 8, team="A")
    service.several(9, 20, 8, team="B")
    service.several(8, 20, 8, team="C")
    service.several(1, 20, 8, team="D")
    service.never_assessed(2, team="D")
    for team in "ABC":
        service.never_assessed(7, team=team)

    table = groups(service, "Team")["A"].here.table
    safe = protect(table, SERVICE)

    assert safe.text(all_of("D")) == "<5"
    assert sum(safe.hides(all_of(each)) for each in "ABC") >= 1
    assert safe.exposed == ()


def test_a_group_that_is_hidden_is_not_said_to_be_measured_less(service):
    service.several(40, 20, 8, team="A")
    service.several(2, 20, 8, team="B")
    service.never_assessed(18, team="B")

    assert groups(service, "Team")["B"].below
    assert not words(service, "Measured less often than the others", disclosure=SERVICE)


def test_the_pathways_are_one_table_with_all_pairs_of_each(service):
    service.several(9, 20, 8)
    service.several(6, 6, 6, pathway="prevention")
    service.never_assessed(5)

    found = groups(service, "Pathway")
    counts = found["Treatment"].here.table.counts

    assert plain(found["Treatment"].here) == share(9, 14)
    assert plain(found["To be kept well"].here) == share(6, 6)
    assert counts["To be kept well: pairs on core-10-total"] == 6


@pytest.mark.parametrize("policy", [SERVICE, NHS_MONTHLY])
def test_where_a_share_is_hidden_that_of_the_others_is_hidden_too(service, policy):
    service.several(20, 20, 8, team="A")
    service.several(2, 20, 8, team="B")
    service.never_assessed(18, team="B")

    page = service.report(disclosure=policy)
    row = page[page.index('<th scope="row">B</th>') :].split("</tr>")[0]

    assert "%" not in row
