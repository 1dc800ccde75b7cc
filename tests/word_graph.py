"""Which page introduces a word of the glossary, and where the word is used before.

A page *introduces* a word if it is the first, in the order of the course, whose text links it by `{term}`; the list of
words to look up, at the end of a page, does not count. A *use* is the word, or a simple inflection of it, in what a
reader reads: paragraphs, headings, captions, prompts, choices, hints, solutions. Not code, not mathematics, not the
words of a link to another page, and not the list of an opening page that says what the road of its module leads to.
A word within a longer one of the glossary (*tangent* in *hyperbolic tangent*) is a use of the longer one alone.
"""

import re
from dataclasses import dataclass

from tests.page_reader import BOOK

# Directives whose text is no prose.
APART = ("code-cell", "listing", "literalinclude", "checked", "definition", "notation", "display", "words", "comment",
         "label", "tests", "toctree", "code-block")  # fmt: skip
LINK = re.compile(r"\{term\}`([^`]+)`")


@dataclass(frozen=True)
class Place:
    """A word in the text of a page: the page, the line, and what stands there."""

    page: str
    line: int
    text: str

    def __str__(self):
        return f"book/{self.page}.md:{self.line}"


def glossary(source=None):
    """Return the words of the glossary."""
    source = (BOOK / "glossary.md").read_text(encoding="utf-8") if source is None else source
    body = re.search(r"```\{glossary\}\n(.*?)```", source, re.DOTALL)[1]
    return [entry.split("\n")[0].strip() for entry in re.split(r"\n\s*\n", body.strip())]


def prose_lines(page):
    """Yield the lines of a page that are read, as (number, source); a directive that holds text is gone into."""
    preview = False
    for block in page.blocks:
        preview = (block.kind == "text" and preview) or block.argument.startswith("The road through")
        if not preview:
            yield from _lines(block)


def _lines(block):
    if block.kind == "code-cell":
        yield from _captions(block)
    elif block.kind not in APART:
        if block.kind in ("beyond", "reveal"):
            yield block.line, block.argument
        if block.children:
            for child in block.children:
                yield from _lines(child)
        else:
            yield from block.lines


def _captions(cell):
    """The lines of a figure's options, of which caption and description are read."""
    lines = cell.options.get("yaml", "").split("\n")
    return [(cell.line + 2 + place, re.sub(r"^\s*\w+:", "", line)) for place, line in enumerate(lines)
            if re.search(r"caption:|alt:", line) or ":" not in line]  # fmt: skip


def bare(line):
    """A line, or several, without code, mathematics, marks and addresses; a link to a word keeps its text."""
    line = re.sub(r"\{term\}`([^`<]*?)\s*(?:<[^>`]*>)?`", lambda link: link[1] + _ends(link[0], link[1]), line)
    line = re.sub(r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\$[^$]*\$|\]\([^)]*\)", lambda code: " " + _ends(code[0]), line)
    return re.sub(r"[*_\[\]]", "", line)


def _ends(text, kept=""):
    """The ends of lines in a text but for those that are kept, so that later lines keep their numbers."""
    return "\n" * (text.count("\n") - kept.count("\n"))


def inflected(word):
    """A pattern for a word and its plain plurals, upper or lower case, over the end of a line too."""
    *front, last = word.split()
    if last.endswith("x") and last[-2] in "ie":
        last = rf"{last[:-2]}(?:{last[-2:]}|ices)"
    elif last.endswith("y") and last[-2] not in "aeiou":
        last = rf"{last[:-1]}(?:y|ies)"
    else:
        last = rf"{last}(?:s|es)?"
    return re.compile(r"(?<![\w-])" + r"\s+".join([*map(re.escape, front), last]) + r"(?![\w-])", re.IGNORECASE)


def linked(page):
    """The words that the text of a page links, each with the line of its first link."""
    found = {}
    for number, line in _joined(page):
        for link in LINK.finditer(line):
            word = re.sub(r".*<(.*)>", r"\1", link[1], flags=re.DOTALL)
            found.setdefault(" ".join(word.split()).casefold(), number + line[: link.start()].count("\n"))
    return found


def _joined(page):
    """Runs of prose lines that follow each other, as (number of the first, text): a phrase may run over an end."""
    run, start, last = [], 0, None
    for number, line in prose_lines(page):
        if last is not None and number != last + 1:
            yield start, "\n".join(run)
            run = []
        start = start if run else number
        run.append(line)
        last = number
    if run:
        yield start, "\n".join(run)


def uses(page, word, apart=()):
    """The places at which the text of a page uses a word, but for those inside one of the patterns `apart`."""
    pattern, found = inflected(word), []
    for number, text in _joined(page):
        plain = bare(text)
        inside = [other.span() for each in apart for other in re.finditer(each, plain)]
        for match in pattern.finditer(plain):
            if not any(start <= match.start() and match.end() <= end for start, end in inside):
                found.append(Place(page.name, number + plain[: match.start()].count("\n"), match[0]))
    return found


def longer(word, words):
    """Patterns of the longer words of the glossary that hold this one."""
    return [inflected(other) for other in words if other != word and word.casefold() in other.casefold().split()]


def graph(pages, words):
    """Return for each word the name of the page that introduces it, or None where no text links it."""
    links = {page.name: linked(page) for page in pages}
    return {word: next((name for name, of_page in links.items() if word.casefold() in of_page), None) for word in words}


def too_early(pages, words, phrases=None):
    """Return the uses of each word on pages before the one that introduces it, as {word: (its page, places)}.

    `phrases` gives for some words a pattern of phrases in which they are plain English.
    """
    names = [page.name for page in pages]
    found = {}
    for word, home in graph(pages, words).items():
        before = pages[: names.index(home)] if home else []
        if places := _all_uses(before, word, words, phrases):
            found[word] = home, places
    return found


def never_linked(pages, words, phrases=None):
    """Return the words that some text uses and none links, each with its places."""
    lost = [word for word, home in graph(pages, words).items() if home is None]
    return {word: places for word in lost if (places := _all_uses(pages, word, words, phrases))}


def linked_late(pages, words, phrases=None):
    """Return the words that the page which introduces them uses before its link: {word: (line of the link, places)}.

    Headings, titles and goals may name what is to come.
    """
    by_name, found = {page.name: page for page in pages}, {}
    for word, home in graph(pages, words).items():
        if home:
            page = by_name[home]
            line = linked(page)[word.casefold()]
            named = {block.line for block in page.all("heading", "beyond", "reveal")}
            named |= {number for goals in page.all("goals") for number, _ in goals.lines}
            places = _all_uses([page], word, words, phrases)
            if places := [place for place in places if place.line < line and place.line not in named]:
                found[word] = line, places
    return found


def _all_uses(pages, word, words, phrases):
    apart = [*longer(word, words), *([phrases[word].replace(" ", r"\s+")] if word in (phrases or {}) else [])]
    return list(dict.fromkeys(place for page in pages for place in uses(page, word, apart)))
