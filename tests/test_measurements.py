"""The page prints what the benchmark wrote, and says so where that is missing."""

import json

from small_book import build

PAGE = "# Title\n\nText.\n\n```{measurements}\n```\n"
SETTINGS = {
    "extensions": [
        "myst_nb",
        "mathematics.katex",
        "text.page_lines",
        "claims.directives",
        "text.prose",
        "pages.measurements",
    ]
}
WRITTEN = {
    "build": {
        "date": "2030-02-01", "machine": "Linux, 2 cores", "python": "3.11.7", "pages": 10, "seconds": 12.5,
        "seconds_per_page": 1.25,
    },
    "page": {
        "date": "2030-02-02", "slowdown": 4, "rounds": 5,
        "lectures": {"a/functions.html": {"blocking_ms": 17, "bytes": {"html": 20000, "all": 61499}}},
    },
}  # fmt: skip


def test_the_page_prints_what_was_measured(tmp_path):
    book = build(tmp_path, {"page": PAGE}, files={"measurements.json": json.dumps(WRITTEN)}, **SETTINGS)
    text = " ".join(book.soup("page").text.split())
    assert book.faults == []
    assert "On 2030-02-01, on Linux, 2 cores, with Python 3.11.7" in text and "took 12.5 seconds, 1.25 a page" in text
    assert [cell.text for cell in book.soup("page").select("td")] == ["a/functions", "61 kB", "17 ms"]


def test_missing_measurements_are_a_fault(tmp_path):
    [(line, message)] = build(tmp_path, {"page": PAGE}, **SETTINGS).of("page")
    assert line == 5 and "measurements.json is missing" in message
