import re

import pytest
from attrs import evolve
from romframe_report.dates import month_in_words
from romframe_report.prem.page import opening

from romframe.disclosure import NHS_MONTHLY, SERVICE
from romframe.errors import UsageError
from romframe.wording import Pack


def test_the_returns_of_every_month_are_counted(feedback, text_of):
    feedback.returned(7, month="2026-01", experience="good")
    feedback.returned(9, month="2026-03", experience="poor")
    feedback.returned(8, month="2026-04", experience="poor")

    text = text_of(feedback.page())

    assert "16 returns from January 2026 to March 2026" in text
    table = text.partition("Returns by month Month Returns")[2]
    assert table.startswith(" January 2026 7 February 2026 0 March 2026 9")
    assert "Overall experience: 44% favourable" in text


def test_fewer_than_five_returns_are_held_back_whole(feedback, text_of):
    feedback.note("comments: {read_by: Ann, read_to: 2026-03}\n")
    feedback.returned(4, experience="poor", comments="secret words")

    text = text_of(feedback.page())

    assert "Fewer than 5 returns came: what they say is held back." in text
    assert "secret" not in text
    assert "overall experience" not in text
    assert "4 returns" not in text


def test_five_returns_are_enough(feedback, text_of):
    feedback.returned(5, experience="poor")

    assert "5 returns from" in text_of(feedback.page())


def test_a_small_month_is_held_back_with_the_one_that_gives_it_away(feedback, text_of):
    feedback.returned(9, month="2026-01", experience="good")
    feedback.returned(3, month="2026-02", experience="good")
    feedback.returned(6, month="2026-03", experience="good")

    page = feedback.page()
    table = text_of(page).partition("Returns by month Month Returns")[2]

    assert table.startswith(" January 2026 9 February 2026 held back March 2026 held back")
    assert len(re.findall(">held back</text>", page)) == 2


def test_small_teams_are_held_back_with_the_one_that_gives_them_away(feedback, text_of):
    for team, number in (("North", 20), ("South", 9), ("West", 4)):
        feedback.returned(number, team=team, experience="good")

    text = text_of(feedback.page())

    assert "Team Returns North 20 South held back West held back" in text
    assert "overall experience 100% of 20 held back held back" in text


def test_a_team_is_not_told_of_where_another_could_be_worked_out(feedback, text_of):
    for team, number in (("North", 20), ("South", 9), ("West", 4)):
        feedback.returned(number, team=team, experience="good")

    text = text_of(feedback.page(team="South"))

    assert "what is said of a team with too few returns" in text
    assert "Item by item" not in text
    assert "20 returns" in text_of(feedback.page(team="North"))


def test_a_month_of_a_team_is_not_told_of_where_the_others_have_few_in_it(feedback, text_of):
    for month, others in (("2026-01", 9), ("2026-02", 2), ("2026-03", 9)):
        feedback.returned(10, month=month, experience="good")
        feedback.returned(others, month=month, team="South", experience="poor")

    text = text_of(feedback.page(team="North"))

    assert "North" in text
    assert "January 2026 10 February 2026 held back March 2026 10" in text
    assert "Team by team" not in text


def test_an_instrument_without_returns_is_left_out_unless_it_is_named(feedback, text_of):
    feedback.returned(6, experience="good")

    assert "POEM" not in text_of(feedback.page())
    assert "No return came in these months." in text_of(feedback.page("poem"))


def test_a_workspace_without_returns_has_a_page_too(feedback, text_of):
    text = text_of(feedback.page())

    assert "No anonymous return came in these months." in text
    assert "Nothing is noted yet." in text


def test_returns_with_a_name_are_said_to_be_another_source(feedback, text_of):
    feedback.returned(6, "poem", q1a=1)

    assert "none of them is in these figures" in text_of(feedback.page("poem"))
    assert "none of them is in these figures" not in text_of(feedback.page("fft"))


def test_most_and_least_favourable_items_are_named(feedback, text_of):
    feedback.returned(6, "poem", q2a=4, q2b=4, q2d=4)
    feedback.returned(2, "poem", q2a=4, q2b=1, q2d=1)

    text = text_of(feedback.page("poem"))

    assert "Most favourable: lack of liaison with others in care (100%)." in text
    assert "Least favourable: right amount of support (25%)." in text
    assert "too few gave one of the answers: help came too slowly after referral;" in text


