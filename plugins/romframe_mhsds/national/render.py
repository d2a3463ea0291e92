"""A preview as a person reads it, as JSON, and as CSV files."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from attrs import asdict

from romframe import Problem, UsageError
from romframe_mhsds.national.model import Pack
from romframe_mhsds.national.preview import Preview
from romframe_mhsds.national.tables import reasons
from romframe_mhsds.submission.files import write_table


def text(found: Preview, *, referrals: bool = False) -> Iterator[str]:
    """Give a preview in lines: figures, reasons, what would change them, and the rules' limits."""
    yield from _head(found)
    yield ""
    yield from _figures(found)
    yield ""
    yield from _reasons(found)
    yield ""
    yield from _effects(found)
    if referrals:
        yield from _lacking(found)
        yield ""
        yield from _listed(found)
    yield ""
    yield from _limits(found.pack)


def pack_lines(pack: Pack) -> Iterator[str]:
    """Give the lines that tell of a pack: what it is, since when it holds, and its sources."""
    until = f"to {pack.end}" if pack.end else "on"
    yield f"{pack.id}: {pack.title}"
    yield f"  from {pack.start} {until}"
    for source in pack.sources:
        yield f"  {source.name} ({source.where}, {source.dated})"
    for reading in pack.readings:
        yield f"  reading {reading.id}: {', '.join(each.id for each in reading.choices)}"


def as_json(found: Preview, *, referrals: bool = False) -> str:
    """Give a preview as one JSON object."""
    pack = found.pack
    told: dict[str, Any] = {
        "pack": pack.id,
        "month": found.month.name,
        "note": _NOT_PUBLISHED,
        "figures": found.figures.to_dicts(),
        "reasons": dict(_tally(found).iter_rows()),
        "effects": found.effects.to_dicts(),
        "would_change": found.would_change.to_dicts(),
        "sources": [asdict(each) for each in pack.sources],
        "publication": asdict(pack.publication),
        "readings": [asdict(each) for each in pack.readings],
        "quirks": [asdict(each) for each in pack.quirks],
    }
    if referrals:
        told["referrals"] = found.referrals.drop(_PERSONAL).to_dicts()
    return json.dumps(told, indent=2, default=str, ensure_ascii=False)


def write(found: Preview, out: Path) -> tuple[str, ...]:
    """Write referrals.csv, figures.csv and would_change.csv; only their owner may read them.

    Raises UsageError where they cannot be written.
    """
    frames = {
        "referrals.csv": _flat(found.referrals),
        "figures.csv": found.figures,
        "would_change.csv": found.would_change,
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in frames.items():
            path = out / name
            path.touch(mode=0o600)
            path.chmod(0o600)
            write_table(path, frame)
    except OSError as error:
        what = f"The preview cannot be written to {out}: {error.strerror}."
        mend = "Name a folder into which you may write."
        raise UsageError(Problem("national-unwritable", what, mend)) from error
    return tuple(frames)


_PERSONAL = ("birth_date", "gender", "residence")  # nobody needs them to find a referral
_NOT_PUBLISHED = (
    "A preview of what the published rules make of this store. It is not the published figure."
)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop(_PERSONAL).with_columns(pl.col("team_types").list.join("; "))


def _head(found: Preview) -> Iterator[str]:
    pack, month = found.pack, found.month
    yield f"{pack.title} ({pack.id}), {month.name}"
    yield _NOT_PUBLISHED
    source = pack.sources[0]
    yield f"Rules as in the published code: {source.name}, copy of {source.dated}."
    if month.end < pack.start or (pack.end is not None and month.start > pack.end):
        yield f"These rules held from {pack.start} to {pack.end or 'now'}, and not in {month.name}."


def _figures(found: Preview) -> Iterator[str]:
    shown = found.figures.filter(pl.col("denominator") > 0)
    if shown.is_empty():
        yield "No referral counts."
        return
    rows = [
        (
            row["group_label"],
            row["cohort"],
            _months(row),
            row["label"],
            f"{row['numerator']}/{row['denominator']}",
            f"{row['percent']:.{found.pack.percent_decimals}f}",
            "" if row["target"] is None else f"{row['target']:g}",
            row["published_percent"],
        )
        for row in shown.iter_rows(named=True)
    ]
    yield from _table(
        ("service", "cohort", "months", "figure", "n", "%", "target", "published"), rows
    )
    publication = found.pack.publication
    mark = "" if publication.verified else " Unverified."
    yield f"Published form: {publication.disclosure}.{mark} {publication.note}"


def _months(row: dict[str, Any]) -> str:
    start, end = row["from_month"], row["to_month"]
    return end if start == end else f"{start} to {end}"


def _tally(found: Preview) -> pl.DataFrame:
    order = {reason: place for place, reason in enumerate(reasons())}
    tally = found.referrals.drop_nulls("reason").group_by("reason").len()
    return tally.sort(pl.col("reason").replace_strict(order, return_dtype=pl.Int64))


def _reasons(found: Preview) -> Iterator[str]:
    total, paired = found.referrals.height, found.referrals["reason"].null_count()
    family = found.pack.families[0].label
    yield f"{total} referrals are looked at; {paired} count and are paired ({family})."
    yield "Why the others are not:"
    told = reasons()
    yield from _table(
        ("n", "reason", "explanation"),
        [(number, reason, told[reason]) for reason, number in _tally(found).iter_rows()],
    )


def _effects(found: Preview) -> Iterator[str]:
    yield f"What would change the figure ({found.pack.families[0].label}):"
    for sentence in found.effects["sentence"]:
        yield f"  {sentence}"
    if found.effects.is_empty():
        yield "  Nothing that is lacked by one step."


def _lacking(found: Preview) -> Iterator[str]:
    named = found.would_change.group_by("lacks", maintain_order=True).agg("referral_id")
    for lacks, ids in named.iter_rows():
        yield f"  {lacks}: {', '.join(ids)}"


def _listed(found: Preview) -> Iterator[str]:
    names = ("referral_id", "service", "cohort", "contacts", "first_on", "last_on", "reason")
    rows = found.referrals.select(pl.col(name).cast(pl.String).fill_null("") for name in names)
    yield from _table(names, list(rows.iter_rows()))


def _limits(pack: Pack) -> Iterator[str]:
    for reading in pack.readings:
        yield f"{reading.question} {reading.chosen.id}: {reading.chosen.says}"
        for choice in reading.choices:
            if choice is not reading.chosen:
                yield f"  or --reading {reading.id}={choice.id}: {choice.says}"
    if pack.quirks:
        yield "Peculiarities of the published code:"
    for quirk in pack.quirks:
        yield f"  {'reproduced' if quirk.reproduced else 'not reproduced'}: {quirk.says}"


def _table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    lines = [list(header), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(header))]
    for line in lines:
        cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join(cells).rstrip()
