"""The only Sphinx configuration of the book. The Makefile calls `sphinx-build -c . book ...`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).parent
sys.path[:0] = [str(ROOT), str(ROOT / "book" / "_ext")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)

project = "Multivariate Calculus for Machine Learning"
author = "the mmlbook authors"
copyright = "the mmlbook authors. Text and figures CC BY 4.0, code MIT"
language = "en-GB"

# The two values a fork changes.
html_baseurl = "https://mmlbook.github.io/mmlbook/"
repository_url = "https://github.com/mmlbook/mmlbook"

extensions = [
    "myst_nb",
    "text.page_lines",  # first of ours: it mends the lines that all others report
    # formulas, and what they state
    "mathematics.katex",
    "mathematics.fonts",
    "mathematics.notation",
    "mathematics.line_breaks",
    "claims.directives",
    "text.prose",
    # what runs
    "cells.execution",
    "cells.figures",
    "cells.examples",
    # what a lecture is made of
    "devices.directives",
    "devices.interactive",
    "questions.directives",
    # what stands around it
    "pages.cover",
    "pages.measurements",
    "pages.speed",
    "pages.reference",
    "pages.frame",
    "pages.files",
    "pages.wheel",
]
exclude_patterns = ["_ext", "_static", "_templates"]
templates_path = ["book/_templates"]
nitpicky = True
numfig = True

# The reference is made from the docstrings, in the order of the source.
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True}
autodoc_typehints = "none"

# MyST: the Markdown dialect of the pages
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_inline"]
myst_heading_anchors = 3

# Cells run at every build. `make live` keeps their outputs, for pages whose cells and package have not changed.
LIVE = os.environ.get("BOOK_LIVE") == "1"
nb_execution_mode = "cache" if LIVE else "force"
nb_execution_cache_path = str(ROOT / "_build" / "live" / "cells") if LIVE else ""
nb_execution_timeout = 60
nb_output_stderr = "error"

html_math_renderer = "katex"
html_theme = "furo"
html_static_path = ["book/_static"]
html_title = project
# The book's own style sheets stand in the place of Furo's.
html_style = ["colours.css", "frame.css", "text.css", "devices.css"]
html_permalinks_icon = "#"
html_use_index = False
html_domain_indices = False
html_copy_source = False
html_show_sourcelink = False
