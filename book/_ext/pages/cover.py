"""The cover: drawings kept as SVG files, and the modules as a drawn table of contents.

`{drawing} file.svg` puts an SVG file into the page itself, so that the page's colours, light or dark, reach it.

`{modules}` draws one station of a trail for each line `folder | title | question` of its body. A module whose opening
page exists becomes a link; the trail is drawn solid once there are lectures, too. Its picture is `cover/folder.svg`.

`{from-repository}` is a block of commands in which REPOSITORY stands for the configured address of the repository and
FOLDER for the folder that cloning it makes.
"""

from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

STYLESHEET = "cover.css"

# One stretch of the trail; the style sheet stretches it to the height of its station and mirrors every second one.
TRAIL = (
    '<svg xmlns="http://www.w3.org/2000/svg" class="cover-trail" viewBox="0 0 40 100" preserveAspectRatio="none"'
    ' aria-hidden="true"><path d="M20,0 C20,18 13,28 13,50 13,72 20,82 20,100" fill="none"/></svg>'
)


class Drawings(SphinxDirective):
    """What both directives share: reading an SVG file and putting it inline."""

    def read_drawing(self, name):
        """The drawing in the file `name`, beside the page, as a node."""
        relative, path = self.env.relfn2path(name)
        self.env.note_dependency(relative)
        if not Path(path).is_file():
            raise self.error(f"there is no drawing {relative}")
        svg = Path(path).read_text(encoding="utf-8").strip()
        if "aria-label=" not in svg:
            raise self.error(f'{relative} needs role="img" and an aria-label that says what it shows')
        return nodes.raw("", svg, format="html")


class Drawing(Drawings):
    """`{drawing} file.svg`: the file's drawing, inline."""

    required_arguments = 1

    def run(self):
        box = nodes.container(classes=["cover-picture"])
        box += self.read_drawing(self.arguments[0])
        return [box]


class Modules(Drawings):
    """`{modules}`: the drawn table of contents."""

    has_content = True

    def run(self):
        trail = nodes.enumerated_list(classes=["cover-modules"])
        for line in self.content:
            if line.strip():
                trail += self.station(line)
        if not trail.children:
            raise self.error("{modules} needs one line 'folder | title | question' for each module")
        return [trail]

    def station(self, line):
        """One module: its stretch of the trail, its picture, its title and its question."""
        parts = [part.strip() for part in line.split("|")]
        if len(parts) != 3 or not all(parts):
            raise self.error(f"expected 'folder | title | question', found {line!r}")
        folder, title, question = parts
        opening = f"{folder}/index"
        opened = opening in self.env.found_docs
        written = any(page.startswith(f"{folder}/") for page in self.env.found_docs - {opening})
        item = nodes.list_item(classes=["written" if written else "ahead"])
        item += nodes.raw("", TRAIL, format="html")
        item += self.read_drawing(f"cover/{folder}.svg")
        heading = nodes.paragraph(classes=["cover-title"])
        if opened:
            link = addnodes.pending_xref(
                "",
                refdomain="std",
                reftype="doc",
                reftarget=f"/{opening}",
                refexplicit=True,
                refwarn=True,
                refdoc=self.env.docname,
            )
            link += nodes.inline("", title)
            heading += link
        else:
            heading += nodes.inline("", title)
        if not written:
            heading += nodes.inline("", " opening page" if opened else " not yet written", classes=["cover-status"])
        children, messages = self.parse_inline(question)
        item += [heading, nodes.paragraph("", "", *children, *messages, classes=["cover-question"])]
        return item


class FromRepository(SphinxDirective):
    """`{from-repository}`: shell commands that name the repository, whose address is configured in one place."""

    has_content = True

    def run(self):
        address = self.config.repository_url.rstrip("/")
        folder = address.rsplit("/", 1)[-1]
        commands = "\n".join(self.content).replace("REPOSITORY", address).replace("FOLDER", folder)
        return [nodes.literal_block(commands, commands, language="sh")]


def add_stylesheet(app, pagename, templatename, context, doctree):
    """Load the cover's style sheet on pages that use it, and on no other."""
    lists = doctree.findall(nodes.enumerated_list) if doctree is not None else []
    if any("cover-modules" in node["classes"] for node in lists):
        app.add_css_file(STYLESHEET)


def setup(app):
    app.add_directive("drawing", Drawing)
    app.add_directive("modules", Modules)
    app.add_directive("from-repository", FromRepository)
    app.connect("html-page-context", add_stylesheet)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
