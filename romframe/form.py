"""An instrument as a form on paper or screen: one HTML page that needs nothing else."""

from collections.abc import Iterator
from importlib.resources import files

from attrs import frozen

from romframe.errors import PluginError, Problem
from romframe.instruments.model import Instrument, Item, ResponseScale
from romframe.wording import Said, Wording


LOCALE = "en"  # of the page's own words
_MOST_BOXES = 11  # of a scale of numbers; a longer one gets a field to write into
_ROWS = 3  # of goals or problems, where the spec sets no limit


@frozen
class Box:
    """One answer to tick: its code, and what it says beside it, if anything."""

    code: str
    said: Said | None


@frozen
class Question:
    """One item: its number on the form, its words, its boxes and what to write otherwise.

    `kind` is the item's response scale's kind, or `boxes` where there is nothing but boxes.
    """

    id: str
    number: int
    said: Said
    scale: ResponseScale
    kind: str
    boxes: tuple[Box, ...]
    hint: str


@frozen
class Part:
    """Questions under a heading, which may be empty."""

    heading: str
    questions: tuple[Question, ...]


def form(words: Wording) -> str:
    """Give the form as an HTML page. Raises PluginError where jinja2 is not installed."""
    try:
        from jinja2 import Environment, StrictUndefined  # noqa: PLC0415  (an extra)
    except ModuleNotFoundError as error:
        what = "Forms need jinja2, which is not installed."
        mend = "Install it with: pip install 'romframe[report]'."
        raise PluginError(Problem("report-library-missing", what, mend)) from error
    source = files("romframe").joinpath("templates/form.html").read_text(encoding="utf-8")
    templates = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    parts = tuple(_parts(words))
    return templates.from_string(source).render(
        instrument=words.instrument,
        locale=LOCALE,
        pack=words.pack,
        title=words.say_title(),
        parts=parts,
        mixed=words.pack is not None and any(_has_ours(part) for part in parts),
        rows=_rows(words.instrument),
    )


def _rows(instrument: Instrument) -> list[str]:
    """Give the heading of each goal or problem of a form that repeats; else one without words."""
    repeats = instrument.repeats
    if repeats is None:
        return [""]
    name = repeats.by.removesuffix("_id").replace("_", " ").capitalize()
    return [f"{name} {row}" for row in range(1, (repeats.at_most or _ROWS) + 1)]


def _parts(words: Wording) -> Iterator[Part]:
    """Give the items in their order, under the headings of their sections.

    Sections that take turns have no headings: those would cut the form into pieces.
    """
    questions: list[tuple[str, Question]] = [
        (item.section, _question(words, item, number))
        for number, item in enumerate(words.instrument.items, 1)
    ]
    sections = [section for section, _ in questions]
    starts = [n for n, section in enumerate(sections) if n == 0 or section != sections[n - 1]]
    if len(starts) > len(set(sections)):
        starts = [0]
        sections = [""]
    for start, end in zip(starts, [*starts[1:], len(questions)], strict=True):
        heading = sections[start]
        inside = tuple(question for _, question in questions[start:end])
        yield Part(heading[:1].upper() + heading[1:], inside)


def _question(words: Wording, item: Item, number: int) -> Question:
    scale = item.scale
    codes = _codes(scale)
    kind = "boxes" if scale.kind == "coded" or len(codes) > len(scale.missing) else scale.kind
    boxes = tuple(_box(words, scale, code) for code in codes)
    hint = _hint(words.instrument, item)
    return Question(item.id, number, words.say_item(item.id), scale, kind, boxes, hint)


def _codes(scale: ResponseScale) -> list[int | str]:
    """Give the codes that have boxes: options, a few whole numbers, codes of missing answers."""
    codes: list[int | str] = [option.code for option in scale.options]
    if scale.kind == "number" and scale.step == 1 and scale.low is not None:
        numbers = range(int(scale.low), int(scale.high or 0) + 1)
        codes += numbers if len(numbers) <= _MOST_BOXES else ()
    return [*codes, *(code for code, _ in scale.missing)]


def _box(words: Wording, scale: ResponseScale, code: int | str) -> Box:
    said = words.say_option(scale.id, code)
    return Box(str(code), None if said.text == str(code) else said)


def _hint(instrument: Instrument, item: Item) -> str:
    if item.required_when is not None:
        ids = [each.id for each in instrument.items]
        *most, last = map(str, item.required_when.codes)
        codes = f"{', '.join(most)} or {last}" if most else last
        return f"Needed if the answer to item {ids.index(item.required_when.item) + 1} is {codes}."
    return "" if item.required else "May be left out."


def _has_ours(part: Part) -> bool:
    return any(
        said is not None and said.ours
        for question in part.questions
        for said in (question.said, *(box.said for box in question.boxes))
    )
