"""Interleaved rounds, medians of per-round ratios, and a verdict against the bar."""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path


_USUAL = Path(tempfile.gettempdir()) / "romframe-benchmarks"
DATA = Path(os.environ.get("ROMFRAME_BENCHMARK_DATA", _USUAL))
RESULTS: list[dict[str, object]] = []


def race(rounds: int, **cases: Callable[[], object]) -> dict[str, list[float]]:
    """Time each case once a round, in turn, and give the seconds of every round."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name, case in cases.items():
            start = time.perf_counter()
            case()
            times[name].append(time.perf_counter() - start)
    return times


def ratio(times: dict[str, list[float]], over: str, under: str) -> float:
    """Give the median over rounds of one case's time divided by another's."""
    pairs = zip(times[over], times[under], strict=True)
    return statistics.median(a / b for a, b in pairs)


def report(name: str, figure: float, bar: float, *, at_least: bool, unit: str = "x") -> None:
    """Print a figure beside its bar and keep it."""
    held = figure >= bar if at_least else figure <= bar
    word = "at least" if at_least else "at most"
    print(f"{'ok  ' if held else 'MISS'}  {name}: {figure:.2f} {unit} (bar: {word} {bar:g} {unit})")
    RESULTS.append(
        {"name": name, "figure": round(figure, 3), "unit": unit, "bar": bar, "held": held}
    )


def save(path: Path) -> None:
    """Write what was measured, with the machine it was measured on."""
    machine = {
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
        "system": platform.system(),
    }
    path.write_text(json.dumps({"machine": machine, "results": RESULTS}, indent=2) + "\n")
