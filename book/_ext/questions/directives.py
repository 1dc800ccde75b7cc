"""`{question}`: a question of any kind, its answer verified at build, readable with scripts off."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective, SphinxRole

from devices.choices import check_choices, parse_choices, parse_lines, take_choices
from text.directive_lines import CODE_FENCE, line_of, option_line, outside_fences
from text.faults import report, report_in
from text.names import reserve_name

from .answers import VALUE_KINDS, read_answer, shown
from .body import Mistake, Part, check_items, check_parts, part, take_items
from .checks import check_question
from .expressions import Unreadable, identifiers
from .look import compose
from .options import KINDS, read_options
from .parameters import SHOWN

CHOICE_KINDS, ARRANGE_KINDS = ("choice", "choices"), ("match", "order")


class Question(SphinxDirective):
    """`{question} name`, with one option for its kind; CONTRIBUTING.md shows the markup of each."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar = dict.fromkeys(
        [*KINDS, "of", "tolerance", "unit", "domain", "parameters", "figure"], directives.unchanged
    )

    def run(self):
        """Return the question, or nothing if its source has a fault; every fault is reported."""
        self.faulty = False
        self.name_given = self.arguments[0] if self.arguments else ""
        identifier = reserve_name(self, self.name_given, "question")
        self.settings = read_options(self)
        self.faulty = identifier is None or self.settings is None
        kind = self.settings.kind if self.settings else None

        lines = self.filled(list(self.content)) if self.settings else list(self.content)
        self.choices, self.items, faults = [], [], []
        if kind in ARRANGE_KINDS:
            self.items, lines = take_items(self, lines, kind)
            self.faulty |= not check_items(self, self.items, kind)
        else:
            self.choices, lines, faults = take_choices(self, lines)
        if kind in CHOICE_KINDS:
            self.faulty |= not check_choices(self, self.choices, faults, several=kind == "choices")
        elif self.choices and kind:
            self.fault(
                f"a question of kind :{kind}: has no choices; expected them in :choice: and :choices: only",
                self.choices[0].line,
            )
        self.read_body(lines)
        if kind:
            check_parts(self, kind)
        if not self.faulty:
            check_question(self, kind)
        if self.faulty:
            return []
        self.note(identifier)
        return [compose(self, identifier)]

    def fault(self, message, line=None):
        """Report a fault of this question."""
        self.faulty = True
        report_in(self, message, line)

    def filled(self, lines):
        """Return `lines` with the first values of the parameters printed; report what cannot be printed."""
        parameters, used = self.settings.parameters, self.settings.names_used()
        for index, line in outside_fences(lines, CODE_FENCE):
            for expression in SHOWN.findall(line):
                try:
                    for values in parameters.variants:
                        parameters.show(expression, values)
                    used |= identifiers(expression)
                except Unreadable as error:
                    self.fault(str(error), line_of(self, index))
                    break
            else:
                lines[index] = parameters.fill(line, parameters.first)
        for name in set(parameters.first) - used if not self.faulty else ():
            self.fault(
                f"the parameter {name} occurs nowhere; expected it in the answer or as <<{name}>>",
                option_line(self, "parameters"),
            )
        return lines

    def read_body(self, lines):
        """Find the prompt, the parts and the nodes of the choices in `lines`."""
        around = self.env.temp_data.get("around_question")
        self.env.temp_data["around_question"] = self
        found = parse_lines(self, lines, line_of(self, 0))
        parse_choices(self, self.choices)
        self.env.temp_data["around_question"] = around
        self.prompt, self.parts = [], []
        for node in found:
            if isinstance(node, part):
                self.parts.append(node)
            elif isinstance(node, nodes.comment | nodes.system_message):
                continue
            elif self.parts or (self.choices and (node.line or 0) > self.choices[-1].line):
                self.fault(
                    "expected no text after the choices and the parts of a question; put it into its {hint} or "
                    "{solution}, or indent it if it is feedback",
                    node.line,
                )
            else:
                self.prompt.append(node)
        if not self.prompt:
            self.fault("expected a prompt, the question itself, first")

    def answer_nodes(self, source=None):
        """Return what `{answer}` prints, or the expression `source` in its manner, with the unit.

        A number with a tolerance comes from its derivation, which is the exacter one.
        """
        settings = self.settings
        if settings is None or settings.kind not in (*VALUE_KINDS, "point"):
            return []
        if settings.kind == "point":
            return [nodes.Text("(" + ", ".join(settings.point) + ")")]
        if source is None:
            source = settings.derivation if settings.comparison.tolerance else settings.answer
        answer = self.value_nodes(settings.kind, source, settings.comparison.tolerance)
        return answer + ([nodes.Text("\N{NO-BREAK SPACE}"), *self.unit_nodes()] if settings.unit and answer else [])

    def value_nodes(self, kind, source, tolerance=0):
        """Return the value of the expression `source` for the first values of the parameters, as nodes."""
        parameters = self.settings.parameters
        try:
            form, text = shown(read_answer(kind, source, parameters.first), parameters.is_decimal(source), tolerance)
        except Unreadable:
            return []  # reported where the expression is verified
        return [nodes.Text(text.replace("-", "\N{MINUS SIGN}")) if form == "text" else nodes.math(text, text)]

    def unit_nodes(self):
        """Return the unit as nodes."""
        return self.state.inline_text(self.settings.unit, option_line(self, "unit") - 1)[0]

    def note(self, identifier):
        """Enter the question in the list of the book's questions."""
        settings, kinds = self.settings, [each["kind"] for each in self.parts]
        questions(self.env).setdefault(self.env.docname, []).append(
            {
                "name": self.name_given, "id": identifier, "kind": settings.kind, "line": self.lineno,
                "hints": kinds.count("hint"), "mistakes": kinds.count("mistake"),
                "variants": len(settings.parameters.variants),
                "verified": settings.kind in (*VALUE_KINDS, "code") or bool(settings.derivation),
                "figure": settings.figure, "figure_line": option_line(self, "figure"),
            }
        )  # fmt: skip


