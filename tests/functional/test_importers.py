"""`romframe import --from`: what a plugin reads of an outside file is stored whole or not."""

import pytest


PLUGIN = """
import csv
import json

import polars as pl
from romframe import FileContent, Importer, Incoming, hookimpl


def read(workspace, path):
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    rows = [row for file in files for row in csv.reader(file.read_text().splitlines())]
    if rows[0] == ["broken"]:
        raise ZeroDivisionError("half way")
    if rows[0] == ["nothing"]:
        return FileContent()
    if rows[0] == ["odd"]:
        return rows
    if rows[0] == ["twice"]:
        frame = pl.DataFrame({"service_user_id": ["P1"]})
        return FileContent((Incoming("service_user", frame), Incoming("service_user", frame)))
    if rows[0] == ["unknown"]:
        return FileContent((Incoming("moods", pl.DataFrame({"x": [1]})),))
    if rows[0][0] == "wrong":
        return eval(rows[0][1])
    people = {row[1]: row[1] for row in rows if row[0] == "referral"}
    frame = pl.DataFrame({"service_user_id": sorted(people)})
    referrals = pl.DataFrame(
        [(row[2], row[1], row[3]) for row in rows if row[0] == "referral"],
        ["referral_id", "service_user_id", "received_on"],
        orient="row",
    )
    mood = [row for row in rows if row[0] == "wsas"]
    answers = pl.DataFrame(
        [(row[1], row[2], *row[3]) for row in mood],
        ["referral_id", "completed_at", *(f"q{n}" for n in range(1, 6))],
        orient="row",
    ).with_columns(rater=pl.lit("service_user"))
    unread = [
        (number, "line-unknown", "", "It is of no kind.", "Leave it out.", json.dumps(row))
        for number, row in enumerate(rows, 1)
        if row[0] not in ("referral", "wsas")
    ]
    names = ["row", "code", "column", "what", "mend", "raw"]
    return FileContent(
        (
            Incoming("service_user", frame),
            Incoming("referral", referrals),
            Incoming("wsas", answers, coding="stored"),
        ),
        pl.DataFrame(unread, names, orient="row") if unread else None,
        ("It is an old file.",),
    )


@hookimpl
def register_importers(register):
    register(Importer("lines", "Lines of two kinds", read))
"""
LINES = "referral,P1,R1,2026-01-05\nwsas,R1,2026-02-01,12345\nwsas,R9,2026-02-01,12345\nnoise,x\n"


@pytest.fixture
def service(run, tmp_path):
    place = tmp_path / "service"
    run("init", place)
    (place / "plugins" / "lines.py").write_text(PLUGIN)
    return place


