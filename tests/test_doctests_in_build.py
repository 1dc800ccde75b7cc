"""Examples in docstrings and on pages run while the book is built; a false one is reported with its line."""

from small_book import build

from cells import examples

SETTINGS = {"extensions": ["myst_nb", "text.page_lines", "cells.examples"]}

MODULE = '''"""A module.

>>> 1 + 1
2
"""


def double(x):
    """Twice x.

    >>> double(2)
    5
    >>> double(None)
    0
    """
    return 2 * x
'''


def test_a_false_example_of_the_package(tmp_path, monkeypatch):
    package = tmp_path / "mmlbook"
    package.mkdir()
    path = package / "planted.py"
    path.write_text(MODULE)
    monkeypatch.setattr(examples, "PACKAGE", package)
    monkeypatch.setattr("mmlbook.__path__", [str(package)])
    first, second = build(tmp_path, {"page": "# Title\n"}, **SETTINGS).of("planted")
    assert first[0] == 11 and "example `double(2)` gave `4`, not `5`" in first[1]
    assert second[0] == 13 and "example `double(None)` raised TypeError" in second[1]


def test_a_false_example_on_a_page(tmp_path):
    text = "# Title\n\n```python\n>>> x = 2\n>>> x + 1\n3\n```\n\nText.\n\n```python\n>>> x * 2\n5\n```\n"
    [(line, message)] = build(tmp_path, {"page": text}, **SETTINGS).of("page")
    assert line == 12 and message.startswith("example `x * 2` gave `4`, not `5`")
