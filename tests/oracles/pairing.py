"""Which assessments of a referral are compared, worked out a second time from the words of docs.

Plain lists and sorting; nothing here comes from romframe.
"""


def pair(assessments, referrals, policy):
    """Give {referral id: (verdict, first or None, last or None)}; rows are plain dicts.

    `policy` is a dict with first_timepoints, last_timepoints, same, minimum_gap_days, closed_only.
    """
    return {
        referral["referral_id"]: _one(
            [row for row in assessments if row["referral_id"] == referral["referral_id"]],
            referral.get("closed_on"),
            policy,
        )
        for referral in referrals
    }


def _one(rows, closed_on, policy):
    rows = sorted(rows, key=lambda row: (row["completed_at"], row["assessment_id"]))
    done = [row for row in rows if row["outcome"] == "completed"]
    usable = [row for row in done if row["value"] is not None]
    if not done:
        return ("declined" if rows else "no_assessment"), None, None
    if policy["closed_only"] and closed_on is None:
        return "still_open", None, None
    if len(done) == 1:
        return "single_assessment", None, None
    if len(usable) < 2:
        reason = "last_refused" if done[0] in usable else "first_refused"
        return reason, None, None
    return _choose(usable, policy)


def _choose(usable, policy):
    firsts = [row for row in usable if _among(row, policy["first_timepoints"])]
    if not firsts:
        return "no_first", None, None
    first = firsts[0]
    later = [
        row for row in usable[usable.index(first) + 1 :] if _among(row, policy["last_timepoints"])
    ]
    if not later:
        return "no_last", None, None
    agreeing = [row for row in later if all(row[name] == first[name] for name in policy["same"])]
    if not agreeing:
        name = next(name for name in policy["same"] if later[-1][name] != first[name])
        return f"{name}_differs", None, None
    last = agreeing[-1]
    days = (last["completed_at"].date() - first["completed_at"].date()).days
    if days < policy["minimum_gap_days"]:
        return "gap_too_short", None, None
    return "paired", first, last


def _among(row, timepoints):
    return not timepoints or row["timepoint"] in timepoints
