"""The names under which romframe's things go by in FHIR: what is ours, and what is FHIR's own."""

QUESTIONNAIRE = "urn:romframe:questionnaire:"  # and the measure's id; |version follows
CODES = "urn:romframe:codes:"  # and the measure's id: the codes of its answers
SCORES = "urn:romframe:scores:"  # and the measure's id: the ids of its scores
ID = "urn:romframe:id:"  # and what it is the id of: referral, service_user, ...

SECTION = "section."  # and a number: the linkId of the group that holds the items of a section
ASSESSMENT = "urn:romframe:assessment"  # extension: what FHIR has no element for
SCORE = "urn:romframe:score"  # extension: how a score came about

ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
ITEM_WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
ORDINAL_VALUE = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
UNITS = "http://unitsofmeasure.org"
SYSTEMS = {"snomed": "http://snomed.info/sct", "loinc": "http://loinc.org"}


def canonical(instrument: str, version: str) -> str:
    """Name a version of a measure as a questionnaire."""
    return f"{QUESTIONNAIRE}{instrument}|{version}"
