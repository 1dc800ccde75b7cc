"""Columns of numbers from a CSV file, with errors that say where to look.

To copy: put this file into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `read_csv`: a file or a text whose first line names the columns
- `rows_of_text`: the layer beneath, rows of text by the rules of RFC 4180

Python's own `csv` module, even when told to be strict, lets a stray quotation mark inside a field
pass, and does not say where a field began. Hence the thirty lines of our own.
"""

import os
import re

import numpy as np

FIELD = re.compile(r'(?:"((?:[^"]|"")*+)"|([^",\r\n]*+))(,|\r\n|\r|\n|\Z)')
LINE_BREAK = re.compile(r"\r\n|\r|\n")
SEPARATORS = {";": "semicolons", "\t": "tabs"}  # what some programs write in place of commas
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def read_csv(source):
    """The columns of a table of numbers, by the names in its first line.

    Fields are separated by commas, not by semicolons or tabs. Spaces around a number or a name
    do not count, nor do blank lines at the end. A decimal point is a point, and thousands are not separated.

    Parameters: source, one of: a string with at least one line break, which is the text itself; a string
    without one, or a `Path`, which says where the file is; a file opened for reading text. Files are
    read as UTF-8, with or without a byte order mark.
    Returns a dictionary: each name with an array of floats, one for each line below the first.
    Raises TypeError if source is something else, FileNotFoundError if there is no such file, and
    ValueError, naming line and column, if names are missing or occur twice, a line has
    too few or too many fields, a cell is empty or no finite number, or quotation marks are misplaced.

    >>> read_csv("time,distance\\n0,0\\n1,4.9\\n")
    {'time': array([0., 1.]), 'distance': array([0. , 4.9])}
    >>> read_csv("time,distance\\n0,0\\n1,far\\n")
    Traceback (most recent call last):
    ...
    ValueError: source: line 3, column 'distance': expected a number, such as -1.5 or 2e-3, got 'far'

    Source: Y. Shafranovich, "Common format and MIME type for comma-separated values (CSV) files",
    RFC 4180, Internet Engineering Task Force, 2005.
    """
    rows = rows_of_text(_text(source))
    while rows and rows[-1][1] == [""]:
        rows.pop()
    if not rows:
        raise ValueError("source: expected names of columns in line 1, got an empty text")
    names = _names(*rows[0])
    if len(rows) == 1:
        raise ValueError("source: expected a line of numbers below the names, got none")
    _check_separator(*rows[:2])
    table = np.empty((len(rows) - 1, len(names)))
    for i, (line, cells) in enumerate(rows[1:]):
        if len(cells) != len(names):
            wanted = "1 field" if len(names) == 1 else f"{len(names)} fields"
            raise ValueError(f"source: line {line}: expected {wanted}, as in line 1, got {len(cells)}")
        table[i] = [_number(cell, line, name) for cell, name in zip(cells, names, strict=True)]
    return {name: table[:, j].copy() for j, name in enumerate(names)}


def rows_of_text(text):
    """The rows of a CSV text: for each, the number of the line where it begins, and its fields as strings.

    A field in quotation marks may hold commas, line breaks and, doubled, quotation marks.

    >>> rows_of_text('name,size\\n"Luke, the ""big"" one",3')
    [(1, ['name', 'size']), (2, ['Luke, the "big" one', '3'])]
    >>> rows_of_text('name,size\\n"Luke,3')
    Traceback (most recent call last):
    ...
    ValueError: source: line 2, field 1: expected a quotation mark at its end, and then a comma or a new line
    """
    rows, row, line, place = [], [], 1, 0
    first_line, end = 1, "\n"
    while place < len(text) or end == ",":
        field = FIELD.match(text, place)
        if field is None:
            raise ValueError(f"source: line {line}, field {len(row) + 1}: expected {_expected(text[place])}")
        quoted, plain, end = field.groups()
        row.append(plain if quoted is None else quoted.replace('""', '"'))
        line += len(LINE_BREAK.findall(field[0]))
        place = field.end()
        if end != ",":
            rows.append((first_line, row))
            row, first_line = [], line
    return rows


def _expected(first):
    if first == '"':
        return "a quotation mark at its end, and then a comma or a new line"
    return "no quotation mark inside, unless the field begins and ends with one and those inside are doubled"


def _text(source):
    """What there is to read, without a byte order mark."""
    if isinstance(source, str) and LINE_BREAK.search(source):
        text = source
    elif isinstance(source, (str, os.PathLike)):
        text = _contents(source)
    else:
        text = source.read() if hasattr(source, "read") else None
    if not isinstance(text, str):
        raise TypeError(f"source: expected a path, a text with line breaks or a file opened as text, got {source!r}")
    return text.removeprefix("\ufeff")


def _contents(path):
    try:
        with open(path, "rb") as file:
            contents = file.read()
    except (FileNotFoundError, ValueError) as error:  # the latter for a character that no path can have
        raise FileNotFoundError(f"source: expected a file, or a text with line breaks, got {path!r}") from error
    try:
        return contents.decode()
    except UnicodeDecodeError as error:
        line, byte = contents[: error.start].count(b"\n") + 1, contents[error.start]
        raise ValueError(f"source: line {line}: expected text in UTF-8, got byte {byte:#x}") from error


def _names(line, cells):
    names = [cell.strip() for cell in cells]
    for j, name in enumerate(names):
        if not name:
            raise ValueError(f"source: line {line}, field {j + 1}: expected the name of a column, got an empty field")
        if name in names[:j]:
            raise ValueError(f"source: line {line}, field {j + 1}: expected a new name, got {name!r} again")
    if all(NUMBER.fullmatch(name) for name in names):
        raise ValueError(f"source: line {line}: expected names of columns, got the numbers {', '.join(names)}")
    return names


def _check_separator(heading, first):
    """Refuse what a spreadsheet writes where a comma is the decimal point: no number holds such a mark."""
    for mark, what in SEPARATORS.items():
        if all(any(mark in cell.strip() for cell in cells) for _, cells in (heading, first)):
            raise ValueError(f"source: line {heading[0]}: expected commas between fields, got {what}")


def _number(cell, line, name):
    cell = cell.strip()
    if NUMBER.fullmatch(cell) and np.isfinite(float(cell)):
        return float(cell)
    got = repr(cell) if cell else "an empty cell"
    raise ValueError(f"source: line {line}, column {name!r}: expected a number, such as -1.5 or 2e-3, got {got}")
