"""Packages to judge, made up: wheels written by hand, and what would be known of a perfect one."""

import zipfile

import pytest
from attrs import evolve

from romframe.vetting.model import Evidence, Loaded, Tried


PERFECT = {
    "name": ["ours"],
    "version": ["0.1.0"],
    "summary": ["What it is for"],
    "license_expression": ["MIT"],
    "requires_python": [">=3.11"],
    "requires_dist": ["romframe<1,>=0.1", "romframe[testing]; extra == 'test'"],
    "description": ["It offers `ours`."],
}
TRIED = Tried(
    passed=20,
    suites=[[name, offer] for name in ("PluginSuite", "PluginExtras") for offer in ("", "ours")]
    + [["ExporterSuite", "ours"], ["ExporterExtras", "ours"]],
    covered=97.0,
)


@pytest.fixture
def perfect(tmp_path):
    """All that is known of a package of which nothing is missing."""
    site, folder = tmp_path / "site", tmp_path / "folder"
    for package in (site / "ours", folder / "src/ours"):
        package.mkdir(parents=True)
        for name in ("__init__.py", "py.typed"):
            (package / name).touch()
    (site / "ours-0.1.0.dist-info").mkdir()
    (folder / "CHANGELOG.md").write_text("## 0.1.0\n")
    loaded = Loaded({"exporters": ["ours"]})
    return Evidence(PERFECT, {"ours": "ours"}, site, folder, loaded, TRIED, ())


@pytest.fixture
def wheel(tmp_path):
    """Write a wheel of one module, which an entry point names."""

    def write(text, group="romframe.v1", **files):
        path = tmp_path / "ours-1-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("ours.py", text)
            archive.writestr("ours-1.dist-info/METADATA", "Name: ours\nVersion: 1\n\nOur README")
            archive.writestr("ours-1.dist-info/entry_points.txt", f"[{group}]\nours = ours\n")
            for name, content in files.items():
                archive.writestr(name, content)
        return path

    return write


@pytest.fixture
def without(perfect):
    """Give the perfect package's evidence, with some of it taken out of its metadata."""

    def leave_out(*names):
        kept = {name: value for name, value in PERFECT.items() if name not in names}
        return evolve(perfect, metadata=kept)

    return leave_out
