"""The planted faults: there are some of every kind, and each is written down where it is."""

from collections import Counter
from copy import deepcopy

from romframe_demo.extract import FILES, extract
from romframe_demo.faults import Fault, plant


def test_the_tables_given_are_left_as_they_are(service):
    tables = extract(service)
    before = deepcopy(tables)
    plant(service, tables, 1)
    assert tables == before


def test_the_same_seed_plants_the_same_faults(service, planted):
    assert plant(service, extract(service), 1) == planted
    assert plant(service, extract(service), 2).faults != planted.faults


def test_a_fault_is_noted_once_with_its_place(planted):
    places = [(fault.file, fault.row) for fault in planted.faults]
    assert len(places) == len(set(places))
    for file, row in places:
        assert 1 <= row <= len(planted.tables[file])


def test_every_kind_of_fault_is_planted(planted):
    assert Counter(fault.code for fault in planted.faults) == {
        "answer-invalid": 6,
        "answers-missing": 1,
        "before-referral": 1,
        "code-unlisted": 2,
        "date-future": 6,
        "date-order": 1,
        "date-unreadable": 2,
        "rows-conflict": 10,
        "unknown-referral": 3,
        "value-missing": 1,
    }


def test_faults_and_repeats_are_all_that_was_changed(service, planted):
    """Every row that is no fault stands in the extract too, as often as it was not repeated."""
    faulty = {(fault.file, fault.row) for fault in planted.faults}
    repeats = 0
    for file, clean in extract(service).items():
        known = {tuple(row.items()) for row in clean}
        sound = [
            tuple(row.items())
            for number, row in enumerate(planted.tables[file], 1)
            if (file, number) not in faulty
        ]
        assert set(sound) <= known
        alike = len(clean) - len(known)  # returns without a name can be
        repeats += len(sound) - len(set(sound)) - alike
    assert repeats == planted.repeats == 15


def test_faults_sort_by_file_and_row():
    assert Fault("core10", 2, "b") < Fault("core10", 3, "a") < Fault("honos", 1, "a")


def test_patients_and_referrals_that_forms_hang_on_have_no_fault(service, planted):
    bad = {planted.tables[f.file][f.row - 1]["RefNo"] for f in planted.faults if f.file == FILES[1]}
    assert bad.isdisjoint(each.id for each in service.referrals)
