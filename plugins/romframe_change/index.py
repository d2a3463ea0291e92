"""An index of change as a change method: what it is made of, and how it becomes a class."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from attrs import evolve, frozen

from romframe import (
    CUT_OFF,
    ChangeInputs,
    ChangeMethod,
    ChangeVerdict,
    change_class,
    clinical_move,
    combined_class,
)
from romframe_change.figures import Figures, figures
from romframe_change.schemas import ABOVE_ZERO, RELIABILITY


Z_95 = 1.959964
Formula = Callable[[ChangeInputs, Figures], pl.Expr]
Combine = Callable[[ChangeInputs, Figures, pl.Expr], ChangeVerdict]


def _combine(inputs: ChangeInputs, _: Figures, reliable: pl.Expr) -> ChangeVerdict:
    move = clinical_move(inputs)
    return ChangeVerdict(combined_class(reliable, move), reliable, move)


@frozen
class Index:
    """An index: its formula, the figures that it uses, and its constants beside the reliability.

    The number that the formula gives is negative where the last score is low. `z` is what its size
    must pass, `combine` how it goes together with a cut-off.
    """

    name: str
    formula: Formula
    uses: tuple[str, ...]
    constants: Mapping[str, Any]
    z: float = Z_95
    combine: Combine = _combine

    def number(self, inputs: ChangeInputs, group: Figures) -> pl.Expr:
        """Give the index itself, null where it is not to be had."""
        found = self.formula(inputs, group)
        return pl.when(group.enough & found.is_finite()).then(found)

    def judge(self, inputs: ChangeInputs) -> ChangeVerdict:
        """Give the class of change and, where the rule has a cut-off, of both together."""
        inputs = evolve(inputs, params={"z": self.z, **inputs.params})
        z, group = inputs.params["z"], figures(inputs, self.uses)
        number = self.number(inputs, group)
        reliable = change_class(number if inputs.better == "higher" else -number, {"more_than": z})
        verdict = ChangeVerdict(reliable, reliable)
        if "cut_off" in inputs.params:
            verdict = self.combine(inputs, group, reliable)
        return evolve(verdict, constants=_said(z, group))

    @property
    def method(self) -> ChangeMethod:
        """The index as specs may name it."""
        params = {
            "reliability": RELIABILITY,
            **self.constants,
            "z": ABOVE_ZERO,
            "cut_off": {**CUT_OFF, "required": False},
        }
        return ChangeMethod(self.name, self.judge, params)


def _said(z: float, group: Figures) -> pl.Expr:
    passed = pl.lit(f"index beyond {z}")
    return passed if group.said is None else pl.concat_str(passed, group.said, separator="; ")
