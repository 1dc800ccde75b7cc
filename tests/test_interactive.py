"""Interactive figures as they stand in the source: what the page says of them, and what is refused, with its line."""

import pytest
from docutils import nodes
from small_book import build, line_with

FIGURE = """```{interactive} puddle.js
:name: fig-puddle
:alt: A disc with a thin outer ring.
:task: Find the radius $r$ at which both are equal.
:parameters: {"radius": 2, "rings": [1, 2]}
Every ring has the *same* area.

Drag the edge.
```
"""


def test_a_figure_is_told_in_words(tmp_path):
    page = "# Page\n\nSee {numref}`fig-puddle`.\n\n" + FIGURE
    book = build(tmp_path, {"page": page}, files={"puddle.js": ""})
    assert book.faults == []
    figure = book.soup("page").select_one("figure#fig-puddle")
    assert figure.select_one(".interactive-alt").get_text(strip=True) == "A disc with a thin outer ring."
    assert figure.select_one(".caption-text").get_text() == "Every ring has the same area."
    legend = figure.select_one(".legend").get_text()
    assert legend.index("Task. Find the radius") < legend.index("Drag the edge.")
    assert book.soup("page").select_one("a.reference .std-numref").get_text() == "Fig. 1"
    data = next(book.env.get_doctree("page").findall(nodes.figure))["device"]
    assert data == {
        "kind": "interactive", "name": "fig-puddle", "module": "puddle.js", "alt": "A disc with a thin outer ring.",
        "task": "Find the radius $r$ at which both are equal.", "parameters": {"radius": 2, "rings": [1, 2]},
    }  # fmt: skip


def test_a_page_is_read_again_when_the_module_of_its_figure_changes(tmp_path):
    book = build(tmp_path, {"page": FIGURE}, "dummy", files={"puddle.js": ""})
    assert any(str(path).endswith("puddle.js") for path in book.env.dependencies["page"])


REFUSED = {
    "no name": (FIGURE.replace(":name: fig-puddle\n", ""), "{interactive}", "expected :name:"),
    "name of another shape": (FIGURE.replace("fig-puddle", "puddle"), ":name:", "as in fig-ring"),
    "name taken": (
        FIGURE + "\n" + FIGURE.replace("puddle.js", "./puddle.js"),
        "./puddle.js",
        "taken by the device in line 1",
    ),
    "no alt": (FIGURE.replace(":alt: A disc with a thin outer ring.", ":alt:"), ":alt:", "what the picture shows"),
    "no task": (
        FIGURE.replace(":task: Find the radius $r$ at which both are equal.", ":task:"),
        ":task:",
        "is to find",
    ),
    "parameters that are not JSON": (FIGURE.replace('"radius"', "radius"), ":parameters:", "not JSON"),
    "parameters that are a list": (
        FIGURE.replace('{"radius": 2, "rings": [1, 2]}', "[1]"),
        ":parameters:",
        "JSON object",
    ),
    "no caption": (FIGURE.split("Every")[0] + "```\n", "{interactive}", "expected a caption"),
    "no module": (FIGURE.replace(" puddle.js", ""), "{interactive}", "expected a browser module"),
    "module of another kind": (FIGURE.replace("puddle.js", "puddle.py"), "{interactive}", "expected a browser module"),
    "module that is missing": (FIGURE.replace("puddle.js", "gone.js"), "{interactive}", "no module gone.js"),
    "module outside the book": (FIGURE.replace("puddle.js", "../../x.js"), "{interactive}", "no module ../../x.js"),
    "unknown role in the caption": (FIGURE.replace("*same*", "{nosuch}`x`"), "{nosuch}", "Unknown interpreted"),
    "unknown role in the task": (FIGURE.replace("$r$", "{nosuch}`x`"), "{nosuch}", "Unknown interpreted"),
    "unknown option": (FIGURE.replace(":task:", ":width: 3\n:task:"), ":width:", "Unknown option key"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    pages = {name.replace(" ", "-"): source.replace("fig-", f"fig-{number}-") for number, (name, (source, *_))
             in enumerate(REFUSED.items())}  # fmt: skip
    return build(tmp_path_factory.mktemp("refused"), pages, "dummy", files={"puddle.js": ""})


@pytest.mark.parametrize("name", REFUSED)
def test_a_malformed_figure_is_reported_once_at_its_line(refused, name):
    source, at, words = REFUSED[name]
    faults = refused.of(name.replace(" ", "-"))
    assert [line for line, _ in faults] == [line_with(source, at)], faults
    assert words in faults[0][1]
