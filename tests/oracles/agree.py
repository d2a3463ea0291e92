"""Compare tidy scores with what the oracle worked out for the same rows."""

from oracles import scoring


def assert_agree(tidy, spec, rows, *, coding="scored", policy=None, scores=None, exactly=True):
    """Check value, status, reason, answered, required and band of every row and score.

    `exactly` asks for the same floating-point number: the one nearest to the true fraction.
    """
    found = tidy.to_dicts() if hasattr(tidy, "to_dicts") else tidy
    expected = [
        (name, verdict)
        for row in rows
        for name, verdict in scoring.score_row(spec, row, coding, policy, scores).items()
    ]
    assert [each["score"] for each in found] == [name for name, _ in expected]
    for ours, (name, theirs) in zip(found, expected, strict=True):
        parts = {part: ours[part] for part in scoring.PARTS if part != "value"}
        assert parts == {part: theirs[part] for part in parts}, name
        assert_value(ours["value"], theirs["value"], exactly)


def assert_value(ours, theirs, exactly):
    if theirs is None or exactly:
        assert ours == (None if theirs is None else float(theirs))
    else:
        assert abs(ours - float(theirs)) <= 1e-9 * max(1.0, abs(float(theirs)))
