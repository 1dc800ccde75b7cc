"""The reference pages of the package, from its docstrings: what Sphinx's autodoc needs to know of the house style.

In a docstring, single backquotes stand around names of the package and of files. The names become links; the rest is
set as code. Parameters, results, errors and sources get a paragraph each. The introduction of a module ends with a link
to its source.
"""

import importlib
import re

from sphinx.application import Sphinx

# Single backquotes that are neither part of a role, nor of a link, nor of double ones.
NAME = re.compile(r"(?<![`:\w])`([^`<>]+)`(?![`_])")

# Lines that begin a part of a docstring, and a paragraph on its page.
PART = re.compile(r"(Parameters|Returns|Raises|Sources?)\b")


def link_names(app: Sphinx, what: str, name: str, obj, options, lines: list[str]) -> None:
    """Rewrite a docstring's lines as reStructuredText that links to what the package documents."""
    home = importlib.import_module(".".join(name.split(".")[:2]))
    text = _outside_examples(lines)
    for i in text:
        lines[i] = _prose(home, lines[i])
    for i in reversed([i for i in text if PART.match(lines[i])]):
        lines[i : i + 1] = ["", PART.sub(r"**\1**", lines[i])]
    if what == "module":
        path = f"mmlbook/{name.split('.')[1]}.py"
        lines += ["", f"`Read {path} <{app.config.repository_url}/blob/main/{path}>`__.", ""]


def _prose(home, line: str) -> str:
    """A line with its names as references, and its bars for sizes, |v|, kept from meaning a substitution."""
    parts = NAME.sub(lambda match: _reference(home, match[1]), line).split("``")
    return "``".join(part if i % 2 else part.replace("|", r"\|") for i, part in enumerate(parts))


def _outside_examples(lines: list[str]) -> list[int]:
    """Which lines are text: an example, from its >>> to the next blank line, is shown as it stands."""
    text, example = [], False
    for i, line in enumerate(lines):
        example = line.lstrip().startswith(">>>") or (example and line.strip() != "")
        if not example:
            text.append(i)
    return text


def _reference(home, text: str) -> str:
    """A link to a documented object or module, else the text as code."""
    for path in (text, f"{home.__name__}.{text}", f"mmlbook.{text}"):
        found = _find(path)
        if found:
            return f":py:obj:`{text} <{found}>`"
    return f"``{text}``"


def _find(path: str) -> str | None:
    """The full name under which the reference documents what a dotted path leads to, or None."""
    parts = path.split(".")
    if parts[0] != "mmlbook" or len(parts) < 2:
        return None
    found = importlib.import_module("mmlbook")
    for part in parts[1:]:
        found = getattr(found, part, None)
    if type(found).__name__ == "module":
        return found.__name__
    documented = getattr(found, "__module__", "").startswith("mmlbook.") and getattr(found, "__doc__", None)
    return f"{found.__module__}.{found.__qualname__}" if documented and not parts[-1].startswith("_") else None


def setup(app: Sphinx) -> dict:
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", link_names)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
