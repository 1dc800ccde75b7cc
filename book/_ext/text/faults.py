"""Reports a fault: a warning with file and line, which ends a strict build once all else has been read."""

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)


def report(place: nodes.Node | tuple[str, int | None] | str, kind: str, message: str) -> None:
    """Warn of a fault at a node, at a (page, line), or at `file:line`.

    Of a node that does not know its line, the nearest one around it that does is named. `kind`, such as `cell` or
    `frame.description`, is shown in brackets at the end.
    """
    while isinstance(place, nodes.Node) and not place.line and place.parent is not None:
        place = place.parent
    kind, _, subkind = kind.partition(".")
    logger.warning("%s", message, location=place, type=kind, subtype=subkind or None)


def report_in(source, message: str, line: int | None = None) -> None:
    """Warn of a fault in `source`, a directive or a role, at `line` of the page or else where it opens."""
    place = (source.env.docname, line or source.lineno)
    report(place, f"device.{source.name}", f"{{{source.name}}}: {message}")
