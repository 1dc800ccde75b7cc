"""Lists of choices: `- [x] text` or `- [ ] text`, each with `  : feedback`, and how they look on the page."""

import re
from dataclasses import dataclass, field

from docutils import nodes
from docutils.statemachine import StringList

from text.directive_lines import line_of, outside_fences
from text.faults import report_in

from .nodes import closed, without_ids

CHOICE = re.compile(r"- \[([x ])\] (.*)")
ALMOST = re.compile(r"\s*[-*+]\s*\[[^\]]?\](?![(\[])")
BULLET = re.compile(r"[-*+] ")
FEEDBACK = re.compile(r"(\s*): (.*)")


@dataclass
class Choice:
    """One choice of a list: whether it is right, its line, its text and its feedback, as source and as nodes."""

    right: bool
    line: int
    text: list[str]
    feedback: list[str] = field(default_factory=list)
    feedback_line: int = 0
    text_nodes: list = field(default_factory=list)
    feedback_nodes: list = field(default_factory=list)


def take_choices(directive, lines):
    """Return the choices found in `lines`, `lines` with blank ones in their place, and faults as (message, line)."""
    rest, choices, faults = list(lines), [], []
    free = dict(outside_fences(lines))
    current, ended = None, False
    for index, line in enumerate(lines):
        number = line_of(directive, index)
        match = CHOICE.fullmatch(line) if index in free else None
        if match:
            if ended:
                faults.append(("expected one list of choices; a second one begins here", number))
                ended = False
            current = Choice(match.group(1) == "x", number, [match.group(2)])
            choices.append(current)
        elif index in free and (ALMOST.match(line) or (current and BULLET.match(line))):
            faults.append((f"expected a choice as `- [x] text` or `- [ ] text`; got {line.strip()!r}", number))
        elif current is None:
            continue
        elif not current.feedback and (match := FEEDBACK.fullmatch(line)):
            if len(match.group(1)) < 2:
                faults.append(("expected the feedback indented by two spaces, as in `  : feedback`", number))
            current.feedback, current.feedback_line = [match.group(2)], number
        elif line.strip() and not line.startswith("  "):
            current, ended = None, True
            continue
        elif current.feedback:
            current.feedback.append(line.removeprefix("  ").removeprefix("  "))
        else:
            current.text.append(line.removeprefix("  "))
        rest[index] = ""
    return choices, rest, faults


def parse_choices(directive, choices):
    """Read the text and the feedback of each of `choices` into its nodes, line numbers kept.

    The text of a wrong choice is marked `untrue`: what it asserts is not the book's claim.
    """
    for choice in choices:
        choice.text_nodes = parse_lines(directive, choice.text, choice.line)
        if not choice.right:
            for node in choice.text_nodes:
                node["untrue"] = True
        choice.feedback_nodes = parse_lines(directive, choice.feedback, choice.feedback_line)


def parse_lines(directive, lines, line):
    """Return the nodes of `lines`, of which the first stands in `line` of the page."""
    holder = nodes.Element()
    directive.state.nested_parse(
        StringList(lines, source=directive.state.document["source"]), line - directive.lineno - 1, holder
    )
    return list(holder.children)


def check_choices(directive, choices, faults, several=False):
    """Report `faults` and all others of `choices`; return whether there was none.

    Exactly one choice may be right; or, with `several`, at least one and not all.
    """
    faults = list(faults)
    for choice in choices:
        if not " ".join(choice.text).strip():
            faults.append(("expected a text after the box of this choice", choice.line))
        if not " ".join(choice.feedback).strip():
            faults.append(
                ("expected feedback for this choice, indented below it: `  : why it is right or wrong`", choice.line)
            )
    right = sum(choice.right for choice in choices)
    if len(choices) < 2:
        faults.append((f"expected at least two choices, `- [x] text` or `- [ ] text`; got {len(choices)}", None))
    elif not several and right != 1:
        faults.append((f"expected exactly one right choice, `- [x]`; got {right}", choices[0].line))
    elif several and not 1 <= right < len(choices):
        faults.append(
            (
                f"expected at least one right choice and one wrong one; got {right} right of {len(choices)}",
                choices[0].line,
            )
        )
    faults += [
        ("this choice has the text of an earlier one; expected no two alike", line) for line in repeated(choices)
    ]
    for message, line in faults:
        report_in(directive, message, line)
    return not faults


def repeated(choices):
    """Return the lines of those of `choices` whose text an earlier one has, white space aside."""
    seen, lines = set(), []
    for choice in choices:
        text = " ".join(" ".join(choice.text).split())
        if text in seen:
            lines.append(choice.line)
        seen.add(text)
    return lines


def choice_list(choices):
    """Return the list of `choices` as the reader meets it: no mark says which is right."""
    return nodes.bullet_list("", *(nodes.list_item("", *choice.text_nodes) for choice in choices), classes=["choices"])


def choice_feedback(choices, title):
    """Return the part that tells, when opened, of each choice whether it is right, and why."""
    items = [
        nodes.list_item(
            "",
            *map(without_ids, choice.text_nodes),
            *led_by([nodes.strong("", "Right." if choice.right else "Wrong."), nodes.Text(" ")], choice.feedback_nodes),
        )
        for choice in choices
    ]
    return closed("feedback", title, nodes.bullet_list("", *items))


def led_by(lead, feedback):
    """Return the nodes of `feedback`, its first paragraph beginning with the inline nodes `lead`."""
    if feedback and isinstance(feedback[0], nodes.paragraph):
        feedback[0].insert(0, lead)
        return feedback
    return [nodes.paragraph("", "", *lead), *feedback]


def choice_data(choices):
    """Return what a browser module needs to know of `choices`."""
    return [{"right": choice.right, "line": choice.line} for choice in choices]
