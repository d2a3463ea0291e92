"""What is built is what is here, and works away from here."""

import os
import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, root]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = out.glob("*.whl")
    return path


def test_the_wheel_holds_every_package_file_and_nothing_else(root, wheel):
    built = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    here = {
        str(path.relative_to(root)).removeprefix("plugins/")
        for folder in ("romframe", "plugins", "instrument_specs")
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert built == here


def test_the_wheel_holds_no_wording_pack(wheel):
    """By name or by key, said here once more without the code that refuses them."""
    archive = zipfile.ZipFile(wheel)
    files = [name for name in archive.namelist() if name.lower().endswith((".yaml", ".yml"))]
    assert files
    assert [name for name in files if name.rpartition("/")[2].count(".") > 1] == []
    texts = {name: archive.read(name).decode() for name in files}
    assert [name for name, text in texts.items() if "romframe_wording" in text] == []


def test_the_wheel_has_the_plugins_and_the_command(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (each for each in archive.namelist() if each.endswith("entry_points.txt"))
    text = archive.read(name).decode()
    assert "romframe = romframe.cli:main" in text
    assert "[romframe.v1]" in text


def test_the_unpacked_wheel_scores_away_from_the_repository(wheel, root, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    answers = root / "examples/quickstart/core_10.csv"
    core_10 = ("--instrument", "core_10")
    done = subprocess.run(
        [sys.executable, "-m", "romframe", "score", answers, "--coding", "position", *core_10],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "moderate to severe" in done.stdout
    assert "warning" not in done.stderr


def test_the_version_stands_in_one_place_and_in_the_changes(root):
    import romframe

    assert f'version = "{romframe.__version__}"' in (root / "pyproject.toml").read_text()
    assert f"## {romframe.__version__}" in (root / "CHANGELOG.md").read_text()


def test_every_public_name_can_be_had():
    import romframe

    for name in romframe.__all__:
        assert getattr(romframe, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        romframe.nonsense  # noqa: B018


def test_no_public_name_is_hidden_by_a_module(root):
    import romframe

    modules = {path.stem for path in (root / "romframe").iterdir()}
    assert modules.isdisjoint(romframe.__all__)
