"""How a question reads on the page, with scripts off: prompt, choices, hints, feedback, solution, in this order."""

import random

from docutils import nodes

from devices.choices import choice_data, choice_feedback, choice_list, led_by, parse_lines
from devices.nodes import block, closed, titled


def compose(question, identifier):
    """Return the whole question, and on it, as `device`, what a browser module will need to know."""
    settings, name = question.settings, question.name_given
    node = titled("question", identifier, f"Question {question.env.new_serialno('question') + 1}")
    question.set_source_info(node)
    question.state.document.set_id(node)
    node += block("", *question.prompt, classes=["question-prompt"])
    hints, mistakes, tests, solutions = (
        [each for each in question.parts if each["kind"] == kind] for kind in ("hint", "mistake", "tests", "solution")
    )
    lead = []
    if question.choices:
        node += choice_list(question.choices)
    if question.items:
        lists, key = _arranged(question, settings.kind, name)
        node += block("", *lists, classes=[f"question-{settings.kind}"])
        lead = [nodes.paragraph("", key)]
    if settings.unit:
        unit = question.unit_nodes()
        node += nodes.paragraph("", "", nodes.Text("Answer in "), *unit, nodes.Text("."), classes=["answer-unit"])
    if settings.kind == "code":
        starter = f"{question.signature}\n    ..."
        node += nodes.literal_block(starter, starter, language="python")
    for place, hint in enumerate(hints, start=1):
        node += closed("hint", f"Hint {place} of {len(hints)}", *hint.children)
    if question.choices:
        node += choice_feedback(question.choices, "Answers, and why")
    if mistakes:
        node += closed("feedback", "Other answers, and why", nodes.bullet_list("", *map(_told(question), mistakes)))
    for each in tests:
        node += closed("tests", "Tests", *each.children)
    for each in solutions:
        node += closed("solution", "Solution", *lead, *each.children)
    node["device"] = settings.data() | {
        "name": name,
        "choices": choice_data(question.choices),
        "hints": len(hints),
        "mistakes": [each["expression"] for each in mistakes],
    }
    return node


def _told(question):
    """Return the function that makes a list item of a mistake: the wrong answer, and what to tell who gave it."""

    def item(mistake):
        answer = nodes.inline("", "", *question.answer_nodes(mistake["expression"]), classes=["answer-value"])
        return nodes.list_item("", *led_by([answer, nodes.Text(": ")], mistake.children))

    return item


def shuffled(count, name):
    """Return the numbers below `count` in an order that is fixed by `name` and never the right one.

    >>> shuffled(4, "product-rule") == shuffled(4, "product-rule")
    True
    """
    order, draw = list(range(count)), random.Random(name)
    while order == list(range(count)):
        draw.shuffle(order)
    return order


def _listed(question, texts, enumtype):
    """Return a list of (line, text) as the reader meets it, numbered or lettered."""
    items = [nodes.list_item("", *parse_lines(question, [text], line)) for line, text in texts]
    return nodes.enumerated_list("", *items, enumtype=enumtype, prefix="", suffix=".", classes=["choices"])


def _arranged(question, kind, name):
    """Return the lists to arrange, and the line that gives the right arrangement by number and letter."""
    items, order = question.items, shuffled(len(question.items), name)
    letter = {index: chr(ord("A") + place) for place, index in enumerate(order)}
    right = _listed(question, [(items[index][0], items[index][1][-1]) for index in order], "upperalpha")
    if kind == "order":
        return [right], "In order: " + ", ".join(letter[index] for index in range(len(items))) + "."
    left = _listed(question, [(line, sides[0]) for line, sides in items], "arabic")
    return [left, right], "Pairs: " + ", ".join(f"{index + 1} and {letter[index]}" for index in range(len(items))) + "."
