"""Configuration of the documentation: Markdown pages, built offline."""

project = "Crossfire"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Crossfire"
exclude_patterns = ["_build"]
myst_heading_anchors = 3
