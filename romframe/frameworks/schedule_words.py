"""Schedules in words: when a measure is due, until when it is asked for, and what is on time."""

from romframe.frameworks.schedules import ASSESSMENT, DISCHARGE, REFERRAL, Schedule, Span


def schedule_when(schedule: Schedule) -> str:
    """Say when a schedule asks, as a phrase: 4 weeks after each admission, then every 4 weeks."""
    distance = _length(schedule.offset)
    side = "before" if schedule.offset.months + schedule.offset.days < 0 else "after"
    anchor = _event(schedule.anchor)
    said = f"{distance} {side} {anchor}" if distance else f"on the day of {anchor}"
    if schedule.every is not None:
        said += f", then every {_length(schedule.every)} until {_event(schedule.until)}"
        if schedule.at_most is not None:
            said += f", {schedule.at_most} in all"
    return said


def schedule_on_time(schedule: Schedule) -> str:
    """Say which days are on time, as a phrase: from 3 days before to 7 days after."""
    before, after = (_count(days, "day") for days in (schedule.early, schedule.late))
    if not (schedule.early or schedule.late):
        return "on that day"
    if not schedule.early:
        return f"up to {after} after"
    return f"from {before} before" + (f" to {after} after" if schedule.late else "")


def _event(name: str) -> str:
    word = name.replace("cpa_", "CPA ").replace("_", " ")
    return f"the {word}" if name in (REFERRAL, ASSESSMENT, DISCHARGE) else f"each {word}"


def _length(span: Span) -> str:
    months, days = abs(span.months), abs(span.days)
    weeks, over = divmod(days, 7)
    parts = [(months, "month"), (weeks, "week")] if not over else [(months, "month"), (days, "day")]
    return " and ".join(_count(number, noun) for number, noun in parts if number)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
