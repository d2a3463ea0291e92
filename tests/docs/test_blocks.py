"""Every fenced block of the documents is run or checked, in order, as its kind asks."""

import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from attrs import field, frozen
from click.testing import CliRunner
from romframe_report.prem.notes import read_notes

from romframe import create_workspace, open_workspace
from romframe.auditing.own import own_checks
from romframe.cli import cli
from romframe.frameworks.advice import advice
from romframe.frameworks.loader import load_framework
from romframe.frameworks.terms import Terms
from romframe.importing.mapping import load_mapping
from romframe.upkeep import choice_problems, export_problems, norm_problems
from romframe.wording import load_pack
from romframe.yaml_source import read_yaml


ROOT = Path(__file__).parents[2]
FENCE = re.compile(r"^ *```([^\n`]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
WORKSPACES = {  # which pages take the demo's workspace for granted, and where; "." is all around
    "README.md": "demo-service",
    "docs/disclosure.md": ".",
    "docs/mhsds.md": "perinatal",
    "docs/reports.md": ".",
    "docs/timing.md": "perinatal",
    "docs/tutorials/commissioner.md": "demo-service",
    "examples/commissioner_framework/README.md": ".",
}
ELSEWHERE = {  # lines that are not run here, by how they begin, and why
    "python3 -m venv": "installs; .ci/run does so with the line of the README",
    ".venv/bin/ruff": "lints; .ci/run does",
    ".ci/run": "runs these tests",
    ".venv/bin/romframe plugins check": "tests of the example, and .ci/stranger, look at it",
    "pip install county-return": "installs; .ci/stranger does",
    "romframe export county_return": "needs the example installed; .ci/stranger has it",
    "romframe -w my-service export county_return": "the example's own tests run it",
    "pytest test_scores_csv.py": "tests/kit/test_documents.py runs the page's tests",
}
OWN_MODULE = (
    "import scores_csv\n"  # the module of docs/plugins.md: tests/kit/test_documents.py has it
)


def pages():
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("examples/*/README.md")]
    docs = [page for page in ROOT.glob("docs/**/*.md") if "reference" not in page.parts]
    return sorted(str(page.relative_to(ROOT)) for page in found + docs)


@frozen
class Block:
    """A fenced block: what it holds, and where it stands."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"

    @property
    def data(self):
        return read_yaml(self.text, str(self)).data

    @property
    def commands(self):
        lines = self.text.splitlines()
        if self.kind == "console":
            lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        return [line for line in lines if not line.startswith(tuple(ELSEWHERE))]


def blocks_of(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    return [
        Block(page, text[: match.start()].count("\n") + 1, match[1].strip(), match[2])
        for match in FENCE.finditer(text)
    ]


BLOCKS = [block for page in pages() for block in blocks_of(page)]


def blocks(*kinds, page=None):
    return [each for each in BLOCKS if each.kind in kinds and page in (None, each.page)]


def one(page, kind):
    return blocks(kind, page=page)[0]


@frozen
class Reader:
    """Somebody who does what a page says, line by line, in a folder like a fresh checkout."""

    folder: Path
    patch: pytest.MonkeyPatch = field(repr=False)

    def follow(self, block):
        self.patch.chdir(self.folder)
        for line in block.commands:
            self._run(block, line)

    def _run(self, block, line):
        words = shlex.split(line, comments=True)
        words, into = (words[:-2], words[-1]) if ">" in words else (words, None)
        match words:
            case ["cd", folder]:
                self.patch.chdir(folder)
            case ["cp", source, target]:
                shutil.copy(source, target)
            case ["sed", *_]:
                subprocess.run(words, check=True)
            case ["romframe", *arguments]:
                done = CliRunner().invoke(cli, arguments)
                assert done.exit_code == 0, f"{block}: {line}\n{done.output}"
                if into:
                    Path(into).write_text(done.stdout, encoding="utf-8")
            case _:
                pytest.fail(f"{block}: nothing here runs {line!r}")


def reader_of(page, folder, patch):
    """Give a reader in the page's folder, with the examples and the frameworks of the page."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    start = (folder / page).parent if page.startswith("examples") else folder
    for block in blocks("yaml", page=page):
        if "romframe_framework" in block.text:  # the page says: save this
            saved(block.text, start / f"{block.data['id']}.yaml")
    return Reader(start, patch)


def saved(text, path):
    path.write_text(text, encoding="utf-8")
    return path


COMMANDS = sorted({each.page for each in blocks("console", "sh") if each.commands})


@pytest.mark.parametrize("page", [page for page in COMMANDS if page not in WORKSPACES])
@pytest.mark.usefixtures("types_known")  # for a page that checks a plugin
def test_the_commands_of_a_page_run_one_after_another(page, tmp_path, monkeypatch):
    reader = reader_of(page, tmp_path, monkeypatch)
    for block in blocks("console", "sh", page=page):
        reader.follow(block)


@pytest.mark.parametrize("page", WORKSPACES)
def test_the_commands_of_a_page_run_on_what_the_demo_made(page, tmp_path, monkeypatch, demo):
    reader = reader_of(page, tmp_path, monkeypatch)
    shutil.copytree(demo.workspace.path, reader.folder / WORKSPACES[page], dirs_exist_ok=True)
    for block in blocks("console", "sh", page=page):
        reader.follow(block)