def test_every_text_from_data_is_escaped(feedback):
    feedback.note(
        "comments: {read_by: Ann, read_to: 2026-03}\nyou_said_we_did:\n"
        "  - {month: 2026-01, you_said: <b>slow</b>, we_did: <i>more</i> & more, measure: fft}\n"
    )
    feedback.returned(6, team="<u>North</u>", experience="good", comments="<script>x</script>")
    feedback.returned(6, team="South", experience="good")

    page = feedback.page()

    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert "&lt;u&gt;North&lt;/u&gt;" in page
    assert "&lt;b&gt;slow&lt;/b&gt;" in page
    assert "&lt;i&gt;more&lt;/i&gt; &amp; more" in page
    assert "Riverside &lt;service&gt;" in page
    assert not re.search("<(script|u|b|i)>", page)


def test_ids_are_unique_and_the_page_fetches_nothing(feedback):
    feedback.returned(6, experience="good")
    feedback.returned(6, "poem", q1a=1, q2a=1, q2b=2)

    page = feedback.page()
    ids = re.findall(r'\bid="([^"]*)"', page)

    assert len(ids) == len(set(ids))
    assert re.findall(r'<(?:script|link|img|iframe)\b|(?:src|href)="(?!#)', page) == []
    assert page.startswith("<!doctype html>")


def test_an_item_with_one_side_only_is_drawn_and_told(feedback, text_of):
    fft = feedback.known["fft"]
    alone = evolve(fft.items[0], unfavourable=())
    feedback.known["fft"] = evolve(fft, items=(alone, *fft.items[1:]))
    feedback.returned(6, experience="good")
    feedback.returned(2, experience="poor")

    assert "overall experience Favourable: very good; good 8 75%" in text_of(feedback.page())


def test_the_policy_rounds_and_hides(feedback, text_of):
    feedback.returned(23, experience="good")
    feedback.returned(9, experience="neither")
    feedback.returned(9, month="2026-02", experience="poor")

    text = text_of(feedback.page(disclosure=NHS_MONTHLY))

    assert "40 returns from" in text
    assert "January 2026 30 February 2026 10 March 2026 held back" in text
    assert "overall experience Favourable: very good; good 40 56%" in text


def test_bars_are_no_longer_than_the_percentages_that_are_shown(feedback):
    feedback.returned(200, experience="good")
    feedback.returned(101, experience="poor")
    exact = feedback.page()
    feedback.rows["fft"].clear()
    feedback.returned(66, experience="good")
    feedback.returned(34, experience="poor")

    def picture(page):
        return re.search(r"<svg(?:(?!</svg>).)*fft-0-sides.*?</svg>", page, re.DOTALL)[0]

    assert picture(exact) == picture(feedback.page())


def test_wording_that_the_service_supplies_is_used_with_its_permission(feedback, text_of):
    words = {"experience": "How was it?"}
    feedback.packs["fft"] = Pack(
        feedback.path / "x.yaml", feedback.known["fft"], "en", "Given by us.", items=words
    )
    feedback.returned(6, experience="good")

    text = text_of(feedback.page())

    assert "Permission: Given by us." in text
    assert "How was it?: 100% favourable" in text


def test_months_that_run_backwards_are_refused(feedback):
    with pytest.raises(UsageError, match="period-backwards"):
        feedback.page(months=("2026-03", "2026-01"))


def test_a_team_of_which_no_return_speaks_is_refused(feedback):
    feedback.returned(6)

    with pytest.raises(UsageError, match=r"'Nort'. Did you mean 'North'\?"):
        feedback.page(team="Nort")


@pytest.mark.parametrize("name", ["core_10", "peq_treatment"])
def test_a_measure_without_anonymous_returns_is_refused(feedback, name):
    with pytest.raises(UsageError, match="no-anonymous-returns"):
        feedback.page(name)


def test_five_is_the_smallest_group_in_every_style(feedback, text_of):
    feedback.returned(6, experience="good")

    assert "fewer than 5 returns" in text_of(feedback.page())
    assert "fewer than 5 returns" in text_of(feedback.page(disclosure=SERVICE))


def test_words_for_months_and_openings():
    assert month_in_words("2026-03") == "March 2026"
    assert opening("the NHS") == "The NHS"
