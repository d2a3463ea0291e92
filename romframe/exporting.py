"""Running an exporter: options checked first, files in place only when all of it succeeded."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from romframe.errors import Problem, UsageError
from romframe.offers import Exporter, ExportRequest, ExportResult
from romframe.validation import validate
from romframe.workspace import Workspace
from romframe.yaml_source import Document


def run_export(
    workspace: Workspace, name: str, out: Path, options: Mapping[str, Any]
) -> ExportResult:
    """Run the exporter called `name` and put its files into the new folder `out`.

    Raises UsageError if the folder is there already or an option does not fit, PluginError if there
    is no such exporter or it fails, ExportRefused if it refuses. Nothing is left half written.
    """
    host = workspace.catalogue.host
    exporter: Exporter = host.find("exporters", name)
    _check_options(exporter, options)
    if out.exists() and any(out.iterdir()):
        what = f"The folder {out} is not empty."
        raise UsageError(Problem("folder-exists", what, "Name a new folder with --out."))
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".romframe-") as temporary:
        folder = Path(temporary) / "export"
        folder.mkdir()
        request = ExportRequest(folder, options, workspace.today)
        result: ExportResult = host.guard(
            "exporters", name, lambda: exporter.export(workspace, request)
        )
        if out.exists():
            out.rmdir()
        shutil.move(folder, out)
    return result


def _check_options(exporter: Exporter, options: Mapping[str, Any]) -> None:
    document = Document(f"options of {exporter.name}", dict(options))
    validate(document, exporter.options, document.data)
    if document.problems:
        raise UsageError(Problem(each.code, each.what, each.mend) for each in document.problems)
