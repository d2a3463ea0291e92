"""Every shipped plugin keeps what the kit asks of any."""

import importlib

from romframe.plugins import installed
from romframe.testing import PluginExtras


for source in installed():
    if source.distribution == "romframe":
        name = f"Test_{source.name}"
        module = importlib.import_module(f"romframe_{source.name}")
        globals()[name] = type(
            name, (PluginExtras,), {"plugin": module, "distribution": "romframe"}
        )
