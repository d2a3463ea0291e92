"""The store: one SQLite file a workspace, the system of record."""

from romframe.store.batches import Batch, ImportResult
from romframe.store.imports import Part
from romframe.store.store import Store


__all__ = ["Batch", "ImportResult", "Part", "Store"]
