"""The devices of a page: how they read without scripts, and what is refused, with its line."""

import pytest
from small_book import build, line_with

GLOSSARY = "# Words\n\n```{glossary}\ndomain\n  What goes in.\n\nslope\n  Rise over run.\n```\n"

PAGE = """# Page

:::{goals}
- Turn a sentence into an equation.

You need: school mathematics.
:::

:::{predict} edge-speed
Does the edge speed up?
:::

:::{predict} stuck
Which of these?

- [ ] The terms $x$
  have become zero.
  : Far from it.
- [x] Each {term}`slope` is small.
  : It is rounded away,
    every time.

    Always.
:::

:::{reveal} Take $\\ln$ of *both* sides
Exact, and useless.
:::

:::{why-it-matters}
Weights move.
:::

:::{find-the-error} which-line
Which step is wrong?

- [x] The first.
  : It divides by nothing.
- [ ] The second.
  : It holds.
:::

:::::{beyond} More *about* it
:::{reveal} Within
Deep.
:::
:::::

:::{summary}
It works (mostly). It is short! Is it?
:::

:::{words}
domain, the
slopes <slope>
:::
""".replace("the\nslopes", "\nslopes")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    book = build(tmp_path_factory.mktemp("devices"), {"page": PAGE, "words": GLOSSARY})
    assert book.faults == []
    return book.soup("page")


def named(element, page):
    """Return the accessible name that an element takes from its title."""
    return page.find(id=element["aria-labelledby"]).get_text()


@pytest.mark.parametrize(
    "selector, role, name",
    [
        ("aside.goals", "note", "Goals"),
        ("section.predict#predict-edge-speed", "group", "Predict"),
        ("aside.why-it-matters", "note", "Why it matters"),
        ("section.find-the-error#find-the-error-which-line", "group", "Find the error"),
        ("section.beyond", "group", "Beyond the core path: More about it"),
        ("section.summary", "group", "In short"),
        ("section.words", "group", "Words to look up"),
    ],
)
def test_each_device_has_a_role_and_a_name_and_no_heading(page, selector, role, name):
    element = page.select_one(selector)
    assert (element["role"], named(element, page)) == (role, name)
    assert element.find(["h1", "h2", "h3", "h4", "h5", "h6"]) is None


