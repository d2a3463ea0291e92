from datetime import UTC, date, datetime
from pathlib import Path

import click
import pytest
from attrs import evolve
from romframe_report.listing import whole_months
from romframe_report.remake import remake

from romframe import Problem, UsageError, create_workspace, open_workspace


class Kinds(dict):
    """Kinds of report that only write what they were told, and how often they were asked."""

    def __init__(self):
        super().__init__(service=self._kind("%Y-%m-%d"), prem=self._kind("%Y-%m"))
        self.made = []

    def _kind(self, written):
        @click.command()
        @click.argument("names", nargs=-1)
        @click.option("--out", type=click.Path())
        @click.option("--figures", type=click.Path())
        @click.option("--from", "start", type=click.DateTime([written]))
        @click.option("--to", "end", type=click.DateTime([written]))
        @click.option("--team")
        @click.option("--long-form", is_flag=True)
        @click.pass_obj
        def command(settings, names, start, end, **said):
            if said["team"] == "nobody":
                raise UsageError(Problem("unknown-team", "Nobody.", "Name a team."))
            name = settings.workspace().config.name
            self.made.append((name, names, start, end, said["long_form"]))
            for place in filter(None, (said["out"], said["figures"])):
                Path(place).write_text("made")

        return command


@pytest.fixture
def kinds():
    return Kinds()


@pytest.fixture
def listed(tmp_path):
    """Open a workspace whose config lists these reports."""
    place = tmp_path / "service"
    create_workspace(place, "Riverside").store.close()
    opened = []

    def open_with(reports, today=date(2026, 7, 6)):
        for each in opened:
            each.store.close()
        (place / "romframe.yaml").write_text(f"name: Riverside\nreports:\n{reports}")
        opened.append(evolve(open_workspace(place), today=today))
        return opened[-1]

    yield open_with
    opened[-1].store.close()


ONE = "  - {kind: service, out: reports/a.html, months: 3}\n"


def test_a_report_is_made_once_and_then_only_when_something_has_changed(listed, kinds, capsys):
    workspace = listed(ONE)
    assert remake(workspace, kinds) == 0
    assert remake(workspace, kinds) == 0

    assert [name for name, *_ in kinds.made] == ["Riverside"]
    out = workspace.path / "reports" / "a.html"
    assert capsys.readouterr().out == f"Nothing has changed in {out}.\n"
    assert {path.name for path in out.parent.iterdir()} == {"a.html", ".a.html.made"}


def test_another_day_of_the_same_month_changes_nothing_and_another_month_does(listed, kinds):
    remake(listed(ONE), kinds)
    remake(listed(ONE, date(2026, 7, 31)), kinds)
    remake(listed(ONE, date(2026, 8, 1)), kinds)

    spans = [(start.date(), end.date()) for _, _, start, end, _ in kinds.made]
    assert spans == [
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 5, 1), date(2026, 7, 31)),
    ]


@pytest.mark.parametrize(
    "place", ["prem.yaml", "wording/fft.en.yaml", "measures/sleep.yaml", "plugins/own.py"]
)
def test_a_file_that_comes_or_changes_remakes_the_report(listed, kinds, place):
    remake(listed(ONE), kinds)
    workspace = listed(ONE)
    for text in ("# one\n", "# two\n"):
        (workspace.path / place).write_text(text)
        remake(listed(ONE), kinds)
        remake(listed(ONE), kinds)

    assert len(kinds.made) == 3


def test_data_that_come_in_remake_the_report(listed, kinds):
    workspace = listed(ONE)
    remake(workspace, kinds)
    workspace.store.record("me", "import", "batch", {}, datetime(2026, 7, 6, tzinfo=UTC))

    remake(workspace, kinds)

    assert len(kinds.made) == 2


def test_an_output_that_is_gone_is_made_again(listed, kinds):
    reports = "  - {kind: service, out: a.html, options: {figures: figures.csv}}\n"
    workspace = listed(reports)
    for name in ("a.html", "figures.csv"):
        remake(workspace, kinds)
        (workspace.path / name).unlink()
    remake(workspace, kinds)

    assert len(kinds.made) == 3


def test_a_mark_that_cannot_be_read_is_no_mark(listed, kinds):
    workspace = listed(ONE)
    remake(workspace, kinds)
    (workspace.path / "reports" / ".a.html.made").write_bytes(b"\xff")

    remake(workspace, kinds)

    assert len(kinds.made) == 2


def test_a_file_that_cannot_be_read_stops_no_report(listed, kinds):
    workspace = listed(ONE)
    (workspace.path / "wording" / "gone.yaml").symlink_to(workspace.path / "nowhere")

    assert remake(workspace, kinds) == 0


