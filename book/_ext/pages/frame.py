"""The frame of a page: what stands around the text, and what makes wide things inside it reachable by keyboard.

The templates are in `_templates/`; this module gives them their values, leaves out the style sheets and scripts that
the book does not need, and asks every page for a description.
"""

import re
from urllib.parse import quote

from bs4 import BeautifulSoup
from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.html5 import HTML5Translator

from text.faults import report

# Nothing leaves the reader's machine. KaTeX places its boxes by style attributes: these alone may be inline.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# Style sheets and scripts of the theme and of MyST-NB whose place colours.css, text.css and frame.js take.
LEFT_OUT = {"basic.css", "pygments.css", "styles/furo.css", "styles/furo-extensions.css", "scripts/furo.js"}
# Scripts that only the search page needs.
SEARCH_ONLY = {"documentation_options.js", "doctools.js", "sphinx_highlight.js"}
DESCRIPTION_LENGTH = range(50, 161)


def _name(asset) -> str:
    """The file name of a style sheet or script as it was registered, without `_static/`."""
    return str(getattr(asset, "filename", asset) or "").removeprefix("_static/")


def _wanted(asset) -> bool:
    name = _name(asset)
    return name not in LEFT_OUT | SEARCH_ONLY and not name.startswith("mystnb.")


def _plain(markup: str) -> str:
    """The text of a title; of a formula in it the characters that are painted, once."""
    soup = BeautifulSoup(markup, "html.parser")
    for hidden in soup.select(".katex-mathml"):
        hidden.decompose()
    return soup.get_text()


def _book_tree(context: dict) -> Markup:
    """The contents of the book as nested lists: every module, and the lectures of the present one."""
    soup = BeautifulSoup(
        context["toctree"](collapse=True, titles_only=True, maxdepth=-1, includehidden=True) or "", "html.parser"
    )
    for formula in soup.select("span.math"):
        formula.replace_with(_plain(str(formula)))
    for link in soup.select("a.current.reference"):
        if link.get("href") in ("#", ""):
            link["aria-current"] = "page"
    for caption in soup.select("p.caption"):
        caption.attrs = {"class": "part"}
    for tag in soup.find_all(["ul", "li", "a"]):
        del tag["class"]
    return Markup(str(soup))


def _description(doctree: nodes.document | None) -> str:
    metas = doctree.findall(nodes.meta) if doctree is not None else []
    return next((meta["content"] for meta in metas if meta.get("name") == "description"), "")


def _links_to_repository(app: Sphinx, pagename: str, title: str) -> dict:
    path = quote(str(app.env.doc2path(pagename, base=False)))
    repository = app.config.repository_url
    report = f"{repository}/issues/new?title={quote(f'Mistake in “{title}” ({pagename})')}"
    return {"edit_link": f"{repository}/edit/main/book/{path}", "report_link": report}


