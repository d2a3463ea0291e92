"""How the documentation site is made: `sphinx-build -W docs site`."""

from importlib.metadata import version as version_of


project = "romframe"
version = release = version_of("romframe")
language = "en"
extensions = ["myst_parser"]
exclude_patterns = ["pages", "pictures"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
html_theme = "furo"
html_title = f"romframe {release}"
html_copy_source = False
html_show_sphinx = html_show_copyright = False
html_permalinks_icon = "#"
html_static_path = ["style.css"]
html_css_files = ["style.css"]
