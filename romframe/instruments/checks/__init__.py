"""What a schema cannot say of a spec: references, overlaps, ranges, thresholds without a source.

The checks work on plain data, so that a fault in one entry does not hide faults in the others. An
entry that has a fault already is passed over by the checks after it, so that nothing is said twice.
"""

from romframe.instruments.checks import answers, references, rules, scores
from romframe.instruments.checks.spec import Spec
from romframe.instruments.schema import Vocabulary
from romframe.yaml_source import Document


CHECKS = (
    answers.check_scales,
    answers.check_items,
    answers.check_codings,
    scores.check_scores,
    rules.check_rules,
    references.check_repeats,
    references.check_derivations,
    references.check_cut_offs,
    references.check_sources,
    references.check_terminology,
    references.check_unused,
)


def check(document: Document, vocabulary: Vocabulary) -> None:
    """Report every fault that stands between parts of the spec."""
    spec = Spec(document, vocabulary)
    for each in CHECKS:
        each(spec)
