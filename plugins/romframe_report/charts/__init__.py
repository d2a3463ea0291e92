"""Charts as inline SVG: no script, readable in monochrome, the same bytes for the same figures."""
