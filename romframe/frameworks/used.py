"""Which measures a framework names, wherever in it."""

from romframe.frameworks.model import Framework


def used_measures(framework: Framework) -> set[str]:
    """Give the names of the instruments of its figures, schedules and indicators."""
    figures = [each for outcome in framework.outcomes for each in outcome.measures]
    indicators = [each for outcome in framework.outcomes for each in outcome.indicators]
    scheduled = {name for each in framework.timing for name in each.instruments}
    asked = {each.params["instrument"] for each in indicators if "instrument" in each.params}
    return {each.instrument for each in figures} | scheduled | asked
