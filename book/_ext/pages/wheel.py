"""The site serves `mmlbook` itself: a wheel, built from the package beside the book, under `packages/`.

`` {wheel}`some words` `` links to it. `{from-site}` is a block of commands in which WHEEL stands for its address on the
published site.

Its files bear one fixed time, so the same sources give the same wheel, to the byte.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective, SphinxRole

FOLDER = "packages"
TIME = "315532800"  # 1980, the earliest that a zip file can hold


def project(srcdir: str | Path) -> Path:
    """Return the folder of pyproject.toml, which lies beside the book's."""
    return Path(srcdir).parent


def source(srcdir: str | Path) -> Path:
    """Return the file that states the package's version."""
    return project(srcdir) / "mmlbook" / "__init__.py"


def address(srcdir: str | Path) -> str:
    """Return where on the site the wheel is, by the version that the package states."""
    file = source(srcdir)
    version = re.search(r'^__version__ = "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE)
    if not version:
        raise ExtensionError(f"{file} has no line `__version__ = ...`, which the wheel is named by")
    return f"{FOLDER}/mmlbook-{version[1]}-py3-none-any.whl"


class Link(nodes.reference):
    """A link to the wheel, until `lead` gives it its address."""


class WheelRole(SphinxRole):
    """`` {wheel}`words` ``: a link to the wheel."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.Node]]:
        """Return the link."""
        self.env.note_dependency(str(source(self.env.srcdir)))
        return [Link(self.rawtext, self.text, wheel=address(self.env.srcdir))], []


class FromSite(SphinxDirective):
    """`{from-site}`: shell commands that name the wheel on the published site."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the block of commands."""
        self.env.note_dependency(str(source(self.env.srcdir)))
        wheel = self.config.html_baseurl + address(self.env.srcdir)
        commands = "\n".join(self.content).replace("WHEEL", wheel)
        return [nodes.literal_block(commands, commands, language="sh")]


def lead(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Let the links lead to the wheel beside the pages, and from a book in another form to the published site."""
    for link in list(doctree.findall(Link)):
        beside = "../" * docname.count("/") if app.builder.name == "html" else app.config.html_baseurl
        link.replace_self(nodes.reference("", *link.children, refuri=beside + link["wheel"], internal=False))


def build_wheel(app: Sphinx, exception: Exception | None) -> None:
    """Build the wheel into the site by the pinned build backend, without asking the network."""
    if exception is not None or app.builder.name != "html":
        return
    out = Path(app.outdir, FOLDER)
    for old in out.glob("*.whl"):
        old.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "flit_core.wheel", "--outdir", str(out), str(project(app.srcdir))],
        env={**os.environ, "SOURCE_DATE_EPOCH": TIME},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode or not Path(app.outdir, address(app.srcdir)).exists():
        last_line = done.stderr.strip().rpartition("\n")[2]
        raise ExtensionError(f"the wheel of mmlbook could not be built: {last_line}")


def setup(app: Sphinx) -> dict:
    """Register the wheel with Sphinx."""
    app.add_role("wheel", WheelRole())
    app.add_directive("from-site", FromSite)
    app.connect("doctree-resolved", lead)
    app.connect("build-finished", build_wheel)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
