"""The checks of a page can fail: a sound page passes, and each planted fault is found at its line."""

import pytest

from tests.course_map import COURSE, Row
from tests.page_reader import choices, read_page
from tests.page_standard import BY_KIND, breaks, faults, trios
from tests.reading import count_words, minutes, prose
from tests.small_book import line_with
from tests.test_course_map import built_alike, missing_topics, repeated_headings, short_of

SENTENCE = "These are ten words of prose for somebody to read. "
PAGE = (
    """---
myst:
  html_meta:
    description: A page.
---
(sound)=
# Sound

:::{goals}
- Read.
- Write.

You need: nothing.
:::

"""
    + SENTENCE * 125
    + """

% worked gears
So it is done.

% faded gears
::::{question} one
:number: 3
:of: 1 + 2
How many?
:::{solution}
{answer}`value`
:::
::::

% alone gears
:::{reveal} The answer
It is three.
:::

## A figure

% breaks
```{code-cell}
---
mystnb:
  figure:
    name: fig-one
    caption: |
      A curve that bends.
      Look at its end.
  image:
    alt: A curve climbs from the lower left, and bends to the right.
---
plot()
```

::::{question} two
:choice:
Which?

- [x] this
  : That is right.
- [ ] that
  : That is wrong.
::::

::::{question} three
:order:
How?

1. One
2. Two
3. Three
:::{solution}
So.
:::
::::

:::::{beyond} More of it
"""
    + SENTENCE * 40
    + """
:::::

"""
    + "".join(
        f"::::{{question}} more-{number}\n:number: 3\n:of: 1 + 2\nHow many?\n:::{{solution}}\n{SENTENCE}\n:::\n::::\n\n"
        for number in range(6)
    )
    + """
:::{summary}
One. Two. Three.
:::

:::{words}
slope
:::
"""
)


def found(source, kind="lecture"):
    return faults(read_page("module/page", source), kind)


def test_a_sound_page_passes():
    assert found(PAGE) == []