@pytest.fixture
def outside(tmp_path):
    def write(text, name="outside.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return write


def test_one_file_may_hold_several_kinds_of_record(run, service, outside):
    done = run("-w", service, "import", outside(LINES), "--from", "lines")
    assert done.code == 0, done.err
    assert "Import 1 (service_user): 1 rows read, 1 stored" in done.out
    assert "Import 2 (referral): 1 rows read, 1 stored" in done.out
    assert (
        "Import 3 (wsas): 2 rows read, 1 stored, 0 unchanged, 0 corrected, 1 rejected" in done.out
    )
    assert "unknown-referral" in done.err
    assert "It is an old file." in done.err
    assert run("-w", service, "score", "--instrument", "wsas").out == "wsas: 2 scored\n"


def test_rows_that_an_importer_can_make_nothing_of_are_kept_with_their_reason(
    run, service, outside
):
    done = run("-w", service, "import", outside(LINES), "--from", "lines")
    assert "could make nothing of 1 rows: they are set aside" in done.out
    assert "row 4: It is of no kind. Leave it out. [line-unknown]" in done.err
    kept = run("-w", service, "rejected", "--batch", "4").out
    assert "noise" in kept
    again = run("-w", service, "import", "--retry", "4")
    assert again.code == 2
    assert "retry-unread" in again.err


def test_what_an_importer_leaves_unsaid_of_such_a_row_is_blank(run, service, outside):
    frame = "pl.DataFrame({name: [None] for name in ('row code column what mend raw'.split())})"
    done = run(
        "-w", service, "import", outside(f'wrong,"FileContent((), {frame})"'), "--from", "lines"
    )
    assert (done.code, "could make nothing of 1 rows" in done.out) == (0, True), done.err


def test_importing_again_stores_nothing_and_what_is_mended_is_no_longer_set_aside(
    run, service, outside
):
    run("-w", service, "import", outside(LINES), "--from", "lines")
    done = run("-w", service, "import", outside(LINES), "--from", "lines")
    assert "Import 7 (wsas): 2 rows read, 0 stored, 1 unchanged" in done.out
    assert run("-w", service, "rejected", "--batch", "4").out.count("noise") == 0
    assert run("-w", service, "rejected", "--batch", "8").out.count("noise") == 1


def test_rejected_rows_of_a_part_are_tried_again_in_the_coding_that_they_came_in(
    run, service, outside, tmp_path
):
    run("-w", service, "import", outside(LINES), "--from", "lines")
    late = tmp_path / "late.csv"
    late.write_text("referral_id,service_user_id,received_on\nR9,P1,2026-01-05\n")
    run("-w", service, "import", late, "--as", "referral")
    done = run("-w", service, "import", "--retry", "3")
    assert done.code == 0, done.err
    assert "1 rows read, 1 stored" in done.out


def test_a_folder_is_read_as_one_file(run, service, outside):
    outside(LINES, "folder/one.txt")
    outside("referral,P1,R9,2026-01-05\n", "folder/two.txt")
    done = run("-w", service, "import", outside("", "folder/three.csv").parent, "--from", "lines")
    assert "Import 3 (wsas): 2 rows read, 2 stored" in done.out


def test_a_dry_run_says_what_each_part_would_give_and_stores_nothing(run, service, outside):
    done = run("-w", service, "import", outside(LINES), "--from", "lines", "--dry-run")
    assert "Dry run (wsas): 2 rows read, 1 could be stored, 0 unchanged" in done.out
    assert "unknown-referral" in done.err
    assert "example: row 1, service_user_id P1\n" in done.out
    assert "set aside: row 4: It is of no kind." in done.err
    done = run("-w", service, "import", outside(LINES), "--from", "lines")
    assert "Import 1 (service_user): 1 rows read, 1 stored" in done.out


def test_a_dry_run_of_what_is_stored_already_says_that_nothing_would_change(run, service, outside):
    run("-w", service, "import", outside(LINES), "--from", "lines")
    done = run("-w", service, "import", outside(LINES), "--from", "lines", "--dry-run")
    assert "Dry run (service_user): 1 rows read, 0 could be stored, 1 unchanged" in done.out


def test_a_file_with_nothing_in_it_is_no_fault(run, service, outside):
    done = run("-w", service, "import", outside("nothing"), "--from", "lines")
    assert done.code == 0
    assert "could make nothing of 0 rows." in done.out


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("broken", 13, "ZeroDivisionError: half way"),
        ("odd", 13, "it gave a list, not a FileContent"),
        ("twice", 13, "it gave two parts of service_user"),
        ("unknown", 2, "unknown-target"),
        ('wrong,"FileContent((7,))"', 13, "it gave a int, not an Incoming"),
        ("wrong,\"FileContent((Incoming('wsas', []),))\"", 13, "not a polars DataFrame"),
        ('wrong,"FileContent(notices=(7,))"', 13, "its notices are not sentences"),
        (
            "wrong,\"FileContent((Incoming('wsas', pl.DataFrame(), corrections='x'),))\"",
            13,
            "corrections of wsas is none of refuse, accept",
        ),
        (
            "wrong,\"FileContent((Incoming('wsas', pl.DataFrame(), missing_codes={'9': 'x'}),))\"",
            13,
            "missing_codes of wsas name no answer state: x",
        ),
    ],
)
def test_a_faulty_importer_is_told_and_nothing_is_stored(run, service, outside, text, code, said):
    done = run("-w", service, "import", outside(text), "--from", "lines")
    assert done.code == code
    assert said in done.err
    assert run("-w", service, "rejected").out.count("\n") <= 1


@pytest.mark.parametrize(
    "args",
    [
        ("--from", "lines", "--as", "wsas"),
        ("--from", "lines", "--coding", "scored"),
    ],
)
def test_an_importer_says_itself_what_a_file_holds(run, service, outside, args):
    done = run("-w", service, "import", outside(LINES), *args)
    assert done.code == 2
    assert "do not go with --from" in done.err


