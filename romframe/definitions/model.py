"""What a form in another format asks, on its way to a spec, and what either side cannot say."""

from collections.abc import Mapping
from typing import Any, Literal

from attrs import field, frozen

from romframe.instruments.model import Condition


@frozen
class Unsaid:
    """Something that one side says and the other cannot: a code, where it stands, what it is.

    `where` is a path in the spec or the draft, such as `scores.total.bands`, or a place in the
    file. What is said of a path holds for everything below it.
    """

    code: str
    where: str
    what: str


@frozen
class AskedOption:
    """One answer that a form offers.

    `text` is the form's wording, `label` a short label that is known to be ours, `value` what the
    answer counts, None where the form does not say so.
    """

    code: str
    text: str = ""
    value: float | None = None
    label: str = ""


@frozen
class AskedItem:
    """One question of a form, by the name that the form has for it.

    `scale` is the form's name for its list of answers, `section` and `label` are known to be no
    one's wording. `required` is None where the form does not say. `when` names another item and its
    codes, as text. `reversed` items have the values of their list, before they are turned; those
    that are known to be in no score do not count.
    """

    name: str
    kind: Literal["coded", "number", "text"]
    text: str = ""
    label: str = ""
    scale: str = ""
    options: tuple[AskedOption, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float = 1
    section: str = ""
    required: bool | None = None
    when: Condition | None = None
    codes: Mapping[str, str] = field(factory=dict)
    reversed: bool = False
    counts: bool = True


@frozen
class AskedScore:
    """A sum that a form works out from answers, if every one of them is there."""

    name: str
    items: tuple[str, ...]
    title: str = ""


@frozen
class AskedForm:
    """A form as a reader of another format understands it.

    `unsaid` lists what it does not understand, or what no spec can say. `file` is the file's name.
    """

    file: str
    id: str
    title: str
    items: tuple[AskedItem, ...]
    scores: tuple[AskedScore, ...] = ()
    version: str = ""
    locale: str = ""
    note: str = ""
    terms: str = ""
    unsaid: tuple[Unsaid, ...] = ()


@frozen
class DefinitionDraft:
    """A spec to be finished by a person: its data, what is left open, and the file's own words.

    `wording` is the content of a wording pack, for the site whose file it was; None where the file
    has no words.
    """

    spec: Mapping[str, Any]
    unsaid: tuple[Unsaid, ...] = ()
    wording: Mapping[str, Any] | None = None
