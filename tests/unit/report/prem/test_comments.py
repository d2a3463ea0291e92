import re

import pytest

from romframe.errors import DataError


READ = "comments: {read_by: Ann, read_to: 2026-02}\n"


def comments(page):
    return re.findall(
        r"<li>(.*?)</li>", page.partition('<ul class="comments">')[2].split("</ul>")[0]
    )


@pytest.fixture
def written(feedback):
    for number, words in enumerate(["zebra", "apple", "Bear", None, "  ", "apple"]):
        feedback.returned(month=f"2026-0{number % 2 + 1}", experience="good", comments=words)
    feedback.returned(month="2026-03", experience="good", comments="of March")
    return feedback


def test_no_comment_is_shown_unless_somebody_has_noted_that_it_was_read(written, text_of):
    text = text_of(written.page())

    assert "Comments are not shown, because nobody has noted" in text
    assert "zebra" not in text


def test_comments_are_in_the_order_of_their_letters_and_only_of_months_that_were_read(written):
    written.note(READ)

    assert comments(written.page()) == ["apple", "apple", "Bear", "zebra"]


def test_the_order_in_which_returns_came_changes_nothing(written):
    written.note(READ)
    before = written.page()

    written.rows["fft"].reverse()

    assert written.page() == before


def test_comments_with_a_text_to_leave_out_are_left_out(written):
    written.note("comments: {read_by: Ann, read_to: 2026-02, leave_out: [APP]}\n")

    assert comments(written.page()) == ["Bear", "zebra"]


def test_a_question_without_comments_says_so(feedback, text_of):
    feedback.note(READ)
    feedback.returned(6, experience="good")

    assert "Why None to show." in text_of(feedback.page())


def test_what_was_done_comes_back_in_every_later_report(feedback, text_of):
    feedback.note(
        "you_said_we_did:\n"
        "  - {month: 2025-11, you_said: Too slow., we_did: More staff.}\n"
        "  - {month: 2026-02, you_said: Too loud., we_did: Carpets., measure: fft}\n"
        "  - {month: 2026-04, you_said: Too cold., we_did: Heating.}\n"
    )

    text = text_of(feedback.page())

    assert text.index("February 2026 · Friends and Family Test You said: Too loud.") < text.index(
        "November 2025 You said: Too slow. We did: More staff."
    )
    assert "Heating" not in text
    assert "Heating" in text_of(feedback.page(months=("2026-03", "2026-06")))


def test_everything_wrong_in_the_notes_is_told_with_its_line_and_how_to_mend_it(feedback):
    feedback.note(
        "comments: {read_to: 2026-13}\nyou_said_we_did:\n  - {month: 2026-01}\nextra: 1\n"
    )

    with pytest.raises(DataError) as caught:
        feedback.page()

    told = str(caught.value)
    assert "prem.yaml:1:1: The key 'read_by' is missing here." in told
    assert "'2026-13' is not written as it should be." in told
    assert "prem.yaml:3:5: The key 'you_said' is missing here. Add a line" in told
    assert "prem.yaml:4:1: The key 'extra' is not known here." in told


def test_a_measure_that_nobody_offers_is_told(feedback):
    feedback.note("you_said_we_did:\n  - {month: 2026-01, you_said: a, we_did: b, measure: pome}\n")

    with pytest.raises(DataError, match=r"prem.yaml:2:.*'pome'. Did you mean 'poem'\?"):
        feedback.page()
