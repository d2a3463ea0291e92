"""Tables to attack."""

from romframe.disclosure import CountTable, Sum


def grid(rows, **more):
    """Make a table of rows and columns with all their totals."""
    width = range(len(rows[0]))
    counts = {f"r{r}c{c}": n for r, row in enumerate(rows) for c, n in enumerate(row)}
    by_row = [Sum(f"r{r}", tuple(f"r{r}c{c}" for c in width)) for r in range(len(rows))]
    by_column = [Sum(f"c{c}", tuple(f"r{r}c{c}" for r in range(len(rows)))) for c in width]
    counts |= {each.total: sum(counts[n] for n in each.parts) for each in (*by_row, *by_column)}
    ends = [Sum("all", tuple(each.total for each in both)) for both in (by_row, by_column)]
    counts["all"] = sum(counts[each.total] for each in by_row)
    return CountTable("grid", counts, (*by_row, *by_column, *ends), **more)


def line(*parts, shares=False, **more):
    """Make a row of counts with its total."""
    counts = {f"p{number}": part for number, part in enumerate(parts)}
    names = tuple(counts)
    told = {"all": names} if shares else {}
    return CountTable(
        "line", counts | {"all": sum(parts)}, (Sum("all", names),), shares=told, **more
    )


def texts(shown):
    """Give what is shown of a table, in order."""
    return [cell.text for cell in shown.cells.values()]


def reasons(shown):
    """Give why each count is hidden; those that are shown are left out."""
    return {name: cell.reason for name, cell in shown.cells.items() if cell.reason}
