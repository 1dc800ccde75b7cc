"""The devices of a lecture: goals, predictions, things to reveal, errors to find, asides, summary, words."""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from text.directive_lines import line_of
from text.faults import report_in
from text.names import reserve_name

from .choices import check_choices, choice_data, choice_feedback, choice_list, parse_choices, parse_lines, take_choices
from .nodes import closed, register, titled

SENTENCE_END = re.compile(r"[.!?][)\"'”’]*(?=\s|$)")


class Device(SphinxDirective):
    """A directive whose content is MyST. `title` is what the reader sees above it."""

    has_content = True
    kind = title = ""
    tag, role = "section", "group"

    def content_nodes(self):
        """Return the nodes of the content, or none and a report if there is no content."""
        if not "".join(self.content).strip():
            report_in(self, f"expected content between {{{self.name}}} and its end")
            return []
        return parse_lines(self, list(self.content), line_of(self, 0))

    def build(self, title, children):
        """Return the device around `children`."""
        identifier = f"device-{self.kind}-{self.env.new_serialno('device-' + self.kind) + 1}"
        node = titled(self.kind, identifier, title, self.tag, self.role)
        node += children
        self.set_source_info(node)
        return [node]

    def run(self):
        """Return the device, or nothing if it is empty."""
        children = self.content_nodes()
        return self.build(self.title, children) if children else []


class Once(Device):
    """A device that a page has once: a second one is an error."""

    def run(self):
        """Return the device; report it if the page has one already."""
        first = self.env.temp_data.setdefault(f"only-{self.kind}", self.lineno)
        if first != self.lineno:
            report_in(self, f"expected one {{{self.name}}} a page; the first is in line {first}")
            return []
        return super().run()


class Goals(Once):
    """`{goals}`: what the reader will be able to do, as a bullet list, then what they need."""

    kind, title, tag, role = "goals", "Goals", "aside", "note"

    def build(self, title, children):
        """Return the device; report a missing list or a missing "You need:"."""
        if not isinstance(children[0], nodes.bullet_list):
            report_in(
                self, "expected a bullet list of goals first: `- Turn a sentence into an equation.`", line_of(self, 0)
            )
        if not children[-1].astext().startswith("You need:"):
            report_in(self, 'expected a last paragraph that begins with "You need:"')
        return super().build(title, children)


class Summary(Once):
    """`{summary}`: the page in three to five sentences."""

    kind, title = "summary", "In short"

    def build(self, title, children):
        """Return the device; report a wrong number of sentences."""
        sentences = sum(len(SENTENCE_END.findall(child.astext())) for child in children)
        if not 3 <= sentences <= 5:
            report_in(self, f"expected three to five sentences; got {sentences}")
        return super().build(title, children)


class Words(Once):
    """`{words}`: glossary terms to look up, separated by commas."""

    kind, title = "words", "Words to look up"

    def content_nodes(self):
        """Return the list of links to the glossary."""
        items = []
        for index, line in enumerate(self.content):
            words = line.strip().removesuffix(",").split(",") if line.strip() else []
            for word in map(str.strip, words):
                if not word or "`" in word:
                    report_in(
                        self, f"expected glossary terms separated by commas; got {line.strip()!r}", line_of(self, index)
                    )
                    continue
                parts = parse_lines(self, [f"{{term}}`{word}`"], line_of(self, index))
                items.append(nodes.list_item("", *parts))
        if not items:
            report_in(self, "expected glossary terms separated by commas; got none")
            return []
        return [nodes.bullet_list("", *items)]


class WhyItMatters(Device):
    """`{why-it-matters}`: why machine learning cares, in two or three sentences."""

    kind, title, tag, role = "why-it-matters", "Why it matters", "aside", "note"


class Titled(Device):
    """A device whose argument is its title, in MyST."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return the device under its title; report a missing title."""
        if not self.arguments:
            report_in(self, f"expected a title, as in {{{self.name}}} Take logarithms of both sides")
            return []
        title, _ = self.state.inline_text(self.arguments[0], self.lineno - 1)  # MyST adds one
        children = self.content_nodes()
        return self.build(title, children) if children else []


class Beyond(Titled):
    """`{beyond} Title`: material beyond the page's core path."""

    kind = "beyond"

    def build(self, title, children):
        """Return the box, whose title says first what the box is."""
        return super().build([nodes.inline("", "Beyond the core path: ", classes=["kicker"]), *title], children)


class Reveal(Titled):
    """`{reveal} Title`: something to work out before opening it."""

    kind = "reveal"

    def build(self, title, children):
        """Return the part that opens on demand."""
        node = closed("reveal", title, *children)
        self.set_source_info(node)
        return [node]


class Predict(Device):
    """`{predict} name`: a question to commit to before going on, with or without a list of choices."""

    optional_arguments = 1
    final_argument_whitespace = True
    kind, title, answers = "predict", "Predict", "What happens"
    choices_needed = untrue = False

    def run(self):
        """Return the prompt, the choices, and what each of them gets told."""
        identifier = reserve_name(self, self.arguments[0] if self.arguments else "", self.kind)
        choices, rest, faults = take_choices(self, self.content)
        if identifier is None or (
            (choices or faults or self.choices_needed) and not check_choices(self, choices, faults)
        ):
            return []
        if not "".join(rest).strip():
            report_in(self, "expected a prompt, a question to the reader, before the choices")
            return []
        node = titled(self.kind, identifier, self.title)
        self.set_source_info(node)
        self.state.document.set_id(node)
        node["device"] = {"kind": self.kind, "name": self.arguments[0], "choices": choice_data(choices)}
        prompt = parse_lines(self, rest, line_of(self, 0))
        for child in prompt:
            child["untrue"] = self.untrue
        node += prompt
        parse_choices(self, choices)
        if choices:
            node += [choice_list(choices), choice_feedback(choices, self.answers)]
        return [node]


class FindTheError(Predict):
    """`{find-the-error} name`: a prompt with a mistake in it, and a list of choices."""

    kind, title, answers = "find-the-error", "Find the error", "Which one, and why"
    choices_needed = untrue = True  # the prompt holds a mistake, which is not the book's claim


def setup(app):
    """Add the devices to Sphinx."""
    app.setup_extension("text.page_lines")
    register(app)
    for device in (Goals, Summary, Words, WhyItMatters, Beyond, Reveal, Predict, FindTheError):
        app.add_directive(device.kind, device)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
