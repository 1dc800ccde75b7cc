"""Counts displayed and inline mathematics by where its truth comes from, for the page that tells how all is tested."""

from collections import Counter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pages.tables import table

KINDS = {
    "checked by algebra": "displayed claims, proved by algebra",
    "checked at points": "displayed claims, tested at many points",
    "definition": "displayed definitions",
    "notation": "displayed notation",
    "inline recomputed": "numerical relations in the text, recomputed",
    "inline stated": "relations in the text between symbols, stated in passing",
}


class claim_counts(nodes.General, nodes.Element):
    """Where the table of counts will stand, once every page has been read."""


def _pages(env) -> dict[str, Counter]:
    if not hasattr(env, "claim_counts"):
        env.claim_counts = {}
    return env.claim_counts


def note(env, kind: str) -> None:
    """Count one formula of the page that is being read."""
    _pages(env).setdefault(env.docname, Counter())[kind] += 1


def total(env) -> Counter:
    """Counts of the whole book."""
    return sum(_pages(env).values(), Counter())


def forget(app: Sphinx, env, docname: str) -> None:
    _pages(env).pop(docname, None)
    _table_pages(env).discard(docname)


def merge(app: Sphinx, env, docnames, other) -> None:
    _pages(env).update({name: counts for name, counts in _pages(other).items() if name in docnames})


class ClaimCounts(SphinxDirective):
    """`{claim-counts}`: a table of the counts."""

    def run(self) -> list[nodes.Node]:
        _table_pages(self.env).add(self.env.docname)
        return [claim_counts()]


def _table_pages(env) -> set[str]:
    if not hasattr(env, "claim_count_pages"):
        env.claim_count_pages = set()
    return env.claim_count_pages


def merge_table_pages(app: Sphinx, env, docnames, other) -> None:
    _table_pages(env).update(_table_pages(other))


def rewrite_table_pages(app: Sphinx, env) -> list[str]:
    """A page with the table changes with every other page."""
    return sorted(_table_pages(env) & env.found_docs)


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the table in its place."""
    for place in list(doctree.findall(claim_counts)):
        counts = total(app.env)
        rows = [(text, str(counts[kind])) for kind, text in KINDS.items()]
        place.replace_self(table(("what stands in the book", "how many"), rows))


def connect(app: Sphinx) -> None:
    """Called by directives.py."""
    app.add_node(claim_counts)
    app.add_directive("claim-counts", ClaimCounts)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-merge-info", merge_table_pages)
    app.connect("env-updated", rewrite_table_pages)
    app.connect("doctree-resolved", fill)
