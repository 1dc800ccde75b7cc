"""`{checked}`, `{definition}` and `{notation}`: displayed mathematics that says where its truth comes from.

`{checked}` holds a formula, a line `---`, and the Python that checks it. The formula itself is read too: each of its
sides must be a value that the Python established, and each of its relations must hold, so that neither half can change
without the other.
"""

import hashlib

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from text.faults import report
from text.names import reserve_name

from . import counts
from .verify import CheckError, parse_renames, time_limit, verify

SECONDS = 30


class claim_check(nodes.General, nodes.Element):
    """The Python behind a claim, folded away: `label` says how it was decided."""


class Formula(SphinxDirective):
    """What the three directives share: a name, a formula, perhaps a number, a box."""

    has_content = True
    required_arguments = 1
    option_spec = {"numbered": directives.flag}  # noqa: RUF012 (docutils' interface)
    kind = ""

    def boxed(self, tex: str, *extra: nodes.Node) -> list[nodes.Node]:
        name = self.arguments[0]
        if not tex.strip():
            raise self.error(f"{self.name}: expected a formula")
        identifier = reserve_name(self, name, "claim")
        if identifier is None:
            return []
        counts.note(self.env, self.kind)
        label = name if "numbered" in self.options else None
        block = nodes.math_block(tex, tex, nowrap=False, number=None, label=label, docname=self.env.docname)
        self.set_source_info(block)
        block["claim"] = self.kind
        box = nodes.container("", classes=["claim", self.kind.split(" ")[0]], ids=[identifier])
        if label:
            domain = self.env.domains.math_domain
            domain.note_equation(self.env.docname, label, location=block)
            block["number"] = domain.get_equation_number_for(label)
            target = nodes.target("", "", ids=[nodes.make_id(f"equation-{label}")])
            self.state.document.note_explicit_target(target)
            box += target
        box += [block, *extra]
        return [box]

    def fault(self, message: str, line: int) -> None:
        report((self.env.docname, line), "claim", f"{self.name} `{self.arguments[0]}`: {message}")


class Definition(Formula):
    """`{definition} name`: a formula that fixes what a symbol or a word means."""

    kind = "definition"

    def run(self) -> list[nodes.Node]:
        return self.boxed("\n".join(self.content))


class Notation(Definition):
    """`{notation} name`: a formula that shows how something is written."""

    kind = "notation"


class Checked(Formula):
    """`{checked} name`: a formula, `---`, and the Python that checks it."""

    option_spec = {**Formula.option_spec, "where": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        lines = list(self.content)
        if "---" not in lines or not any(line.strip() for line in lines[lines.index("---") + 1 :]):
            raise self.error("checked: expected a formula, a line `---`, and the Python that checks it")
        cut = lines.index("---")
        tex, code = "\n".join(lines[:cut]), "\n".join(lines[cut + 1 :]).strip("\n")
        try:
            renames = parse_renames(self.options.get("where", ""))
        except ValueError as error:
            raise self.error(f"checked: :where: {error}") from error
        first = self.lineno + self.content_offset + 1  # the line of the page that holds the formula's first line
        points = 0
        try:
            points = self.verified(tex, code, renames)
        except CheckError as error:
            blank = next(i for i, line in enumerate(lines[cut + 1 :]) if line.strip())
            self.fault(str(error), first if error.line is None else first + cut + blank + error.line)
        self.kind = "checked by algebra" if points == 0 else "checked at points"
        label = "proved by algebra" if points == 0 else f"tested at {points} points"
        source = nodes.literal_block(code, code, language="python")
        check = claim_check("", source, label=label)
        return self.boxed(tex, check)

    def verified(self, tex: str, code: str, renames: dict[str, str]) -> int:
        """Verify, unless the very same claim passed when this page was last read."""
        known = _known(self.env)
        key = hashlib.sha256(repr((tex, code, renames)).encode()).hexdigest()
        if key not in known or "mmlbook" in code:
            with time_limit(SECONDS):
                known[key] = verify(tex, code, renames)
        return known[key]


def _known(env) -> dict[str, int]:
    """Claims that passed, by their hash; a build from nothing starts with none."""
    if not hasattr(env, "claims_verified"):
        env.claims_verified = {}
    return env.claims_verified


def merge_known(app: Sphinx, env, docnames, other) -> None:
    _known(env).update(_known(other))


def visit_check(translator, node: claim_check) -> None:
    translator.body.append(f'<details class="claim-check"><summary>{node["label"]}</summary>\n')


def depart_check(translator, node: claim_check) -> None:
    translator.body.append("</details>\n")


def visit_check_text(translator, node: claim_check) -> None:
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict:
    app.add_node(claim_check, html=(visit_check, depart_check), text=(visit_check_text, None))
    app.add_directive("checked", Checked)
    app.add_directive("definition", Definition)
    app.add_directive("notation", Notation)
    app.connect("env-merge-info", merge_known)
    counts.connect(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}