def test_a_page_of_devices_is_sound_html(page):
    identifiers = [element["id"] for element in page.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
    for summary in page.find_all("summary"):
        assert summary.find(["p", "div", "ul"]) is None and summary.parent.name == "details"
        assert summary.find_previous_sibling() is None
    assert not [name for element in page.find_all(True) for name in element.attrs if name.startswith("data-answer")]


def test_the_choices_carry_no_tick_and_the_feedback_says_right_and_wrong_in_words(page):
    device = page.select_one("#predict-stuck")
    shown = [item.get_text(" ", strip=True) for item in device.select("ul.choices > li")]
    assert [text.split()[0] for text in shown] == ["The", "Each"]
    assert not any(mark in text for text in shown for mark in ("[x]", "[ ]", "Right", "Wrong"))
    told = device.select("details.feedback > ul > li")
    assert [item.strong.get_text() for item in told] == ["Wrong.", "Right."]
    assert "Far from it." in told[0].get_text() and "Always." in told[1].get_text()
    assert device.summary.get_text() == "What happens"


def test_a_prediction_without_choices_has_nothing_to_open(page):
    assert page.select_one("#predict-edge-speed").find("details") is None


def test_titles_and_words_are_read_as_text_of_a_page(page):
    summary = page.select_one("details.reveal > summary")
    assert summary.select_one(".math") and summary.em.get_text() == "both"
    links = [(link.get_text(), link["href"]) for link in page.select(".words a")]
    assert links == [("domain", "words.html#term-domain"), ("slopes", "words.html#term-slope")]


@pytest.mark.parametrize("builder, suffix", [("text", ".txt"), ("latex", None), ("epub", ".xhtml")])
def test_other_builders_show_the_content_in_order(tmp_path, builder, suffix):
    book = build(tmp_path, {"page": PAGE, "words": GLOSSARY}, builder)
    assert [message for *_, message in book.faults if "epub" not in message and "conf value" not in message] == []
    text = next((tmp_path / "out").glob("*.tex")).read_text() if suffix is None else book.text("page", suffix)
    places = [
        text.index(part) for part in ("Turn a sentence", "speed up?", "Far from it", "useless", "divides", "Deep")
    ]
    assert places == sorted(places)
    assert "<details" not in text


CHOICES = "- [x] one\n  : yes\n- [ ] two\n  : no\n"
REFUSED = {
    "goals without a list": (":::{goals}\nLearn.\n\nYou need: a pen.\n:::", "Learn.", "bullet list"),
    "goals without needs": (":::{goals}\n- Learn.\n:::", "{goals}", "You need:"),
    "goals twice": (
        ":::{goals}\n- Learn.\n\nYou need: a pen.\n:::\n\n:::{goals} \n- Learn.\n\nYou need: ink.\n:::",
        "{goals} ",
        "the first is in line 1",
    ),
    "empty goals": (":::{goals}\n:::", "{goals}", "expected content"),
    "empty reveal": (":::{reveal} Title\n:::", "{reveal}", "expected content"),
    "reveal without a title": (":::{reveal}\nText.\n:::", "{reveal}", "expected a title"),
    "beyond without a title": (":::{beyond}\nText.\n:::", "{beyond}", "expected a title"),
    "empty aside": (":::{why-it-matters}\n:::", "{why-it-matters}", "expected content"),
    "two sentences": (":::{summary}\nOne. Two.\n:::", "{summary}", "three to five sentences; got 2"),
    "six sentences": (":::{summary}\nA. B. C.\n\nD. E. F.\n:::", "{summary}", "got 6"),
    "no words": (":::{words}\n:::", "{words}", "got none"),
    "an empty word": (":::{words}\ndomain,\n, slope\n:::", ", slope", "separated by commas"),
    "a role for a word": (":::{words}\ndomain,\n{term}`slope`\n:::", "{term}", "separated by commas"),
    "an unknown word": (":::{words}\ndomain,\nslippery\n:::", "slippery", "term not in glossary"),
    "prediction without a name": (":::{predict}\nWhat?\n:::", "{predict}", "expected a name"),
    "name that is no slug": (":::{predict} Two words\nWhat?\n:::", "{predict}", "'Two words'"),
    "name taken": (
        ":::{predict} a\nWhat?\n:::\n\n:::{find-the-error} a\nWhich?\n\n" + CHOICES + ":::",
        "{find-the-error}",
        "taken by the device in line 1",
    ),
    "prediction without a prompt": (":::{predict} a\n" + CHOICES + ":::", "{predict}", "expected a prompt"),
    "one choice": (":::{predict} a\nWhat?\n\n- [x] one\n  : yes\n:::", "{predict}", "at least two choices"),
    "none right": (":::{predict} a\nWhat?\n\n- [ ] one\n  : no\n- [ ] two\n  : no\n:::", "one", "exactly one right"),
    "two right": (":::{predict} a\nWhat?\n\n- [x] one\n  : y\n- [x] two\n  : y\n:::", "one", "got 2"),
    "no feedback": (":::{predict} a\nWhat?\n\n- [x] one\n  : yes\n- [ ] two\n:::", "two", "expected feedback"),
    "feedback not indented": (
        ":::{predict} a\nWhat?\n\n- [x] one\n: yes\n- [ ] two\n  : no\n:::",
        ": yes",
        "indented by two spaces",
    ),
    "empty text": (":::{predict} a\nWhat?\n\n- [x] one\n  : yes\n- [ ] \n  : no\n:::", "- [ ]", "expected a text"),
    "two alike": (
        ":::{predict} a\nWhat?\n\n- [x] one  more\n  : yes\n- [ ] one more\n  : no\n:::",
        "one more",
        "no two alike",
    ),
    "no box": (":::{predict} a\nWhat?\n\n" + CHOICES + "- three\n  : no\n:::", "three", "as `- [x] text`"),
    "box with another mark": (
        ":::{predict} a\nWhat?\n\n" + CHOICES + "- [y] three\n  : no\n:::",
        "three",
        "as `- [x] text`",
    ),
    "two lists": (
        ":::{predict} a\nWhat?\n\n" + CHOICES + "\nOr:\n\n- [ ] three\n  : no\n:::",
        "three",
        "one list of choices",
    ),
    "error to find without choices": (":::{find-the-error} a\nWhich?\n:::", "{find-the-error}", "at least two"),
    "hint on its own": (":::{hint}\nLook.\n:::", "{hint}", "inside a {question}"),
    "mistake on its own": (":::{mistake} 3\nLook.\n:::", "{mistake}", "inside a {question}"),
    "answer on its own": ("It is {answer}`value`.", "{answer}", "in the {solution} of a question"),
    "expression on its own": ("It is {expression}`2`.", "{expression}", "inside a {question}"),
    "unknown role in a reveal": (":::{reveal} Title\n\nText.\n\n{nosuch}`x`\n:::", "{nosuch}", "Unknown interpreted"),
    "unknown role in a title": (":::{reveal} Title {nosuch}`x`\nText.\n:::", "{nosuch}", "Unknown interpreted"),
    "unknown role in a choice": (
        ":::{predict} a\nWhat?\n\n- [x] one\n  : yes\n- [ ] two {nosuch}`x`\n  : no\n:::",
        "{nosuch}",
        "Unknown inter",
    ),
    "unknown role in feedback": (
        ":::{predict} a\nWhat?\n\n- [x] one\n  : yes\n- [ ] two\n  : {nosuch}`x`\n:::",
        "{nosuch}",
        "Unknown interpr",
    ),
    "unknown role deep inside": (
        ":::::{beyond} T\n::::{reveal} U\n:::{why-it-matters}\n{nosuch}`x`\n:::\n::::\n:::::",
        "{nosuch}",
        "Unknown in",
    ),
}


def as_pages(cases):
    """Return pages of malformed sources by names fit for files."""
    return {name.replace(" ", "-"): source for name, (source, *_) in cases.items()}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return build(tmp_path_factory.mktemp("refused"), {**as_pages(REFUSED), "words": GLOSSARY}, "dummy")


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_device_is_reported_once_at_its_line(refused, name):
    source, at, words = REFUSED[name]
    faults = refused.of(name.replace(" ", "-"))
    assert [line for line, _ in faults] == [line_with(source, at)], faults
    assert words in faults[0][1]


def test_every_fault_of_a_page_is_reported(tmp_path):
    page = "# Page\n\n:::{reveal}\nText.\n:::\n\n:::{summary}\nOne.\n:::\n\n:::{predict} A\nWhat?\n:::\n"
    assert [line for line, _ in build(tmp_path, {"page": page}, "dummy").of("page")] == [3, 7, 11]


EXECUTED = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---


# Page

{nosuch}`first`

```{code-cell}
1
```
{nosuch}`at once`

```{code-cell}
2
```


:::::{beyond} T
:::{reveal} {nosuch}`title`
{nosuch}`inside`
:::
:::::

+++

{nosuch}`after a break`
"""


def test_the_lines_of_an_executed_page_are_its_own(tmp_path):
    faults = build(tmp_path, {"page": EXECUTED}, "dummy").of("page")
    lines = [line for line, message in faults if "Unknown interpreted text role" in message]
    assert lines == [number for number, line in enumerate(EXECUTED.splitlines(), start=1) if "nosuch" in line]
