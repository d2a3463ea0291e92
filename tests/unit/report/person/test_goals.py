def test_goals_are_told_by_number_and_never_in_their_words(place, told):
    columns = [
        "goal_id",
        "referral_id",
        "instrument",
        "set_on",
        "state",
        "state_on",
        "slot",
        "words",
    ]
    place.bring(
        "goal",
        columns,
        ("g1", "R1", "gbo", "2025-01-12", "achieved", "2025-04-12", 2, "SECRET swim"),
        ("g2", "R1", "gbo", "2025-01-12", "open", "", "", "SECRET sleep"),
        ("g3", "R1", "gbo", "2025-01-13", "open", "", "", "SECRET sing"),
    )
    place.goals(
        ("R1", "2025-01-12", "g1", 2),
        ("R1", "2025-04-12", "g1", 9),
        ("R1", "2025-01-12", "g2", 4),
        ("R1", "2025-04-12", "g2", 3),
        ("R1", "2025-02-12", "g9", 3),
    )

    page = told()
    goals = page.part("goals")
    said = [page.said(each) for each in page.all("li", goals)]

    assert said == [
        (
            "Goal 1: no change beyond the measure's own noise."
            " 4.0 on 12 January 2025, 3.0 on 12 April 2025 (change \u22121.0)."
        ),
        (
            "Goal 2 (achieved): better by more than the measure's own noise."
            " 2.0 on 12 January 2025, 9.0 on 12 April 2025 (change +7.0)."
        ),
        "Goal 3: set, and not rated yet.",
        "Goal 4: rated once; a second rating will show how it goes. 3.0 on 12 February 2025.",
    ]
    labels = [page.said(text) for text in page.all("text", goals)]
    assert {"Goal 1", "Goal 2", "Goal 4"} <= set(labels)
    assert "9" not in labels  # the values of lines that cross are left to the table
    assert len(page.rows("Goal 2, the service user: every rating")) == 2
    assert "SECRET" not in page.found[0]["words"]
    person = told(reader="service_user")
    assert "Goal 2 (achieved): clearly better than at" in person.said(person.part("strengths"))
    assert "SECRET" not in person.found[0]["words"]


def test_goals_rated_with_two_scores_are_told_score_by_score(place, told):
    columns = ["referral_id", "completed_at", "rater", "problem_id", "performance_rating"]
    columns.append("satisfaction_rating")
    place.bring(
        "copm",
        columns,
        ("R1", "2025-02-12", "service_user", "a", 2, 3),
        ("R1", "2025-03-12", "service_user", "a", 6, 3),
    )

    page = told()
    said = [page.said(each) for each in page.all("li", page.part("goals"))]

    assert said[0].startswith(
        "Goal 1, Performance of one problem, by the service user: better since the first rating;"
        " no rule says whether by more than noise."
    )
    assert "the same since the first rating" in said[1]
    assert len(page.all("svg", page.part("goals"))) == 2
