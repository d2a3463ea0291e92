"""What a framework may name, wherever it is read: in a workspace, or with plugins alone."""

from collections.abc import Mapping

from attrs import evolve, frozen

from romframe.catalogue import Catalogue
from romframe.change import rules_for
from romframe.frameworks.model import FrameworkMeasure
from romframe.instruments.model import ChangeRule, Instrument
from romframe.offers import Indicator
from romframe.pairing import FIRST_AND_LAST, POLICIES, PairingPolicy


@frozen
class Terms:
    """Instruments, change rules, indicators and pairing policies by name.

    `pairing` is the policy of a framework that names none; `events` are kinds of event that have
    been recorded, beside those that everybody knows.
    """

    catalogue: Catalogue
    pairings: Mapping[str, PairingPolicy] = POLICIES
    pairing: PairingPolicy = FIRST_AND_LAST
    events: tuple[str, ...] = ()

    def instrument(self, name: str) -> Instrument:
        """Give an instrument by name; raises as `Catalogue.instrument` does."""
        return self.catalogue.instrument(name)

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The indicators that plugins offer, by name."""
        return self.catalogue.host.registry("indicators")

    def rule(self, measure: FrameworkMeasure) -> ChangeRule | None:
        """Give the change rule of a measure; None where its change has no class."""
        rules = rules_for(self.instrument(measure.instrument), measure.score)
        return rules[measure.rule] if measure.rule else None

    def classes(self, rule: ChangeRule) -> tuple[str, ...]:
        """Give the classes of change that a rule can give."""
        return self.catalogue.change_methods[rule.method].classes_of(rule.params)

    def paired_by(self, named: str) -> PairingPolicy:
        """Give the pairing policy of this name, or without a name that of the workspace."""
        return self.pairings[named] if named else self.pairing

    def policy(self, named: str, measure: FrameworkMeasure) -> PairingPolicy:
        """Give the pairing policy of a measure in a framework that names this one, or none."""
        policy = self.paired_by(named)
        first = measure.first or policy.first_timepoints
        last = measure.last or policy.last_timepoints
        return evolve(policy, first_timepoints=first, last_timepoints=last)
