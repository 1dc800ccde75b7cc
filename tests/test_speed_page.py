"""The table of speeds holds every row that was promised, and its page prints them all."""

import json
from pathlib import Path

from tests.bench.package import row
from tests.bench.tasks.goals import GOALS, Goal
from tests.small_book import build

ROOT = Path(__file__).resolve().parents[1]
PAGE = "# Title\n\nText.\n\n```{package-speed}\n```\n"
SETTINGS = {"extensions": ["myst_nb", "mathematics.katex", "text.page_lines", "text.prose", "pages.speed"]}
WRITTEN = {
    "date": "2030-02-01", "machine": "Linux, 2 cores", "python": "3.11.7", "versions": {"torch": "9.1", "numpy": "8.0"},
    "rows": [
        row(Goal("a task", "torch", 2.5), {"seconds": 1e-5, "seconds_of_peer": 6e-5}),
        row(Goal("a task", "the function", 0.25), {"seconds": 5e-3, "seconds_of_peer": 1e-3}),
        row(Goal("a task", "jax.jit", None), {"seconds": 2.0, "seconds_of_peer": 0.25}),
    ],
    "import": {"milliseconds": 7.5, "goal": 15, "met": True, "starts": 30},
}  # fmt: skip


def test_no_row_is_lost():
    measured = json.loads((ROOT / "book" / "measurements.json").read_text(encoding="utf-8"))["package"]
    assert [(one["task"], one["peer"], one["goal"]) for one in measured["rows"]] == [
        (goal.task, goal.peer, None if goal.ahead is None else round(goal.ahead, 3)) for goal in GOALS
    ]
    assert len(set(goal[:2] for goal in GOALS)) == len(GOALS)
    assert all(one["microseconds"] > 0 for one in measured["rows"])
    for one in measured["rows"]:
        # On the border, the rounded numbers cannot tell.
        if one["goal"] is not None and abs(one["ahead"] / one["goal"] - 1) > 0.01:
            assert one["met"] == (one["ahead"] > one["goal"]), one


def test_the_page_shows_every_row(built_site):
    from bs4 import BeautifulSoup

    page = BeautifulSoup((built_site / "how-fast-it-is.html").read_text(encoding="utf-8"), "html.parser")
    shown = [
        (line.find_previous("p", class_="rubric").get_text().lower().replace("’", "'"), line.td.get_text().strip())
        for line in page.select("tbody tr")
    ]
    assert shown == [(goal.task.lower(), goal.peer) for goal in GOALS]


def test_leads_and_lags_are_put_into_words(tmp_path):
    book = build(tmp_path, {"page": PAGE}, files={"measurements.json": json.dumps({"package": WRITTEN})}, **SETTINGS)
    assert book.faults == []
    lines = [[cell.text for cell in line.select("td")] for line in book.soup("page").select("tbody tr")]
    assert lines == [
        ["torch", "10 µs", "6", "2.5, met"],
        ["the function", "5 ms", "0.2", "0.25, missed"],
        ["jax.jit", "2 s", "0.12", "none"],
    ]
    text = " ".join(book.soup("page").text.split())
    assert "Of 3 goals, 2 are met." in text and "numpy 8.0, torch 9.1" in text
    assert "7.5 milliseconds on top of NumPy, the median of 30 starts" in text


def test_missing_measurements_are_a_fault(tmp_path):
    for files, words in (({}, "is missing"), ({"measurements.json": "{}"}, "says nothing of the package")):
        [(line, message)] = build(tmp_path / words.replace(" ", ""), {"page": PAGE}, files=files, **SETTINGS).of("page")
        assert line == 5 and words in message


def test_the_page_is_right_about_who_leads():
    """Compiled jax on every gradient, Jacobian and Hessian, and MINPACK on fits of curves."""
    rows = json.loads((ROOT / "book" / "measurements.json").read_text(encoding="utf-8"))["package"]["rows"]
    leaders = [row["ahead"] for row in rows if row["peer"] == "jax.jit" or "curve_fit" in row["peer"]]
    assert len(leaders) == 10 and max(leaders) < 1