@pytest.mark.parametrize(
    "block",
    [each for each in blocks("python") if not each.text.startswith(OWN_MODULE)],
    ids=str,
)
def test_python_runs(block, monkeypatch):
    monkeypatch.chdir(ROOT)
    exec(compile(block.text, str(block), "exec"), {"__name__": "example"})


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_toml_names_plugins_as_romframe_looks_for_them(block):
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (
        tomllib.loads(block.text)["project"]["entry-points"].keys() == ours["entry-points"].keys()
    )


@pytest.mark.parametrize("block", blocks("text"), ids=str)
def test_text_is_what_a_program_says_and_no_command(block):
    assert not block.text.startswith(("romframe", "$", "pip", "python"))


@pytest.fixture
def workspace(tmp_path):
    made = create_workspace(tmp_path / "service", "Made up")
    yield made
    made.store.close()


def check_spec(block, workspace):
    path = saved(block.text, workspace.path / f"{block.data['id']}.yaml")
    assert workspace.catalogue.read(path).id == block.data["id"]


def check_framework(block, workspace):
    path = saved(block.text, workspace.path / "framework.yaml")
    terms = Terms(workspace.catalogue)
    assert advice(load_framework(path, terms), terms) == []


def check_timing(block, workspace):
    minimal = one("docs/tutorials/commissioner.md", "yaml")
    path = saved(minimal.text + block.text, workspace.path / "framework.yaml")
    assert len(load_framework(path, Terms(workspace.catalogue)).timing) == len(block.data["timing"])


def check_own_check(block, workspace):
    saved(block.text, workspace.path / "checks" / "own.yaml")
    assert list(own_checks(workspace)) == [block.data["id"]]


def check_pack(block, workspace):
    """The pack is of a measure like the example of the page on the spec language."""
    spec = one("docs/spec.md", "yaml").text
    for ours, theirs in (("wellbeing_5", "sleep_diary"), ('"2026"', '"1"'), ("amount", "often")):
        spec = spec.replace(ours, theirs)
    sleep_diary = workspace.catalogue.read(saved(spec, workspace.path / "sleep_diary.yaml"))
    pack = load_pack(
        saved(block.text, workspace.path / "sleep_diary.en.yaml"), {sleep_diary.id: sleep_diary}.get
    )
    assert (len(pack.items), pack.warnings) == (2, ())


def check_mapping(block, workspace):
    mapping = load_mapping(saved(block.text, workspace.path / "mapping.yaml"))
    instrument = workspace.instrument(block.data["instrument"])
    named = {name for name in block.data["columns"] if re.fullmatch(r"q\d+", name)}
    scores = {name.partition(":")[2] for name in block.data["columns"] if name.startswith("score:")}
    assert mapping.instrument == instrument.id
    assert named <= {item.id for item in instrument.items}
    assert scores <= {score.id for score in instrument.scores}


def check_norms(block, workspace):
    saved(block.text, workspace.path / "norms.yaml")
    assert norm_problems(workspace) == []


def check_notes(block, workspace):
    saved(block.text, workspace.path / "prem.yaml")
    assert len(read_notes(workspace).actions) == len(block.data["you_said_we_did"])


def check_config(block, workspace):
    saved(f"name: Made up\n{block.text}", workspace.path / "romframe.yaml")
    opened = open_workspace(workspace.path)
    problems = choice_problems(opened) + export_problems(opened)
    opened.store.close()
    assert problems == []


def check_added_score(block, workspace):
    """Scores to be added to a copy of `osa`: made up numbers stand for the licensed ones."""
    numbers = iter(("0", "1", "100"))
    score = re.sub(r"\.\.\.", lambda _: next(numbers), block.text)
    spec = (ROOT / "instrument_specs/ot/osa.yaml").read_text(encoding="utf-8")
    spec = spec.replace("id: osa\n", "id: osa_keyed\n")
    spec = spec.replace(
        "\nsources:\n", f"{score}\nsources:\n  key_form: {{cite: ours, status: local}}\n"
    )
    keyed = workspace.catalogue.read(saved(spec, workspace.path / "osa_keyed.yaml"))
    assert block.data[0]["id"] in {each.id for each in keyed.scores}


LANGUAGES = {  # by the first key of the block
    "romframe": check_spec,
    "romframe_framework": check_framework,
    "romframe_check": check_own_check,
    "romframe_wording": check_pack,
    "timing": check_timing,
    "instrument": check_mapping,
    "form": check_mapping,
    "history": check_norms,
    "comments": check_notes,
    "measures": check_config,
    "organisation": check_config,
    "exports": check_config,
    "reports": check_config,
}


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml_is_sound_in_the_language_that_its_first_key_names(block, workspace):
    if isinstance(block.data, list):
        check_added_score(block, workspace)
    else:
        LANGUAGES[next(iter(block.data))](block, workspace)


def test_no_block_is_of_a_kind_that_nothing_checks():
    kinds = {"console", "sh", "python", "toml", "text", "yaml", "{toctree}"}
    assert [str(each) for each in BLOCKS if each.kind not in kinds] == []
    fences = sum(
        len(
            re.findall(r"^ *(```|~~~|:::)", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
        )
        for page in pages()
    )
    assert fences == 2 * len(BLOCKS)


def test_what_is_run_elsewhere_is_in_a_document():
    lines = {line.removeprefix("$ ") for block in BLOCKS for line in block.text.splitlines()}
    assert [why for why in ELSEWHERE if not any(line.startswith(why) for line in lines)] == []
    assert len([each for each in blocks("python") if each.text.startswith(OWN_MODULE)]) == 1
