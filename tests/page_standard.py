"""What each page of a module has to have. Each check yields its faults as (line, what was expected)."""

import itertools
import re

from tests.page_reader import choices, question_kind
from tests.reading import ASKED, CLAIMS, caption, minutes, prose

WORDS = (900, 1800)
MINUTES = (12, 20)
QUESTIONS, KINDS = 6, 3
REVIEW_QUESTIONS, REVIEW_KINDS = 10, 4
MARKS = ("breaks", "worked", "faded", "alone")
NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|[IVX]+)"
BY_NUMBER = re.compile(
    rf"\b(?:lecture|chapter|module|lesson|unit|week)s?\s+{NUMBER}\b"
    r"|\b(?:next|previous|last|following) (?:page|lecture|week)\b",
    re.IGNORECASE,
)


def boxes(page):
    """Goals, a summary and words to look up; two to four goals."""
    for kind in ("goals", "summary", "words"):
        if not page.all(kind):
            yield 1, f"expected a {{{kind}}}"
    for goals in page.all("goals"):
        if not 2 <= (number := len(re.findall(r"^- ", goals.text, re.MULTILINE))) <= 4:
            yield goals.line, f"expected two to four goals; got {number}"


def questions(page, least=QUESTIONS, kinds=KINDS):
    """Enough questions, of enough kinds."""
    found = page.all("question")
    if len(found) < least:
        yield 1, f"expected at least {least} questions; got {len(found)}"
    if len(shown := {question_kind(question) for question in found}) < kinds:
        yield 1, f"expected questions of at least {kinds} kinds; got {', '.join(sorted(shown)) or 'none'}"


def review(page):
    """More questions, of more kinds."""
    yield from questions(page, REVIEW_QUESTIONS, REVIEW_KINDS)


def feedback(page):
    """Every choice is answered in words of its own."""
    for block in page.all(*ASKED):
        said = [choice.feedback for choice in choices(block)]
        for choice in choices(block):
            if len(choice.feedback.split()) < 2:
                yield choice.line, "expected feedback of a few words below this choice: `  : why`"
            elif said.count(choice.feedback) > 1:
                yield choice.line, "expected feedback of its own for this choice; another one has the same"


def figures(page):
    """Every figure has a name, a caption, and a description that is not the caption."""
    for block in page.all("code-cell", "interactive"):
        yaml = block.options.get("yaml", "")
        if block.kind == "code-cell" and "figure:" not in yaml:
            continue
        alt = block.options.get("alt", "") or "".join(
            re.findall(r"^ *alt: *\|?>?-?(.*(?:\n {6,}.*)*)", yaml, re.MULTILINE)
        )
        if not caption(block).strip():
            yield block.line, "expected a caption of this figure, which says what to see"
        if len(alt.split()) < 8:
            yield (
                block.line,
                f"expected an alternative text of at least eight words for this figure; got {alt.strip()!r}",
            )
        elif alt.strip() == caption(block).strip():
            yield block.line, "expected an alternative text that describes the picture; got the caption again"


def length(page):
    """Prose and time within bounds; `reading.py` says what is counted."""
    if not WORDS[0] <= (words := prose(page)) <= WORDS[1]:
        yield 1, f"expected {WORDS[0]} to {WORDS[1]} words of prose; got {words}"
    if not MINUTES[0] <= (time := minutes(page)) <= MINUTES[1]:
        yield (
            1,
            (
                f"expected a core path of {MINUTES[0]} to {MINUTES[1]} minutes; got about {time:.0f}: "
                + ("put what can wait into a {beyond}" if time > MINUTES[1] else "the page is too thin")
            ),
        )


def by_name(page):
    """Other pages are referred to by {doc}, never by a number, and never as the next one."""
    for block in page.walk():
        for number, text in block.lines if block.kind in ("text", "heading") else ():
            for match in BY_NUMBER.finditer(text):
                yield number, f"expected {{doc}} and the page's name; got {match[0]!r}"


def marks(page):
    """Comments are marks, and each mark is followed by what it promises."""
    blocks = list(page.walk())
    places = [place for place, block in enumerate(blocks) if block.kind == "comment"]
    seen = []
    for place, end in itertools.pairwise([*places, len(blocks)]):
        line, (mark, *names) = blocks[place].line, blocks[place].argument.split() or [""]
        kinds = {block.kind for block in blocks[place:end]}
        if mark not in MARKS or len(names) != (mark != "breaks"):
            got = blocks[place].argument
            yield line, f"expected % breaks, % worked NAME, % faded NAME or % alone NAME; got the comment % {got}"
        elif mark == "breaks":
            if not _section(blocks, place) & {"code-cell", "checked", "interactive", "reveal", *ASKED}:
                yield line, "expected a cell, a checked formula or a question in the section of % breaks"
        elif mark == "worked" and not kinds & {*CLAIMS, "code-cell", "text"}:
            yield line, "expected a worked example after % worked"
        elif mark == "faded" and "question" not in kinds:
            yield line, "expected a question for the missing step after % faded, before the next mark"
        elif mark == "alone" and not kinds & {"question", "reveal"}:
            yield line, "expected a question or a reveal with the answer after % alone, before the next mark"
        seen += [(names[0], mark, line)] if mark in MARKS[1:] and names else []
    for name in dict.fromkeys(name for name, *_ in seen):
        order = [mark for other, mark, _ in seen if other == name]
        if order != list(MARKS[1:]):
            line = next(line for other, _, line in seen if other == name)
            yield (
                line,
                f"expected worked, faded and alone of {name!r}, once each and in this order; got {', '.join(order)}",
            )


def _section(blocks, place):
    """The kinds of the blocks between the heading before a place and the one after it."""
    heads = [-1, *(n for n, block in enumerate(blocks) if block.kind == "heading"), len(blocks)]
    start, end = max(n for n in heads if n < place), min(n for n in heads if n > place)
    return {block.kind for block in blocks[start + 1 : end]}


EVERY_PAGE = (feedback, figures, by_name, marks)
BY_KIND = {
    "opening": EVERY_PAGE,
    "lecture": (boxes, questions, length, *EVERY_PAGE),
    "bridge": (boxes, questions, length, *EVERY_PAGE),
    "review": (review, *EVERY_PAGE),
    "lab": EVERY_PAGE,
}


def faults(page, kind):
    """All faults of a page of this kind, for a message: file, line and what was expected."""
    return [f"{page.file}:{line}: {words}" for check in BY_KIND[kind] for line, words in check(page)]


def trios(page):
    """How many worked, faded and alone examples a page has."""
    return sum(block.argument.startswith("alone ") for block in page.all("comment"))


def breaks(page):
    """How many places are marked at which an idea is seen to break."""
    return sum(block.argument == "breaks" for block in page.all("comment"))


if __name__ == "__main__":
    import sys

    from tests.course_map import COURSE
    from tests.page_reader import read_page

    for row in COURSE:
        if row.name in sys.argv[1:]:
            page = read_page(row.name)
            print("\n".join(faults(page, row.kind)) or f"{page.file}: no fault")
            kinds = ", ".join(question_kind(question) for question in page.all("question"))
            print(f"  prose {prose(page)} words, core path {minutes(page):.1f} minutes; questions: {kinds}")
