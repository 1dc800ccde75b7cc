"""Examples in docstrings and on pages run while the book is built; a false one is reported with its line."""

import tiny_book

import doctests

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
    monkeypatch.setattr(doctests, "PACKAGE", package)
    monkeypatch.setattr("mmlbook.__path__", [str(package)])
    _, found = tiny_book.build(tmp_path, {"index.md": "# Title\n"}, ["doctests"])
    first, second = (line.partition("planted.py:")[2] for line in found)
    assert first.startswith("11: WARNING: example `double(2)` gave `4`, not `5`")
    assert second.startswith("13: WARNING: example `double(None)` raised TypeError")


def test_a_false_example_on_a_page(tmp_path):
    text = "# Title\n\n```python\n>>> x = 2\n>>> x + 1\n3\n```\n\nText.\n\n```python\n>>> x * 2\n5\n```\n"
    _, found = tiny_book.build(tmp_path, {"index.md": text}, ["doctests"])
    assert len(found) == 1 and found[0].startswith("index.md:12: WARNING: example `x * 2` gave `4`, not `5`")
