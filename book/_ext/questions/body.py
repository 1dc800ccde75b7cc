"""What stands in the body of a question: hints, mistakes, the solution, tests; and steps or pairs to arrange."""

import re

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from devices.choices import parse_lines
from text.directive_lines import line_of, outside_fences
from text.faults import report_in

from .answers import VALUE_KINDS

STEP = re.compile(r"(\d+)\. (.*)")
PAIR = re.compile(r"- (.*)")


class part(nodes.General, nodes.Element):
    """A part of a question, until the question takes it: `kind`, `expression` (of a mistake), and its line."""


class Part(SphinxDirective):
    """A directive that has its place inside a `{question}` only."""

    has_content = True

    def run(self):
        """Return the part; report an empty one."""
        if not "".join(self.content).strip():
            report_in(self, f"expected content between {{{self.name}}} and its end")
        node = part("", *parse_lines(self, list(self.content), line_of(self, 0)), kind=self.name, line=self.lineno)
        self.set_source_info(node)
        if not self.env.temp_data.get("around_question"):
            report_in(self, f"expected {{{self.name}}} inside a {{question}}")
            return []
        return [node]


class Mistake(Part):
    """`{mistake} EXPRESSION`: a wrong answer that readers give, and what to tell them."""

    optional_arguments = 1
    final_argument_whitespace = True

    def run(self):
        """Return the part with its expression; report a missing one."""
        found = super().run()
        if not self.arguments:
            report_in(self, "expected the wrong answer as an expression, as in {mistake} 4/3*pi*r**2")
            return []
        for node in found:
            node["expression"] = self.arguments[0]
        return found


def take_items(directive, lines, kind):
    """Return the items to arrange, as (line, sides), and `lines` with blank ones in their place.

    The items are the numbered list of an `order` question, one side each, or the bullet list of a `match`
    question, `- left => right`. Text goes on over indented lines.
    """
    marker = STEP if kind == "order" else PAIR
    rest, items, current = list(lines), [], None
    for index, line in outside_fences(lines):
        match = marker.fullmatch(line)
        if match:
            current = (line_of(directive, index), [match.group(match.lastindex)])
            items.append(current)
        elif current is not None and line.startswith("  ") and line.strip():
            current[1].append(line.strip())
        else:
            current = None
            continue
        rest[index] = ""
    if kind == "order":
        return [(line, [" ".join(text)]) for line, text in items], rest
    return [(line, re.split(r"\s=>\s", " ".join(text))) for line, text in items], rest


def check_items(directive, items, kind):
    """Report each fault of the items to arrange; return whether there was none."""
    faults = []
    if len(items) < 3:
        shape = "steps, `1. first step`" if kind == "order" else "pairs, `- left => right`"
        faults.append((f"expected at least three {shape}; got {len(items)}", None))
    for line, sides in items:
        if kind == "match" and (len(sides) != 2 or not all(map(str.strip, sides))):
            faults.append(("expected a pair as `- left => right`", line))
    for side in range(2 if kind == "match" else 1):
        seen = {}
        for line, sides in items:
            text = " ".join(sides[side].split()) if side < len(sides) else None
            if text in seen:
                what = "step" if kind == "order" else ("left side", "right side")[side]
                faults.append((f"this {what} is that of line {seen[text]}; expected no two alike", line))
            elif text:
                seen[text] = line
    for message, line in faults:
        report_in(directive, message, line)
    return not faults


def check_parts(question, kind):
    """Report parts of a `question` that are missing, too many, or foreign to its `kind`."""
    parts = question.parts
    extra = {"mistake"} if kind in VALUE_KINDS else {"tests"} if kind == "code" else set()
    allowed = {"hint", "solution"} | extra
    for each in parts:
        if each["kind"] not in allowed:
            expected = ", ".join(f"{{{name}}}" for name in sorted(allowed))
            question.fault(f"a question of kind :{kind}: has no {{{each['kind']}}}; expected {expected}", each["line"])
    needed = (set() if kind in ("choice", "choices") else {"solution"}) | (extra & {"tests"})
    for name in ("solution", "tests"):
        found = [each for each in parts if each["kind"] == name]
        if name in needed and not found:
            question.fault(f"expected a {{{name}}} in a question of kind :{kind}:")
        for each in found[1:]:
            question.fault(f"expected one {{{name}}}; the first is in line {found[0]['line']}", each["line"])
    for each in parts:
        count = sum(node.get("prints") == "answer" for node in each.findall(nodes.inline))
        if each["kind"] == "solution" and kind in VALUE_KINDS and count != 1:
            question.fault(
                f"expected the solution to print the answer once, by {{answer}}`value`; got {count} times", each["line"]
            )
        elif count and (each["kind"] != "solution" or kind not in (*VALUE_KINDS, "point")):
            question.fault(
                "expected {answer} in the {solution} of a number, formula, vector, matrix or point only", each["line"]
            )
