"""An outside file, read by a plugin's importer and stored like any file of ours: all or nothing."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import polars as pl
from attrs import evolve, frozen

from romframe.errors import DataError, Place, Problem, UsageError
from romframe.importing.mapping import Mapping, load_mapping
from romframe.importing.prepared import REJECTED
from romframe.ingest import Imported, Source, digest_of, find_target
from romframe.instruments.model import AnswerState
from romframe.offers import FileContent, Importer, Incoming
from romframe.store import Batch, Part
from romframe.workspace import Workspace


_CHOICES = {"corrections": ("refuse", "accept"), "unknown_referrals": ("reject", "create")}


@frozen
class Outside:
    """What an importer read of a file, sorted into what can be stored and what cannot.

    `unread` are the rows of which it could make nothing, with their reasons.
    """

    importer: str
    file: Path
    parts: tuple[Part, ...]
    unread: pl.DataFrame
    notices: tuple[str, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each part is of, then the importer's own name for the unread rows."""
        return (*(part.target.id for part in self.parts), self.importer)


def read_outside(
    workspace: Workspace,
    file: Path,
    importer: str,
    *,
    mapping: Path | None = None,
    actor: str,
    now: datetime,
) -> Outside:
    """Read a file or folder with the importer of this name; nothing is stored.

    Raises PluginError if there is no such importer or it fails, UsageError if it takes no mapping
    file, DataError if there is no such file, for a mapping file that is not valid, and what the
    importer itself says of a file that it cannot read.
    """
    host = workspace.catalogue.host
    offer: Importer = host.find("importers", importer)
    reading = _reading(offer, mapping)
    digest = _digest(file)

    def read() -> tuple[FileContent, pl.DataFrame]:
        content = reading(workspace, file)
        return content, _checked(content)

    content, unread = host.guard("importers", importer, read)
    own = Batch(file.name, digest, digest_of(mapping) if mapping else "", actor, now)
    parts = tuple(_part(workspace, each, file, own) for each in content.parts)
    return Outside(importer, file, parts, unread, content.notices)


def _reading(offer: Importer, mapping: Path | None) -> Callable[[Workspace, Path], FileContent]:
    """Give how the importer reads, with the mapping file where there is one."""
    if mapping is None:
        return offer.read
    mapped = offer.read_mapped
    if mapped is None:
        what = f"The importer {offer.name!r} takes no mapping file."
        raise UsageError(Problem("importer-unmapped", what, "Leave --map out."))
    known = load_mapping(mapping)
    return lambda workspace, file: mapped(workspace, file, known)


def import_outside(
    workspace: Workspace,
    file: Path,
    importer: str,
    *,
    mapping: Path | None = None,
    actor: str,
    now: datetime,
) -> tuple[Outside, list[Imported]]:
    """Import a file or folder with the importer of this name, all of it or nothing.

    Every part is an import of its own, and the rows of which the importer could make nothing are
    the last. Raises as `read_outside` does, and StoreError where it cannot be stored.
    """
    outside = read_outside(workspace, file, importer, mapping=mapping, actor=actor, now=now)
    batch = Batch(file.name, _digest(file), digest_of(mapping) if mapping else "", actor, now)
    results = workspace.store.import_parts(
        outside.parts, outside.unread, importer=importer, batch=batch
    )
    none = outside.unread.clear().drop("raw")
    warnings = [*(part.prepared.warnings for part in outside.parts), none]
    return outside, [Imported(*each) for each in zip(results, warnings, strict=True)]


def _checked(content: object) -> pl.DataFrame:
    """Give the unread rows in their form; raises what makes a fault of the importer."""
    if not isinstance(content, FileContent):
        raise TypeError(f"it gave a {type(content).__name__}, not a FileContent")
    for part in content.parts:
        _check_part(part)
    if not all(isinstance(notice, str) for notice in content.notices):
        raise TypeError("its notices are not sentences")
    twice = _twice(part.target for part in content.parts if part.mapping is None)
    if twice:
        raise ValueError(f"it gave two parts of {', '.join(twice)}")
    unread = pl.DataFrame(schema=REJECTED) if content.unread is None else content.unread
    return unread.select(_given(name).cast(dtype) for name, dtype in REJECTED.items())


def _check_part(part: object) -> None:
    if not isinstance(part, Incoming):
        raise TypeError(f"it gave a {type(part).__name__}, not an Incoming")
    if not isinstance(part.frame, pl.DataFrame):
        raise TypeError(f"the rows of {part.target} are not a polars DataFrame")
    for name, known in _CHOICES.items():
        if getattr(part, name) not in known:
            raise ValueError(f"{name} of {part.target} is none of {', '.join(known)}")
    unknown = set(part.missing_codes.values()) - set(AnswerState)
    if unknown:
        raise ValueError(f"missing_codes of {part.target} name no answer state: {min(unknown)}")


def _given(name: str) -> pl.Expr:
    """Give a column of unread rows; row 0 stands for the whole file."""
    return pl.col(name).fill_null(0 if name == "row" else "")


def _twice(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})


def _part(workspace: Workspace, incoming: Incoming, file: Path, own: Batch) -> Part:
    states = {code: AnswerState(state) for code, state in incoming.missing_codes.items()}
    mapping, coding = incoming.mapping, None
    if mapping is None:
        coding = incoming.coding
        mapping = Mapping(
            corrections=incoming.corrections,
            unknown_referrals=incoming.unknown_referrals,
            anonymous=incoming.anonymous,
        )
    mapping = evolve(mapping, missing_codes={**states, **mapping.missing_codes})
    target = find_target(workspace, incoming.target)
    origin = Source(target, mapping, own.mapping_digest, coding, workspace.config.timezone)
    prepared = origin.prepare(incoming.frame, workspace, str(file))
    batch = origin.batch(own.file_name, own.file_digest, own.actor, own.now)
    return Part(prepared, incoming.frame, target, batch)


def _digest(file: Path) -> str:
    """Give the digest of a file; of a folder, that of its files' names and digests."""
    try:
        if not file.is_dir():
            return digest_of(file)
        files = sorted(each for each in file.iterdir() if each.is_file())
        listed = "\n".join(f"{each.name} {digest_of(each)}" for each in files)
        return hashlib.sha256(listed.encode()).hexdigest()
    except OSError as error:
        what = f"This cannot be read: {error.strerror}."
        mend = "Check that it exists and that you may read it."
        raise DataError(Problem("file-unreadable", what, mend, Place(str(file)))) from error
