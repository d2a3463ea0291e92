"""How answers are sent whose national codes are not their own, as a service's config says it.

Under `exports: {mhsds: {sent_as: ...}}` stand instruments, their response scales, and for each code
of a scale the text that is sent for it. It overrides what the spec says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from romframe import FrameworkError, Instrument, Problem, did_you_mean
from romframe_mhsds.codes.codelist import CodeList
from romframe_mhsds.codes.coding import SentAs
from romframe_mhsds.codes.scale import Scale


if TYPE_CHECKING:
    from romframe import Workspace

_PLACE = ("exports", "mhsds", "sent_as")
_Said = Mapping[str, Mapping[int | str, int | str]]
_Report = Callable[[Sequence[int | str], str, str, str], None]


def read_orientation(
    workspace: Workspace, option: Mapping[str, _Said], codes: CodeList
) -> dict[str, SentAs]:
    """Give, by instrument and response scale, the texts that stand for answers.

    Raises FrameworkError with everything in the option that does not fit the instruments, or the
    scores that are valid for their ids.
    """
    problems: list[Problem] = []

    def report(keys: Sequence[int | str], code: str, what: str, mend: str) -> None:
        path = (*_PLACE, *keys)
        place = workspace.config.document.place(path)
        place = place._replace(field=".".join(map(str, path)))
        problems.append(Problem(code, what, mend, place))

    for name, scales in option.items():
        if name in workspace.instrument_ids:
            _check(workspace.instrument(name), name, scales, codes, report)
        else:
            mend = did_you_mean(name, workspace.instrument_ids)
            report([name], "mhsds-sent-as-name", f"There is no measure {name!r}.", mend)
    if problems:
        raise FrameworkError(problems)
    return {
        workspace.instrument(name).id: {
            scale: {str(code): str(text) for code, text in texts.items()}
            for scale, texts in scales.items()
        }
        for name, scales in option.items()
    }


def _check(
    instrument: Instrument, name: str, scales: _Said, codes: CodeList, report: _Report
) -> None:
    own = {item.scale.id: item.scale for item in instrument.items if item.scale.options}
    for scale_id, texts in scales.items():
        keys = [name, scale_id]
        if scale_id not in own:
            what = f"{name} has no response scale {scale_id!r} with codes."
            report(keys, "mhsds-sent-as-name", what, did_you_mean(scale_id, own))
            continue
        options = [str(option.code) for option in own[scale_id].options]
        for code in (each for each in texts if str(each) not in options):
            what = f"The response scale {scale_id} has no code {str(code)!r}."
            mend = did_you_mean(code, options)
            report([*keys, code], "mhsds-sent-as-name", what, mend)
        missing = [code for code in options if code not in set(map(str, texts))]
        if missing:
            what = f"It is not said what is sent for {', '.join(missing)}."
            mend = f"Give a text for each of {', '.join(options)}."
            report(keys, "mhsds-sent-as-gap", what, mend)
        _check_texts(keys, texts, _valid(instrument, scale_id, codes), report)


def _check_texts(
    keys: Sequence[str],
    texts: Mapping[int | str, int | str],
    valid: Sequence[Scale],
    report: _Report,
) -> None:
    given = [str(text) for text in texts.values()]
    for code, text in zip(texts, given, strict=True):
        refusing = next((scale for scale in valid if not scale.takes(text)), None)
        if refusing is not None:
            what = f"{text!r} is not valid for {refusing.concept_id}."
            mend = f"Valid for it: {refusing.valid_scores}."
            report([*keys, code], "mhsds-sent-as-text", what, mend)
    for text in sorted({each for each in given if given.count(each) > 1}):
        what = f"Several answers would be sent as {text!r}."
        report(keys, "mhsds-sent-as-text", what, "Give each answer a text of its own.")


def _valid(instrument: Instrument, scale_id: str, codes: CodeList) -> list[Scale]:
    """Give the accepted ids of the items that are answered on a scale."""
    items = [item for item in instrument.items if item.scale.id == scale_id]
    ids = [code.id for item in items for code in item.codes]
    ids += [each for item in items for each in item.slot_codes.get("snomed", ())]
    return [codes.accepted[each] for each in ids if each in codes.accepted]
