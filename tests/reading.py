"""How much a reader has to read on a page, and how long that takes.

*Prose* is the running text as the page shows it: paragraphs, lists and tables, why it matters, and what is beyond the
core path. Not counted are the boxes around it (goals, summary, words), headings, captions, code cells, checked
formulas, questions, predictions, errors to find, and whatever is closed until it is opened. A formula or a piece of
code within a sentence is one word.

The *core path* is all that stands outside `{beyond}`. The time for it is an estimate: everything that is to be read,
boxes, captions and prompts with their choices too, at 200 words a minute, and for each thing that is to be looked at or
worked out the seconds in `SECONDS`. They are for a learner who reads to understand and answers before looking.
"""

import re

from tests.page_reader import choices, question_kind

WORDS_A_MINUTE = 200
SECONDS = {
    "formula": 5, "cell": 10, "figure": 15, "interactive": 60,
    "choice": 10, "choices": 15, "predict": 10, "find-the-error": 20, "match": 30, "order": 30, "point": 20,
    "number": 45, "formula-answer": 45, "vector": 45, "matrix": 45, "code": 120,
}  # fmt: skip
ASKED = ("question", "predict", "find-the-error")
CLAIMS = ("checked", "definition", "notation", "display")
PROSE_BOXES = ("why-it-matters", "container", "note", "tip", "warning", "admonition")
BOXES = ("goals", "summary")


def as_shown(text):
    """The text as the page shows it: roles by their words, each formula and piece of code as one word."""
    # A link shows the title of its page, which is the page's slug or a word more.
    text = re.sub(r"\{doc\}`(?:[^`<]*/)?([^`</]+)`", lambda link: link[1].replace("-", " "), text)
    text = re.sub(r"\{(?:term|doc|ref|numref|eq)\}`([^`<]*?)\s*(?:<[^>]*>)?`", r"\1", text)
    text = re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]+`|\$[^$]+\$", " formula ", text)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"^\s*(?:\|[-|: ]+\||[-*|]|\d+\.)|[*|]", " ", text, flags=re.MULTILINE)


def count_words(text):
    """The number of words in a text of the page's source."""
    return len(re.findall(r"[^\W_][\w'’-]*", as_shown(text)))


def caption(block):
    """The caption of a figure that a cell draws, or that is interactive; empty for all else."""
    if block.kind == "interactive":
        return block.text
    found = re.search(r"^ *caption:(.*\n?(?:^ {6,}.*\n?|^\s*\n)*)", block.options.get("yaml", ""), re.MULTILINE)
    return found[1].strip(" |\n") if found else ""


def is_hidden(cell):
    """Whether the page shows nothing of a cell."""
    return "remove-cell" in " ".join(cell.options.values())


def open_blocks(blocks, beyond, boxes):
    """Yield the blocks that are open to a reader, in order, those within the boxes of these kinds too."""
    for block in blocks:
        if block.kind in boxes or (block.kind == "beyond" and beyond):
            yield from open_blocks(block.children, beyond, boxes)
        else:
            yield block


def prose(page, beyond=True):
    """The number of words of prose on a page, with or without what is beyond the core path."""
    found = open_blocks(page.blocks, beyond, PROSE_BOXES)
    return sum(count_words(block.text) for block in found if block.kind == "text")


def minutes(page):
    """The estimated time for the core path of a page."""
    return sum(map(_seconds, open_blocks(page.blocks, False, PROSE_BOXES + BOXES))) / 60


def _seconds(block):
    if block.kind in ("text", "heading"):
        return _reading(block.text)
    if block.kind in CLAIMS:
        return SECONDS["formula"]
    if block.kind == "code-cell" and not is_hidden(block):
        return SECONDS["figure"] + _reading(caption(block)) if caption(block) else SECONDS["cell"]
    if block.kind == "interactive":
        return SECONDS["interactive"] + _reading(block.text)
    if block.kind in ASKED:
        return SECONDS[_work(block)] + _reading(_prompt(block))
    return 0


def _reading(text):
    return count_words(text) * 60 / WORDS_A_MINUTE


def _prompt(block):
    """What is to be read before an answer: the prompt and the choices, no hint, feedback or solution."""
    asked = [child.text for child in block.children if child.kind == "text"]
    options = choices(block)
    first = options[0].line if options else 0
    told = [text for number, text in block.lines if number < first] if options else asked
    return "\n".join([*told, *(option.text for option in options)])


def _work(block):
    kind = question_kind(block) if block.kind == "question" else block.kind
    return "formula-answer" if kind == "formula" else kind
