"""Pairs may be made under another policy than the service's own, and nothing else changes."""

from polars.testing import assert_frame_equal

from romframe.pairing import BASELINE_AND_DISCHARGE, PairingPolicy


def pairs(changes):
    chosen = changes.filter(changes["verdict"].cast(str) == "paired")
    return {row["referral_id"]: (row["first"], row["last"]) for row in chosen.to_dicts()}


def test_the_services_own_policy_is_used_unless_another_is_given(workspace):
    own = workspace.changes("core_10", "total")
    assert pairs(own) == {"R1": (40, 10), "R4": (10, 30)}
    assert_frame_equal(workspace.changes("core_10", "total", policy=workspace.config.pairing), own)


def test_two_policies_pair_one_score_in_two_ways(workspace):
    before = workspace.changes("core_10", "total")
    assert pairs(workspace.changes("core_10", policy=BASELINE_AND_DISCHARGE)) == {"R1": (40, 10)}
    late = PairingPolicy("late", ("review",), ("review", "discharge"))
    assert pairs(workspace.changes("core_10", policy=late)) == {"R1": (20, 10), "R4": (10, 30)}
    assert_frame_equal(workspace.changes("core_10", "total"), before)
    assert workspace.config.pairing.id == "first_and_last"


def test_a_second_measure_of_a_rule_is_paired_under_the_same_policy(workspace):
    """PHQ-9 stays as it is; GAD-7 is better at discharge, and not yet at the review."""
    rule = "talking_therapies_with_gad_7"
    classes = {}
    for last in ("review", "discharge"):
        policy = PairingPolicy(last, ("assessment",), (last,))
        found = workspace.changes("phq_9", "total", rule, policy=policy)
        classes[last] = found.filter(found["referral_id"] == "R1")["class"].item()
    assert classes == {"review": "unchanged", "discharge": "improved"}
