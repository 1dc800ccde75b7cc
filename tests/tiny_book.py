"""Builds a book of a few small pages with the real extensions, and says what the build complained of."""

import io
import re
from pathlib import Path

from sphinx.application import Sphinx

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def build(folder: Path, pages: dict[str, str], extensions: list[str], **settings):
    """Return the application after a build of `pages` (name: text) and its complaints, a line each, from the page on."""
    source = folder / "book"
    for name, text in pages.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    warnings = io.StringIO()
    confoverrides = {
        "extensions": ["myst_nb", "katex", *extensions],
        "html_math_renderer": "katex",
        "myst_enable_extensions": ["dollarmath", "colon_fence", "deflist"],
        "nb_execution_mode": "force",
        "numfig": True,
        "nitpicky": True,
        "html_theme": "basic",
        **settings,
    }
    app = Sphinx(
        str(source), None, str(folder / "out"), str(folder / "doctrees"), "html",
        confoverrides=confoverrides, status=io.StringIO(), warning=warnings, freshenv=True,
    )  # fmt: skip
    app.build()
    lines = COLOUR.sub("", warnings.getvalue()).replace(f"{source}/", "").splitlines()
    return app, [line for line in lines if re.match(r"\S+\.(md|py)\b", line)]


def html(app: Sphinx, page: str = "index") -> str:
    """The built page."""
    return Path(app.outdir, f"{page}.html").read_text(encoding="utf-8")