class Answer(SphinxRole):
    """The role `{answer}`, which prints the verified answer of the question around it with its unit."""

    def run(self):
        """Return the answer; report the role outside a question, or with another word than `value`."""
        question = self.env.temp_data.get("around_question")
        if question is None or self.text != "value":
            return _misplaced(self, "expected {answer}`value` in the {solution} of a question")
        return [nodes.inline("", "", *question.answer_nodes(), classes=["answer-value"], prints="answer")], []


class Expression(SphinxRole):
    """The role `{expression}`, which prints an expression inside a question with its parameters put in."""

    def run(self):
        """Return the expression; report one that stands outside a question or cannot be read."""
        question = self.env.temp_data.get("around_question")
        if question is None:
            return _misplaced(self, "expected {expression} inside a {question}")
        if question.settings is None:
            return [], []
        try:
            read_answer("any", self.text, question.settings.parameters.first)
        except Unreadable as error:
            question.faulty = True
            return _misplaced(self, str(error))
        printed = question.value_nodes("any", self.text)
        return [nodes.inline("", "", *printed, classes=["answer-value"], expression=self.text)], []


def _misplaced(role, message):
    report_in(role, message)
    return [], []


def questions(env):
    """Return the questions of the book: for each page, a list of plain dicts with name, id, kind, line and counts."""
    if not hasattr(env, "book_questions"):
        env.book_questions = {}
    return env.book_questions


def _forget(app, env, docname):
    questions(env).pop(docname, None)


def _merge(app, env, docnames, other):
    questions(env).update({name: found for name, found in questions(other).items() if name in docnames})


def _check_figures(app, env):
    """Report each question that points to a figure which is nowhere in the book."""
    labels = env.domains.standard_domain.anonlabels
    for docname, found in questions(env).items():
        for each in found:
            if each["figure"] and each["figure"] not in labels:
                message = (
                    f"{{question}}: there is no figure named {each['figure']!r}; expected the name of one in the book"
                )
                report((docname, each["figure_line"]), "device.question", message)


def setup(app):
    """Add questions and their parts to Sphinx."""
    app.setup_extension("devices.directives")
    app.add_directive("question", Question)
    app.add_directive("mistake", Mistake)
    for name in ("hint", "solution", "tests"):
        app.add_directive(name, Part, override=True)  # docutils has a {hint} of its own
    app.add_role("answer", Answer())
    app.add_role("expression", Expression())
    app.connect("env-purge-doc", _forget)
    app.connect("env-merge-info", _merge)
    app.connect("env-check-consistency", _check_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
