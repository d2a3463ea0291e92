"""Plugins, loaded one at a time and called one at a time, so that none can take the rest down.

`sources` finds them and imports nothing, `staging` checks what one offers, `containment` keeps what
it prints and changes to itself, and `host` owns the names of all.
"""

from romframe.plugins.host import PluginHost, PluginRecord
from romframe.plugins.sources import PluginSource, in_folder, installed


__all__ = ["PluginHost", "PluginRecord", "PluginSource", "in_folder", "installed"]
