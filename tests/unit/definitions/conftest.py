import json

import pytest
from click.testing import CliRunner

from romframe.cli import cli
from romframe.definitions.text import draft_text
from romframe.instruments.loader import parse_instrument


ITEM_WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"


@pytest.fixture
def loads(shipped):
    """Say that a draft loads, and give the instrument."""

    def loads(draft):
        return parse_instrument(draft_text(draft, "made up"), "draft", shipped.vocabulary)

    return loads


@pytest.fixture
def romframe():
    def romframe(*args):
        return CliRunner().invoke(cli, [str(arg) for arg in args])

    return romframe


@pytest.fixture
def questionnaire(tmp_path):
    """Write a Questionnaire with these items, and give the file."""

    def questionnaire(*items, **more):
        path = tmp_path / "made_up.json"
        whole = {"resourceType": "Questionnaire", "status": "draft", "item": items, **more}
        path.write_text(json.dumps(whole), encoding="utf-8")
        return path

    return questionnaire


def extension(url, **value):
    return {"url": url, **value}


def weighed(code, weight=None, url=ITEM_WEIGHT, **coding):
    """Give an answer with its weight, as on the answer itself."""
    option = {"valueCoding": {"code": code, **coding}}
    return option | ({} if weight is None else {"extension": [extension(url, valueDecimal=weight)]})


def choice(name, *options, **more):
    return {"linkId": name, "type": "choice", "answerOption": list(options), **more}


def said(draft, *codes):
    """Give what is listed of a draft under some codes."""
    return {(each.where, each.what) for each in draft.unsaid if each.code in codes}


def places(draft, code):
    return [each.where for each in draft.unsaid if each.code == code]