def test_an_importer_that_takes_no_mapping_file_says_so(run, service, outside):
    done = run("-w", service, "import", outside(LINES), "--from", "lines", "--map", "m.yaml")
    assert done.code == 2
    assert "importer-unmapped" in done.err


def test_a_retry_needs_no_importer(run, service):
    assert run("-w", service, "import", "--retry", "3", "--from", "lines").code == 2


def test_an_importer_that_nobody_offers_and_a_file_that_is_not_there_are_told(
    run, service, outside, tmp_path
):
    assert run("-w", service, "import", outside(LINES), "--from", "linse").code == 13
    done = run("-w", service, "import", tmp_path / "absent", "--from", "lines")
    assert done.code == 12
    assert "file-unreadable" in done.err


HONOS_IDS = (
    "979641000000103", "979651000000100", "979661000000102", "979671000000109", "979681000000106",
    "979691000000108", "979701000000108", "979711000000105", "979721000000104", "979731000000102",
    "979741000000106", "979751000000109",
)  # fmt: skip


@pytest.fixture
def month(run, service, tmp_path):
    """A month of a submission, and a service that knows the referral in it."""
    referrals = tmp_path / "referrals.csv"
    referrals.write_text("referral_id,service_user_id,received_on\nSR0001,P1,2026-01-05\n")
    mapping = tmp_path / "referrals.yaml"
    mapping.write_text("kind: referral\nunknown_referrals: create\n")
    assert run("-w", service, "import", referrals, "--map", mapping).code == 0
    folder = tmp_path / "january"
    folder.mkdir()
    rows = [f"SR0001,{tool},2,2026-01-13T10:30:00Z,CP07" for tool in HONOS_IDS]
    rows += [
        "SR0001,718583008,21,2026-01-13T10:15:00Z,CP07",
        "SR0001,718134002,9,2026-01-13T10:15:00Z,",
    ]
    head = "ServiceRequestID,CodedAssToolType,PersScore,AssToolCompTimestamp,CareProfLocalID"
    text = "\n".join([head, *rows]) + "\n"
    (folder / "MHS606CodedScoreAssessmentRefer.csv").write_text(text)
    return folder


def test_a_month_of_the_data_set_is_read_and_sent_again(run, service, month, tmp_path):
    done = run("-w", service, "import", month, "--from", "mhsds")
    assert done.code == 0, done.err
    assert "(core_10): 1 rows read, 1 stored" in done.out
    assert "(honos): 1 rows read, 1 stored" in done.out
    assert "could make nothing of 1 rows: they are set aside." in done.out
    assert "[mhsds-id-unknown]" in done.err
    again = run("-w", service, "import", month, "--from", "mhsds")
    assert "(honos): 1 rows read, 0 stored, 1 unchanged" in again.out
    out = tmp_path / "again"
    assert run("-w", service, "export", "mhsds", "--period", "2026-01", "--out", out).code == 0
    sent = (out / "MHS606CodedScoreAssessmentRefer.csv").read_text().splitlines()
    assert len(sent) == 14
    assert '"SR0001","718583008","21","2026-01-13T10:15:00Z","CP07"' in sent
    told = run("-w", service, "explain", "1")
    assert "its answers are not held" in told.out


def test_the_portals_answer_is_laid_beside_the_store(run, service, month, tmp_path):
    run("-w", service, "import", month, "--from", "mhsds")
    items = ",".join(f"DATA_ITEM{n},DATA_VALUE{n}" for n in range(1, 11))
    answer = tmp_path / "answer"
    answer.mkdir()
    named = "[M606902]ServiceRequestID,SR0001,[M606910]CodedAssToolType,718583008"
    (answer / "validations.csv").write_text(
        f"REPORT_TYPE,DESCRIPTION,CODE,NUMERATOR,DENOMINATOR,{items}\n"
        f"Validation,Told,MHS60612,1,14,{named}{',' * 16}\n"
    )
    done = run("-w", service, "mhsds", "reconcile", answer, "--period", "2026-01")
    assert done.code == 0, done.err
    assert "assessment 1, core_10 (total), referral SR0001" in done.out
    assert "MHS60612, Group rejected" in done.out
    wrong = run("-w", service, "mhsds", "reconcile", month, "--period", "2026-01")
    assert wrong.code == 12
    assert "mhsds-results-none" in wrong.err