def test_names_and_options_reach_the_report(listed, kinds):
    workspace = listed(
        "  - {kind: prem, out: a.html, names: [poem, fft], months: 2, options: {long_form: true}}\n"
        "  - {kind: prem, out: b.html, options: {from: 2026-01, to: 2026-03, long_form: false}}\n"
    )
    remake(workspace, kinds)

    (_, names, start, end, long), (_, none, first, last, short) = kinds.made
    assert (names, long) == (("poem", "fft"), True)
    assert (none, short) == ((), False)
    assert (start.date(), end.date()) == (date(2026, 5, 1), date(2026, 6, 1))
    assert (first.date(), last.date()) == (date(2026, 1, 1), date(2026, 3, 1))


def test_what_is_wrong_with_one_report_stops_no_other_and_the_worst_code_counts(
    listed, kinds, capsys
):
    workspace = listed(
        "  - {kind: servce, out: a.html}\n"
        "  - {kind: service, out: b.html, options: {frm: x}}\n"
        "  - {kind: service, out: c.html}\n"
    )

    assert remake(workspace, kinds) == 11

    assert len(kinds.made) == 1
    told = capsys.readouterr().err
    assert "romframe.yaml:3:6: There is no kind of report called 'servce'." in told
    assert "Did you mean 'service'? [unknown-report]" in told
    assert "error: b.html: No such option '--frm'." in told


def test_a_report_that_failed_is_tried_again(listed, kinds):
    reports = "  - {kind: service, out: a.html, options: {team: nobody}}\n"

    assert remake(listed(reports), kinds) == 2
    assert not (listed(reports).path / ".a.html.made").exists()


@pytest.mark.parametrize("strict", [False, True])
def test_a_report_is_told_whether_plugins_are_taken_strictly(listed, strict):
    told = []

    @click.command()
    @click.option("--out", type=click.Path())
    @click.option("--from", "start")
    @click.option("--to", "end")
    @click.pass_obj
    def command(settings, **_):
        told.append(settings.strict)

    assert remake(listed(ONE), {"service": command}, strict=strict) == 0
    assert told == [strict]


def test_a_folder_that_cannot_be_made_is_told_by_the_report(listed, kinds):
    workspace = listed("  - {kind: service, out: romframe.yaml/a.html, options: {team: nobody}}\n")

    assert remake(workspace, kinds) == 2


EACH = """\
  - {kind: service, names: NAMES, out: "each/{name}.html", options: {figures: "FILE", team: "TEAM"}}
"""


def each(names="[a, b]", file="more/{name}.csv", team="x"):
    return EACH.replace("NAMES", names).replace("FILE", file).replace("TEAM", team)


def test_a_name_in_out_makes_a_report_for_each_name(listed, kinds, capsys):
    workspace = listed(each())
    assert remake(workspace, kinds) == 0

    assert [names for _, names, *_ in kinds.made] == [("a",), ("b",)]
    for place in ("each/a.html", "each/b.html", "more/a.csv", "more/b.csv"):
        assert (workspace.path / place).read_text() == "made"
    remake(workspace, kinds)
    assert capsys.readouterr().out.count("Nothing has changed") == 2
    (workspace.path / "more" / "b.csv").unlink()
    remake(workspace, kinds)
    assert [names for _, names, *_ in kinds.made[2:]] == [("b",)]


def test_what_is_wrong_with_the_report_of_one_name_stops_no_other(listed, kinds, capsys):
    assert remake(listed(each("[nobody, b]", team="{name}")), kinds) == 2

    assert [names for _, names, *_ in kinds.made] == [("b",)]
    assert capsys.readouterr().err.startswith("error: each/nobody.html: ")


@pytest.mark.parametrize(
    "reports",
    [
        each("[]"),
        each("[a, a]"),
        each('["../a"]'),
        each('[".."]'),
        each(file="one.csv"),
        each().replace("names: [a, b], ", ""),
    ],
)
def test_names_that_give_no_places_of_their_own_are_refused(listed, kinds, capsys, reports):
    assert remake(listed(reports), kinds) == 11

    assert kinds.made == []
    told = capsys.readouterr().err
    assert "error: each/{name}.html: " in told
    assert "romframe.yaml:3:" in told
    assert "[report-names]" in told


def test_a_config_without_reports_is_told_how_to_list_them(tmp_path, kinds):
    workspace = create_workspace(tmp_path / "service", "Riverside")
    with workspace.store, pytest.raises(UsageError, match="no-reports-listed"):
        remake(workspace, kinds)


@pytest.mark.parametrize(
    ("number", "first"), [(1, date(2025, 12, 1)), (3, date(2025, 10, 1)), (12, date(2025, 1, 1))]
)
def test_whole_months_end_before_the_month_that_runs(number, first):
    assert whole_months(date(2026, 1, 15), number) == (first, date(2025, 12, 31))
