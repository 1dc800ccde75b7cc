"""Reports a fault at a node of a page, with the line of the nearest node that knows its own."""

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)


def report(node: nodes.Node, kind: str, message: str) -> None:
    """Warn, fatally in a strict build; `kind` is shown in brackets at the end."""
    while not node.line and node.parent is not None:
        node = node.parent
    logger.warning("%s", message, location=node, type=kind)