def prepare_page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give the templates their values."""
    context["content_security_policy"] = app.config.content_security_policy
    context["css_files"] = [asset for asset in context["css_files"] if _wanted(asset)]
    context["script_files"] = [asset for asset in context["script_files"] if _wanted(asset)]
    context["book_tree"] = _book_tree(context)
    context["open_graph"] = []
    context["title"] = title = _plain(context.get("title", ""))
    # Docutils has its own viewport; the template's is enough.
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>', "", context.get("metatags") or "")
    for neighbour in ("prev", "next"):
        if context.get(neighbour):
            context[neighbour] = {"link": context[neighbour]["link"], "title": _plain(context[neighbour]["title"])}
    if doctree is None:
        context["pageurl"] = None
        return
    # The address of a folder's first page is the folder's.
    context["pageurl"] = address = context["pageurl"].removesuffix("index.html")
    context["open_graph"] = [
        ("og:title", title),
        ("og:description", _description(doctree)),
        ("og:type", "book" if pagename == app.config.root_doc else "article"),
        ("og:url", address),
        ("og:site_name", app.config.project),
    ]
    context |= _links_to_repository(app, pagename, title)


def require_description(app: Sphinx, doctree: nodes.document) -> None:
    """Warn about a page without a description of the right length: search engines and link previews show it."""
    text = _description(doctree)
    if len(text) not in DESCRIPTION_LENGTH:
        found = f"has {len(text)} characters" if text else "is missing"
        report(
            (app.env.docname, 1),
            "frame.description",
            f"the page's description {found}; write one sentence of {DESCRIPTION_LENGTH[0]} to "
            f"{DESCRIPTION_LENGTH[-1]} characters in its front matter, under myst: html_meta: description",
        )


class scroll_box(nodes.General, nodes.Element):
    """A box that scrolls sideways where its content is wider than the page."""


class ScrollBoxes(SphinxPostTransform):
    """Undo the boxes in which Furo wraps tables and formulas: they repeat ids, and no keyboard reaches them.

    A table gets a box that can be reached; a formula has its own (see mathematics/katex.py).
    """

    default_priority = 510  # after Furo's own transform
    formats = ("html",)

    def run(self, **kwargs) -> None:
        """Replace the boxes of one page."""
        for wrapper in list(self.document.findall(nodes.container)):
            if "table-wrapper" in wrapper["classes"]:
                wrapper.parent.replace(wrapper, scroll_box("", *wrapper.children))
            elif "math-wrapper" in wrapper["classes"]:
                wrapper.parent.replace(wrapper, wrapper.children)


def visit_scroll_box(translator: HTML5Translator, node: scroll_box) -> None:
    """Open the box; its label is the table's caption."""
    title = next(iter(node.findall(nodes.title)), None)
    label = f"Table: {title.astext()}" if title else "Table"
    translator.body.append(
        translator.starttag(node, "div", CLASS="table-wrapper", tabindex="0", role="group", **{"aria-label": label})
    )


def depart_scroll_box(translator: HTML5Translator, node: scroll_box) -> None:
    """Close the box."""
    translator.body.append("</div>\n")


def visit_literal_block(translator: HTML5Translator, node: nodes.literal_block) -> None:
    """Write a listing whose `pre` can be scrolled by keyboard."""
    label = "Output" if "output" in node.get("classes", []) else "Code"
    try:
        HTML5Translator.visit_literal_block(translator, node)
    except nodes.SkipNode:
        reachable = f'<pre tabindex="0" role="group" aria-label="{label}">'
        translator.body[-1] = translator.body[-1].replace("<pre>", reachable, 1)
        raise


def visit_title(translator: HTML5Translator, node: nodes.title) -> None:
    """Write a title; the caption of a table of contents is plain text, not a heading of no level."""
    if isinstance(node.parent, addnodes.compact_paragraph) and node.parent.get("toctree"):
        translator.body.append(translator.starttag(node, "p", "", CLASS="caption") + '<span class="caption-text">')
        translator.context.append("</span></p>\n")
    else:
        HTML5Translator.visit_title(translator, node)


def setup(app: Sphinx) -> dict:
    """Register the frame with Sphinx."""
    app.add_config_value("repository_url", "", "html", types=[str])
    app.add_config_value("content_security_policy", POLICY, "html", types=[str])
    app.add_js_file("theme.js", priority=100)
    app.add_js_file("frame.js", type="module")
    app.add_node(scroll_box, html=(visit_scroll_box, depart_scroll_box))
    app.add_node(nodes.literal_block, override=True, html=(visit_literal_block, HTML5Translator.depart_literal_block))
    app.add_node(nodes.title, override=True, html=(visit_title, HTML5Translator.depart_title))
    app.add_post_transform(ScrollBoxes)
    app.connect("doctree-read", require_description)
    app.connect("html-page-context", prepare_page, priority=900)  # after extensions have added their files
    return {"parallel_read_safe": True, "parallel_write_safe": True}
