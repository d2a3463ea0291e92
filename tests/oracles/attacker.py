"""Somebody who wants to know hidden counts, works them out by force and shares no code with us.

`possible` tries every table of whole numbers that reads as the shown one does. `reach` knows more:
why each count is hidden; it asks an integer programming solver for the ends of each count.
"""

import math
import re

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


MOST = 10**5  # of people: no count is larger


def reads_as(text, exact, most):
    """Give the counts that a text may stand for; `exact` is told by percentages beside it."""
    if exact is not None:
        return [exact]
    if text.isdigit():
        return [int(text)]
    if text.startswith("<"):
        return range(1, int(text[1:]))
    if found := re.fullmatch("(\\d+)\N{EN DASH}(\\d+)", text):
        return range(int(found[1]), int(found[2]) + 1)
    return range(most + 1)


def rounded_as(text, exact, most):
    """Do the same for counts of 5 and more that are shown to the nearest 5."""
    if text.isdigit() and exact is None:
        return [n for n in range(5, most + 1) if abs(n - int(text)) < 2.5]
    return reads_as(text, exact, most)


def possible(table, shown, read, most):
    """Give the values that each count has in some table that looks like this one.

    Stops as soon as every count with more than one reading has two values.
    """
    exact = table.counts if table.percentages else {}
    domains = {
        name: read(cell.text, exact.get(name) if not cell.reason else None, most)
        for name, cell in shown.cells.items()
    }
    values = {name: set() for name in table.counts}
    for counts in _tables(domains, table.sums):
        for name, count in counts.items():
            values[name].add(count)
        if all(len(values[name]) > 1 for name in shown.cells if shown.hides(name)):
            break
    return values


def _tables(domains, sums):
    """Give every table with a value for each count and every sum right, one count at a time."""
    if any(not _may_add_up(each, domains) for each in sums):
        return
    name = next((name for name, each in domains.items() if len(each) > 1), None)
    if name is None:
        yield {name: each[0] for name, each in domains.items()}
        return
    for value in domains[name]:
        yield from _tables({**domains, name: [value]}, sums)


def _may_add_up(each, domains):
    parts = [domains[part] for part in each.parts]
    total = domains[each.total]
    return sum(part[0] for part in parts) <= total[-1] and total[0] <= sum(
        part[-1] for part in parts
    )


def reach(table, shown, name):
    """Give the smallest and the largest value of a count in all tables that look the same."""
    names = list(shown.cells)
    place = {each: number for number, each in enumerate(names)}
    rows = np.zeros((len(table.sums), len(names)))
    for row, each in zip(rows, table.sums, strict=True):
        row[place[each.total]] = -1
        row[[place[part] for part in each.parts]] = 1
    cells = shown.cells.values()
    bounds = Bounds(
        [cell.low for cell in cells], [MOST if cell.high is None else cell.high for cell in cells]
    )
    wanted = np.eye(len(names))[place[name]]
    found = [
        milp(
            sign * wanted,
            integrality=np.ones(len(names)),
            bounds=bounds,
            constraints=LinearConstraint(rows, 0, 0),
        )
        for sign in (1, -1)
    ]
    assert all(each.success for each in found)
    low, high = (round(abs(each.fun)) for each in found)
    return low, math.inf if high == MOST else high


def differences(earlier, later, members):
    """Give what somebody in one more referral may have been, by what two pages of a table show.

    `members` says of each kind of referral in which counts it is. Every earlier table that reads as
    the first page is tried with one more referral of each kind, and kept where it reads as the
    second page does.
    """
    domains = [reads_as(text, None, 60) for text in earlier.values()]
    found = set()
    for kind, names in members.items():
        later_domains = [
            [n + (name in names) for n in domain]
            for name, domain in zip(earlier, domains, strict=True)
        ]
        readings = [set(reads_as(text, None, 60)) for text in later.values()]
        if all(readings[n].intersection(each) for n, each in enumerate(later_domains)):
            found.add(kind)
    return found
