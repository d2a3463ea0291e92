"""The figures of a framework by plain loops over the rows of a store: no expression, no join."""

from datetime import date, timedelta


ITEMS = [f"q{n}" for n in range(1, 11)]


def core_10_classes(workspace, first="assessment", last="discharge"):
    """Give the class of each referral rated at both ends, by a change of 6 and the cut-off 11."""
    ratings = {}
    for row in workspace.responses("core_10").collect().to_dicts():
        ratings.setdefault(row["referral_id"], []).append(row)
    found = {}
    for referral, rows in ratings.items():
        starts = [row for row in rows if row["timepoint"] == first]
        ends = [row for row in rows if row["timepoint"] == last]
        if not (starts and ends):
            continue
        start = sum(min(starts, key=moment)[item] for item in ITEMS)
        end = sum(max(ends, key=moment)[item] for item in ITEMS)
        found[referral] = one_class(start, end)
    return found


def moment(row):
    return row["completed_at"], row["assessment_id"]


def one_class(start, end):
    if start - end >= 6:
        return "recovered" if start >= 11 > end else "improved"
    if end - start >= 6:
        return "harmed" if end >= 11 > start else "deteriorated"
    return "unchanged"


def closed(workspace, start, end, team=None, kept_well=None):
    """Give the referrals closed in a period, of a team, of people to be kept well or of others."""
    return [
        row
        for row in workspace.table("referral").to_dicts()
        if row["closed_on"]
        and start.isoformat() <= row["closed_on"] <= end.isoformat()
        and (team is None or row["team"] == team)
        and (kept_well is None or (row["pathway"] == "prevention") == kept_well)
    ]


def measure(workspace, referrals, good, worse):
    """Give pairs of all, and of those in a class the good and the worse ones."""
    classes = core_10_classes(workspace)
    paired = [classes[row["referral_id"]] for row in referrals if row["referral_id"] in classes]
    counts = {name: sum(each in names for each in paired) for name, names in (good, worse)}
    return {"paired": (len(paired), len(referrals))} | {
        name: (count, len(paired)) for name, count in counts.items()
    }


def back(workspace, referrals, days):
    """Give how many came back, of those for whom the days are over."""
    every, met, of = workspace.table("referral").to_dicts(), 0, 0
    for row in referrals:
        ended = date.fromisoformat(row["closed_on"])
        if ended + timedelta(days=days) >= workspace.today:
            continue
        of += 1
        met += any(
            other["service_user_id"] == row["service_user_id"]
            and other["referral_id"] != row["referral_id"]
            and 0 <= (date.fromisoformat(other["received_on"]) - ended).days <= days
            for other in every
        )
    return met, of
