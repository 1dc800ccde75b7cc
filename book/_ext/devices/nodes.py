"""The document nodes that the devices and questions of a page are made of, and how each builder shows them.

Two nodes do nearly everything: `device`, a labelled block, and `details`, a part that the reader opens on
demand. Both are plain HTML that reads in order with scripts off; other builders show the content in order.
"""

from docutils import nodes


class device(nodes.General, nodes.Element):
    """A labelled block. Attributes: `tag`, the HTML element; `role`, its ARIA role; `labelledby`, the id
    of its title; and, for named devices, `device`, the data that a browser module will ask for."""


class details(nodes.General, nodes.Element):
    """A part that opens on demand. Its first child is a `summary`."""


class summary(nodes.Part, nodes.TextElement):
    """What the reader sees of a closed `details`: phrasing content only."""


class block(nodes.General, nodes.Element):
    """A plain `<div>` with classes, such as the prompt of a question."""


def titled(kind, identifier, title, tag="section", role="group"):
    """Return a `device` of class `kind` that begins with its title, a line that is no heading.

    `role` is `group` for sections and `note` for asides, so that no page fills up with landmarks.
    """
    heading = nodes.paragraph("", "", *as_nodes(title), classes=["device-title"], ids=[f"{identifier}-title"])
    return device("", heading, tag=tag, role=role, labelledby=f"{identifier}-title", classes=[kind], ids=[identifier])


def closed(kind, title, *children):
    """Return a `details` of class `kind` with `title` as its summary and `children` inside."""
    return details("", summary("", "", *as_nodes(title)), *children, classes=[kind])


def as_nodes(text):
    """Return `text` as a list of nodes: a string becomes one text node."""
    return [nodes.Text(text)] if isinstance(text, str) else list(text)


def without_ids(node):
    """Return a deep copy of `node` that claims no id, so that it may stand beside the original."""
    copy = node.deepcopy()
    for part in copy.findall(nodes.Element):
        part["ids"], part["names"] = [], []
    return copy


def _is_book(translator):
    """Say whether the builder makes an e-book, where `<details>` is not dependable."""
    return translator.builder.name == "epub"


def _visit_device_html(self, node):
    attributes = {
        name: node[key] for name, key in (("role", "role"), ("aria-labelledby", "labelledby")) if node.get(key)
    }
    self.body.append(self.starttag(node, node["tag"], **attributes))


def _depart_device_html(self, node):
    self.body.append(f"</{node['tag']}>\n")


def _visit_details_html(self, node):
    self.body.append(self.starttag(node, "div" if _is_book(self) else "details"))


def _depart_details_html(self, node):
    self.body.append("</div>\n" if _is_book(self) else "</details>\n")


def _visit_summary_html(self, node):
    self.body.append('<p class="device-title">' if _is_book(self) else "<summary>")


def _depart_summary_html(self, node):
    self.body.append("</p>\n" if _is_book(self) else "</summary>\n")


def _visit_block_html(self, node):
    self.body.append(self.starttag(node, "div"))


def _depart_block_html(self, node):
    self.body.append("</div>\n")


def _visit_summary_text(self, node):
    self.new_state(0)


def _depart_summary_text(self, node):
    self.end_state()


def _visit_summary_latex(self, node):
    self.body.append("\n\n\\textbf{")


def _depart_summary_latex(self, node):
    self.body.append("}\n\n")


def _nothing(self, node):
    pass


def register(app):
    """Teach the builders of `app` the nodes of this module."""
    plain = (_nothing, _nothing)
    for node, visit, depart in (
        (device, _visit_device_html, _depart_device_html),
        (details, _visit_details_html, _depart_details_html),
        (block, _visit_block_html, _depart_block_html),
    ):
        app.add_node(node, html=(visit, depart), text=plain, latex=plain, man=plain, texinfo=plain)
    app.add_node(
        summary,
        html=(_visit_summary_html, _depart_summary_html),
        text=(_visit_summary_text, _depart_summary_text),
        latex=(_visit_summary_latex, _depart_summary_latex),
        man=plain,
        texinfo=plain,
    )