def test_what_is_counted():
    page = read_page("module/page", PAGE)
    assert prose(page) == 10 * (125 + 40) + 4  # and "So it is done."
    assert prose(page, beyond=False) == 10 * 125 + 4
    # Goals, headings, caption, prompts and choices are read; ten words take three seconds.
    assert 12 < minutes(page) < 14
    assert abs(minutes(read_page("m/p", SENTENCE * 20)) - 1) < 1e-9
    assert abs(minutes(read_page("m/p", "$$\nx\n$$\n")) - 5 / 60) < 1e-9
    assert minutes(read_page("m/p", "```{code-cell}\n:tags: [remove-cell]\nx = 1\n```")) == 0
    ask = "::::{question} a\n:number: 3\nHow many are two and one?\n:::{hint}\nCount them.\n:::\n::::"
    assert abs(minutes(read_page("m/p", ask)) - (45 + 6 * 0.3) / 60) < 1e-9
    assert minutes(read_page("m/p", ":::::{beyond} More\n" + ask + "\n:::::")) == 0
    assert count_words("A {term}`two words <word>`, $a + b$, `x = 1` and [a link](http://x.org/y).") == 8
    assert (trios(page), breaks(page)) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        (":::{goals}\n- Read.\n- Write.", ":::{note}\n- Read.\n- Write.", "---", "expected a {goals}"),
        ("- Read.\n- Write.", "- Read.", ":::{goals}", "two to four goals; got 1"),
        (":::{summary}", ":::{note}", "---", "expected a {summary}"),
        (":::{words}", ":::{word-list}", "---", "expected a {words}"),
        (SENTENCE * 125, SENTENCE * 10, "---", "expected 900 to 1800 words of prose; got 504"),
        (SENTENCE * 125, SENTENCE * 300, "---", "put what can wait into a {beyond}"),
        (":order:", ":number:", "---", "at least 3 kinds; got choice, number"),
        ("  : That is wrong.", "", "- [ ] that", "expected feedback"),
        ("  : That is wrong.", "  : That is right.", "- [x] this", "another one has the same"),
        ("      A curve that bends.\n      Look at its end.\n", "", "```{code-cell}", "expected a caption"),
        ("    alt: A curve climbs from the lower left, and bends to the right.", "    alt: A curve.", "```{code-cell}",
         "at least eight words for this figure; got 'A curve.'"),
        ("So it is done.", "As lecture three says.", "As lecture three", "got 'lecture three'"),
        ("So it is done.", "See Chapter 2.", "See Chapter 2", "got 'Chapter 2'"),
        ("  : That is wrong.", "  : Wait for the next page.", "Wait", "got 'next page'"),
        ("% breaks", "% brakes", "% brakes", "got the comment % brakes"),
        ("% worked gears", "% worked", "% worked", "got the comment % worked"),
        ("% breaks\n```{code-cell}", "% breaks\n\n## M\n\n```{code-cell}", "% breaks", "in the section of % breaks"),
        ("% alone gears", "% alone wheels", "% worked", "of 'gears', once each and in this order; got worked, faded"),
        ("% worked gears", "% alone gears\n\n% worked gears", "% alone gears", "with the answer after % alone"),
        ("% alone gears\n:::{reveal} The answer", "% alone gears\n:::{note}", "% alone", "the answer after % alone"),
        ("% faded gears\n", "", "% worked", "got worked, alone"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_at_its_line(old, new, at, words):
    assert PAGE.count(old) == 1
    source = PAGE.replace(old, new)
    fault = next((fault for fault in found(source) if words in fault), None)
    assert fault, found(source)
    line = 1 if at == "---" else line_with(source, at)
    assert fault.startswith(f"book/module/page.md:{line}: ")


def test_a_faded_example_without_a_question_is_found():
    source = PAGE.replace("% faded gears\n", "% faded gears\nNothing is asked.\n\n% alone gears\n", 1)
    assert any("after % faded" in fault for fault in found(source))


def test_too_few_questions_are_found():
    source = PAGE[: PAGE.index("::::{question} more-1")] + PAGE[PAGE.index(":::{summary}") :]
    assert any("at least 6 questions; got 4" in fault for fault in found(source))
    assert any("at least 10 questions" in fault for fault in found(PAGE, "review"))


def test_each_kind_of_page_has_checks():
    assert {row.kind for row in COURSE} == set(BY_KIND)


def test_choices_are_read_with_what_goes_on_below_them():
    listed = "- [ ] one\n  and more\n  : no,\n    it is not\n- [x] $2$\n  : yes\n"
    source = f"::::{{predict}} a\nWhat?\n\n{listed}:::{{hint}}\nx\n:::\n::::"
    [block] = read_page("m/p", source).all("predict")
    assert [(each.right, each.text, each.feedback) for each in choices(block)] == [
        (False, "one and more", "no, it is not"),
        (True, "$2$", "yes"),
    ]


# The module's own checks


def page(name, *kinds):
    return read_page(name, "\n\n".join(f":::{{{kind}}} x-{place}\nText.\n:::" for place, kind in enumerate(kinds)))


def test_a_missing_topic_is_found():
    row = Row("m", "p", "lecture", {"limit": r"\\lim", "a rule": "sum rule"})
    assert missing_topics(row, "The Sum\nrule: $\\lim$") == []
    [fault] = missing_topics(row, "The sum rule.")
    assert "topic 'limit'" in fault


def test_a_quota_that_is_not_met_is_found():
    pages = [
        page("chain-rule-and-networks/index", "predict", "predict"),
        page("chain-rule-and-networks/lab", "predict"),
    ]
    assert short_of("chain-rule-and-networks", "{predict}", pages) == []
    [fault] = short_of("chain-rule-and-networks", "{predict}", pages[:1])
    assert "at least 3 of: {predict}; got 2 (index 2)" in fault


def test_a_heading_on_many_pages_is_found():
    pages = [read_page(f"m/{name}", f"# {name}\n\n## Try It\n") for name in "abcd"]
    assert repeated_headings(pages[:3]) == []
    [fault] = repeated_headings(pages)
    assert "stands on 4 pages" in fault


def test_pages_built_alike_are_found():
    one, two = page("m/one", "predict", "reveal", "reveal"), page("m/two", "predict", "reveal")
    assert built_alike([one, page("m/two", "reveal", "predict")]) == []
    assert "it has that of book/m/one.md: predict, reveal" in built_alike([one, two])[0]
