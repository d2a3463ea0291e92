"""A draft as the text of a spec file, with what is left open above it as comments."""

from romframe.definitions.model import DefinitionDraft
from romframe.definitions.naming import tidy
from romframe.instruments.loader import dump_spec


def draft_text(draft: DefinitionDraft, file: str) -> str:
    """Give a draft as YAML; what is left open stands in its first lines."""
    lines = [
        f"# A draft, read from {tidy(file)}. It loads, and it is for you to finish.",
        "# What that file does not say, or says in a way that a spec cannot:",
        *(f"# - {tidy(f'{each.where}: {each.what}')} [{each.code}]" for each in draft.unsaid),
    ]
    return "\n".join([*lines, "", dump_spec(draft.spec)])


def wording_text(draft: DefinitionDraft) -> str:
    """Give the words of a draft's file as a wording pack. KeyError if it has none."""
    if draft.wording is None:
        raise KeyError("wording")
    return dump_spec(draft.wording)
