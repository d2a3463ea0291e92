"""Sentences of templates, by the one mechanism of `romframe.gettext` and `romframe.ngettext`.

A template says them as `{% trans %}` or `_()`. What stands for a placeholder is escaped, and a
mean alone is refused there as anywhere on a page.
"""

from typing import Any

from jinja2 import Environment
from markupsafe import Markup, escape

from romframe import gettext, ngettext, spoken, word
from romframe_report.whole import refuse


def translate(templates: Environment) -> None:
    """Let templates say sentences in the language that is spoken; they must be autoescaped."""
    templates.newstyle_gettext = True  # type: ignore[attr-defined]
    templates.globals |= {"_": _gettext, "gettext": _gettext, "ngettext": _ngettext}
    templates.globals["language"] = spoken
    templates.filters["said"] = word


def _gettext(sentence: str, /, **values: Any) -> Markup:
    return Markup(gettext(sentence, **_escaped(values)))  # noqa: S704  (the values are escaped)


def _ngettext(one: str, several: str, n: int, /, **values: Any) -> Markup:
    said = ngettext(one, several, n, **_escaped(values))
    return Markup(said)  # noqa: S704  (the values are escaped)


def _escaped(values: dict[str, Any]) -> dict[str, Markup]:
    return {name: escape(refuse(value)) for name, value in values.items()}
