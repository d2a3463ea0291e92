"""Published statistics from published inputs; tests/vectors/README.md has the sources.

A source that gives means, SDs and a correlation, and no data, is met with data made to have them.
"""

import functools
import json
import math
from pathlib import Path

import numpy as np
import pytest

import romframe


VECTORS = Path(__file__).parent / "vectors"


@functools.cache
def vectors():
    cases = json.loads((VECTORS / "statistics.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


def made(n, first, last, r):
    """Make n pairs with these means and SDs of first and last, and this correlation."""
    one, other = np.random.default_rng(n).normal(size=(2, n))
    one = one - one.mean()
    other = other - other.mean()
    other = other - (one @ other) / (one @ one) * one
    one, other = (each / each.std(ddof=1) for each in (one, other))
    (mean_1, sd_1), (mean_2, sd_2) = first, last
    mixed = r * one + math.sqrt(1 - r * r) * other
    return (mean_1 + sd_1 * one).tolist(), (mean_2 + sd_2 * mixed).tolist()


def correlation(sd_1, sd_2, sd_change):
    return (sd_1**2 + sd_2**2 - sd_change**2) / (2 * sd_1 * sd_2)


def four(value):
    return pytest.approx(value, abs=5.1e-5)


@pytest.mark.parametrize("text", ["12/40", "0/20", "5/8"])
def test_wilson_intervals(text):
    count, of = map(int, text.split("/"))
    low, high = vectors()["wilson"]["expected"][text]
    found = romframe.share(count, of).interval
    assert (found.low, found.high, found.kind) == (four(low), four(high), "wilson")


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("d_z", "dz"),
        ("hedges_z", "gz"),
        ("d_av_mean", "dav_mean"),
        ("d_av_rms", "dav_rms"),
        ("d_rm", "drm"),
        ("glass_pre", "glass_pre"),
    ],
)
def test_effect_sizes_of_the_data_of_mote(definition, expected):
    case = vectors()["mote_effect_sizes"]
    given = case["inputs"]
    found = romframe.effect_size(given["before"], given["after"], definition=definition)
    assert found.value == four(case["expected"][expected])


@pytest.mark.parametrize(("definition", "name"), [("d_z", "dz_nct"), ("d_av_mean", "dav_nct")])
def test_noncentral_intervals_of_the_data_of_mote(definition, name):
    case = vectors()["mote_effect_sizes"]
    given = case["inputs"]
    found = romframe.effect_size(
        given["before"], given["after"], definition=definition, interval="noncentral_t"
    )
    low, high = case["expected"][name]
    assert (found.interval.low, found.interval.high) == (four(low), four(high))


MOTE_BEFORE, MOTE_AFTER = (5.57, 1.99), (4.43, 2.88)


@pytest.mark.parametrize(
    ("definition", "r", "value", "low", "high"),
    [
        ("d_z", correlation(1.99, 2.88, 2.12), 0.5377358, -0.2791857, 1.317321),
        ("d_av_mean", 0.68, 0.4681725, -0.3334172, 1.236058),
        ("d_rm", 0.68, 0.4318412, -0.3623148, 1.194367),
    ],
)
def test_published_results_of_mote_from_its_rounded_inputs(definition, r, value, low, high):
    """For d_z MOTE is given the SD of the changes, 2.12, and for d_rm the correlation, .68."""
    first, last = made(7, MOTE_BEFORE, MOTE_AFTER, r)
    found = romframe.effect_size(first, last, definition=definition, interval="noncentral_t")
    assert found.value == pytest.approx(value, rel=1e-6)
    assert found.interval.low == pytest.approx(low, rel=1e-6)
    assert found.interval.high == pytest.approx(high, rel=1e-6)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        ("d_z", "dz"),
        ("d_av_mean", "dav_lakens"),
        ("d_av_rms", "dav_rms"),
        ("d_rm", "drm"),
        ("glass_pre", "glass_pre"),
    ],
)
def test_effect_sizes_from_the_figures_of_a_published_study(definition, expected):
    case = vectors()["mujic2018_paired"]
    found = romframe.effect_size(*_mujic(case), definition=definition)
    assert found.value == four(case["expected"][expected])


def test_interval_of_the_mean_change_of_a_published_study():
    case = vectors()["mujic2018_paired"]
    first, last = _mujic(case)
    gains = [start - end for start, end in zip(first, last, strict=True)]
    found = romframe.group_anchor(gains, important=4)
    low, high = case["inputs"]["ci"]
    assert found.mean == pytest.approx(case["expected"]["md"], abs=5e-4)
    assert (found.interval.low, found.interval.high) == (
        pytest.approx(low, abs=5e-4),
        pytest.approx(high, abs=5e-4),
    )


def _mujic(case):
    given, expected = case["inputs"], case["expected"]
    sd_change = expected["md"] / given["t"] * math.sqrt(given["n"])
    assert sd_change == four(expected["sdd"])
    r = correlation(given["sd_pre"], given["sd_post"], sd_change)
    assert r == four(expected["r"])
    last = (given["m_pre"] - expected["md"], given["sd_post"])
    return made(given["n"], (given["m_pre"], given["sd_pre"]), last, r)


def test_every_case_is_used():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [case for case in vectors() if f'"{case}"' not in text] == []
