"""No word of the glossary is used before the page that links it first, and each one in use is linked somewhere.

Whoever fails has three ways out: link the word with `{term}` where it is used first, so that this page introduces it;
use another word there; or, where the word is plain English, add the phrase to `PHRASES` with its reason.
"""

import re

import pytest

from tests.course_map import is_written, pages_of_the_course
from tests.page_reader import read_page
from tests.word_graph import (
    bare,
    glossary,
    graph,
    inflected,
    linked,
    linked_late,
    never_linked,
    prose_lines,
    too_early,
    uses,
)

PAGES = pages_of_the_course()
WRITTEN = [read_page(name) for name in PAGES if is_written(name)]
WORDS = glossary()

# Words that everybody knows before the book makes them precise: earlier uses are plain English. The page that gives
# the meaning has to link the word.
EVERYDAY = {
    "calculus": ("what-is-calculus/index", "it is the title of the book"),
    "name": ("what-is-calculus/python-in-twenty-minutes", "everything has a name"),
    "step": ("what-is-calculus/definition-of-a-derivative", "calculations have steps, and hikers make them"),
    "speed": ("what-is-calculus/rise-over-run", "read off a dashboard long before it is the slope of a graph"),
    "method": ("what-is-calculus/lab", "a way of doing a thing"),
    "cost": ("chain-rule-and-networks/index", "things cost money, and calculations cost time"),
    "shape": ("multivariate-calculus/arrows-arrays-shapes", "curves have one before arrays do"),
    "map": ("multivariate-calculus/the-jacobian-applied", "hikers carry one"),
    "peak": ("what-is-calculus/peaks-and-pits", "a landscape has peaks"),
    "layer": ("chain-rule-and-networks/index", "paper and cakes have layers"),
    "pit": ("what-is-calculus/peaks-and-pits", "a landscape has pits"),
}
# Phrases in which a word of the glossary is plain English.
PHRASES = {
    "jump": r"jumps up",  # what a height does in a description
    "limit": r"set a limit to|but a limit far below",  # a border
}


def complain(found):
    if found := list(found):
        pytest.fail("\n".join(found), pytrace=False)


def early(pages, words, everyday=EVERYDAY, phrases=PHRASES):
    """What is used before it is introduced, for a message."""
    plain = [word for word in words if word not in everyday]
    for word, (home, places) in too_early(pages, plain, phrases).items():
        yield f"{places[0]}: {word!r} is used here, and introduced by {home}: link it here with {{term}}, or avoid it"
        for place in places[1:3]:
            yield f"    also {place}"


def late(pages, words, everyday=EVERYDAY, phrases=PHRASES):
    """What its own page uses before the link, for a message."""
    for word, (line, places) in linked_late(pages, [word for word in words if word not in everyday], phrases).items():
        yield f"{places[0]}: {word!r} is used here first; expected {{term}} here, and not in line {line}"


def lost(pages, words, everyday=EVERYDAY, phrases=PHRASES):
    """What is used and never introduced, for a message."""
    for word, places in never_linked(pages, [word for word in words if word not in everyday], phrases).items():
        yield f"{places[0]}: {word!r} is in the glossary; expected a {{term}} link at its first use"


def test_no_word_is_used_before_the_page_that_introduces_it():
    complain(early(WRITTEN, WORDS))


def test_a_word_is_linked_where_its_page_uses_it_first():
    complain(late(WRITTEN, WORDS))


def test_each_word_in_use_is_linked():
    complain(lost(WRITTEN, WORDS))


@pytest.mark.parametrize("word", EVERYDAY)
def test_an_everyday_word_is_linked_by_the_page_that_makes_it_precise(word):
    home, _ = EVERYDAY[word]
    assert word in WORDS, f"{word!r} is not in the glossary: strike it from EVERYDAY"
    assert home in {page.name for page in WRITTEN if word in linked(page)}, f"book/{home}.md: expected {{term}}`{word}`"


@pytest.mark.parametrize("word", PHRASES)
def test_phrases_are_needed(word):
    text = "\n".join(bare(line) for page in WRITTEN for _, line in prose_lines(page))
    assert re.search(PHRASES[word].replace(" ", r"\s+"), text), f"{PHRASES[word]!r}: expected this phrase on some page"


# Planted faults

HOME = read_page(
    "m/late", "# Late\n\nThe {term}`secant` and two {term}`matrices\n<matrix>`, by the {term}`power rule`.\n"
)
LIST = ["activation function", "function", "matrix", "power rule", "secant"]


def planted(source):
    pages = [read_page("m/early", source), HOME]
    return [*early(pages, LIST, {}, {}), *lost(pages, LIST, {}, {})]


@pytest.mark.parametrize(
    "source",
    [
        "# Early\n\nNothing of it. A consecant, `secant`, $secant$.",
        "```{code-cell}\nsecant = 1\n```",
        ":::{words}\nsecant\n:::",
        "See {doc}`the secant <late>`.",
        "# The road through this module\n\n- *Late*: the secant.",
        "A {term}`secant` at once, and a secant later.",
    ],
)  # fmt: skip
def test_a_word_in_its_place_passes(source):
    assert planted(source) == []


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("# Early\n\nOne line,\ntwo Secants.", 4),
        ("# A secant", 1),
        ("A power\nrule.", 1),
        ("Many\nmatrices.", 2),
        ("::::{question} a\n:choice:\nWhich?\n\n- [x] this\n  : A *secant*.\n- [ ] that\n  : No.\n::::", 6),
        (":::{reveal} The secant\nNo.\n:::", 1),
        ("::::{beyond} More\n:::{reveal} Why\nThe **secant**.\n:::\n::::", 3),
        ("```{code-cell}\n---\nmystnb:\n  figure:\n    caption: |\n      A secant.\n---\nx = 1\n```", 6),
        ("An activation function.\n\nThe function.", 3),
        (":::{words}\nsecant\n:::\n\nA secant.", 5),
    ],
)  # fmt: skip
def test_a_word_too_early_or_never_linked_is_found(source, line):
    found = planted(source)
    assert f"book/m/early.md:{line}: " in found[-1], found


def test_a_word_linked_too_late_on_its_own_page_is_found():
    page = read_page(
        "m/one", "# The secant\n\n:::{goals}\n- Draw a secant.\n:::\n\nTwo\nsecants.\n\nA {term}`secant`.\n"
    )
    [fault] = late([page], LIST, {}, {})
    assert fault.startswith("book/m/one.md:8: ") and "not in line 10" in fault
    assert list(late([HOME], LIST, {}, {})) == []


def test_lines_are_counted_past_what_is_taken_away():
    for source in ("{term}`matrices\n<matrix>`\nsecant", "`a\nb`\nsecant", "$a\n+ b$\nsecant", "{doc}`a\n<b>`\nsecant"):
        assert [place.line for place in uses(read_page("m/one", source), "secant")] == [3]


def test_inflections():
    for word, others in {"matrix": "Matrix matrices", "slope": "slopes", "index": "indices", "fox": "foxes",
                         "velocity": "velocities", "rise over run": "rise over run"}.items():  # fmt: skip
        for other in others.split() if " " not in word else [others]:
            assert inflected(word).fullmatch(other)
    assert not inflected("slope").search("sloped slope-wise")
    assert bare("a {term}`slopes <slope>` of `x` and $y$").split() == ["a", "slopes", "of", "and"]
    assert graph([HOME], ["matrix", "function"]) == {"matrix": "m/late", "function": None}
