"""A book of a few pages, built inside the test's own process, and the faults that its build reports."""

import io
import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
SETTINGS = {
    "extensions": ["myst_nb", "text.page_lines", "devices.directives", "questions.directives", "devices.interactive"],
    "html_math_renderer": "mathjax",
    "myst_enable_extensions": ["dollarmath", "colon_fence", "deflist"],
    "nb_execution_mode": "off",
    "html_theme": "basic",
    "nitpicky": True,
    "numfig": True,
    "keep_warnings": False,
}


@dataclass
class SmallBook:
    """The result of a build: its folder, its environment, and its faults as (page, line, message)."""

    folder: Path
    env: object
    faults: list

    def of(self, page):
        """Return the faults of one page as (line, message)."""
        return [(line, message) for name, line, message in self.faults if name == page]

    def text(self, page, suffix=".html"):
        """Return what the build made of a page."""
        return (self.folder / "out" / (page + suffix)).read_text(encoding="utf-8")

    def soup(self, page):
        """Return a page of HTML, to look into."""
        return BeautifulSoup(self.text(page), "html.parser")


def build(folder, pages, builder="html", parallel=1, files=None, **settings):
    """Build a book of `pages`, texts by name, in `folder`, with `files` beside them; `settings` are Sphinx's."""
    source = folder / "source"
    source.mkdir(parents=True, exist_ok=True)
    titled = {name: text if "# " in text else f"{text}\n\n# Page {name}\n" for name, text in pages.items()}
    titled["index"] = "# Book\n\n```{toctree}\n" + "\n".join(pages) + "\n```\n"
    for name, text in {**{f"{name}.md": text for name, text in titled.items()}, **(files or {})}.items():
        (source / name).write_text(text, encoding="utf-8")
    warnings, settings = io.StringIO(), SETTINGS | settings
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(source), None, str(folder / "out"), str(folder / "doctrees"), builder, confoverrides=settings,
            status=None, warning=warnings, parallel=parallel,
        )  # fmt: skip
        app.build()
    return SmallBook(folder, app.env, read_faults(warnings.getvalue()))


def read_faults(text):
    """Return the warnings of a build as (page, line, message); a line is None where none is named."""
    faults = []
    for line in COLOUR.sub("", text).splitlines():
        match = re.match(r"(?:.*/)?([\w-]+)\.(?:md|py)(?::(\d+))?:? (?:WARNING|ERROR|CRITICAL): (.*)", line)
        faults.append((match[1], int(match[2]) if match[2] else None, match[3]) if match else (None, None, line))
    return faults


def line_with(text, part):
    """Return the number of the first line of `text` that holds `part`."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)
