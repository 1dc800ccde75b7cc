"""Tables of numbers from CSV: what is read, and where errors are said to be."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mmlbook.csv_table import read_csv, rows_of_text

fast = settings(max_examples=80, deadline=None, derandomize=True, database=None)


def same(table, expected):
    assert list(table) == list(expected)
    for name, values in expected.items():
        assert table[name].dtype == float and table[name].shape == (len(values),)
        np.testing.assert_array_equal(table[name], values)


# Where the text may come from


def test_a_text_a_path_and_an_open_file(tmp_path):
    text = "time,distance\n0,0\n1.5,-2e3\n"
    expected = {"time": [0, 1.5], "distance": [0, -2000]}
    file = tmp_path / "fall.csv"
    file.write_text(text, encoding="utf-8")
    same(read_csv(text), expected)
    same(read_csv(file), expected)
    same(read_csv(str(file)), expected)
    same(read_csv(io.StringIO(text)), expected)
    with file.open(encoding="utf-8") as opened:
        same(read_csv(opened), expected)


def test_a_path_with_a_line_break_in_its_name(tmp_path):
    file = tmp_path / "one\ntwo.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    same(read_csv(Path(file)), {"a": [1]})


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [0, 1, 3])
def test_line_ends_byte_order_marks_and_blank_lines_at_the_end(tmp_path, end, mark, last):
    text = mark + end.join(["a,b", "1,2", "3,4"]) + last * end
    file = tmp_path / "table.csv"
    file.write_bytes(text.encode())
    for source in (text, file):
        same(read_csv(source), {"a": [1, 3], "b": [2, 4]})


def test_names_and_numbers_in_quotation_marks_and_spaces():
    table = read_csv('"time, in s", "size ""A""\n'.replace(' "size ""A""', '"size ""A"""') + ' 1 ,"2"\n+.5, -3.\n')
    same(table, {"time, in s": [1, 0.5], 'size "A"': [2, -3]})
    same(read_csv('"two\nlines",b\n1,2\n'), {"two\nlines": [1], "b": [2]})
    same(read_csv("höhe,温度,😎\n1,2,3"), {"höhe": [1], "温度": [2], "😎": [3]})


@pytest.mark.parametrize("cell", ["0", "-0.0", "1.", ".5", "+2", "1e5", "1E-5", "1.25e+300", "007", "5e-324"])
def test_numbers(cell):
    assert read_csv(f"a\n{cell}\n")["a"][0] == float(cell)


def test_the_columns_are_arrays_of_their_own():
    table = read_csv("a,b\n1,2\n3,4\n")
    table["a"][0] = 100
    same(table, {"a": [100, 3], "b": [2, 4]})
    assert table["a"].flags.c_contiguous


# The layer of text


def test_rows_and_the_lines_where_they_begin():
    text = 'a,b\r\n"x\r\ny",""\r"",\n\n,"""q"""'
    assert rows_of_text(text) == [
        (1, ["a", "b"]),
        (2, ["x\r\ny", ""]),
        (4, ["", ""]),
        (5, [""]),
        (6, ["", '"q"']),
    ]
    assert rows_of_text("") == []
    assert rows_of_text("a,") == [(1, ["a", ""])]
    assert rows_of_text("a") == [(1, ["a"])]
    assert rows_of_text("\n") == [(1, [""])]


@pytest.mark.parametrize(
    "text, line, field, message",
    [
        ('a,b\n1,"2', 2, 2, "a quotation mark at its end"),
        ('a,b\n1,"2"3', 2, 2, "a quotation mark at its end"),
        ('a,b\n"1\n2" ,3', 2, 1, "a quotation mark at its end"),
        ('a,b\n1,2"\n', 2, 2, "no quotation mark inside"),
        ('a,b\n1, "2"\n', 2, 2, "no quotation mark inside"),
        ('"a\n\n",b\n1,2\n3,4,5"', 5, 3, "no quotation mark inside"),
        ('"', 1, 1, "a quotation mark at its end"),
    ],
)
def test_misplaced_quotation_marks(text, line, field, message):
    with pytest.raises(ValueError, match=f"^source: line {line}, field {field}: expected {message}"):
        rows_of_text(text)


def test_a_long_quotation_that_never_ends_is_refused_at_once():
    with pytest.raises(ValueError, match=r"^source: line 1, field 1"):
        rows_of_text('"' + 'a""' * 200_000)


# Laws

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
lines = st.lists(texts, min_size=1, max_size=4).filter(lambda row: row != [""])


@fast
@given(
    st.lists(lines, max_size=6), st.sampled_from(["\n", "\r\n"]), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
)
def test_rows_come_back_as_they_were_written(rows, end, quoting):
    text = io.StringIO()
    csv.writer(text, lineterminator=end, quoting=quoting).writerows(rows)
    assume(
        quoting == csv.QUOTE_ALL or not any("\r" in field for row in rows for field in row)
    )  # which Python 3.11 leaves without quotation marks
    assert [fields for _, fields in rows_of_text(text.getvalue())] == rows


@fast
@given(st.lists(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2), min_size=1))
def test_numbers_come_back_as_they_were_written(rows):
    text = io.StringIO()
    csv.writer(text).writerows([["first", "second"], *rows])
    same(read_csv(text.getvalue()), dict(zip(["first", "second"], zip(*rows, strict=True), strict=True)))


@fast
@given(st.text(alphabet='a1,"\n\r .-e', max_size=30))
def test_any_text_is_read_or_refused_with_a_place(text):
    try:
        table = read_csv(text + "\n")
    except ValueError as error:
        assert str(error).startswith("source: ")
    else:
        assert all(np.isfinite(values).all() for values in table.values())


# Refusals

REFUSED = [
    ("\n", "expected names of columns in line 1, got an empty text"),
    ("\n\n\n", "expected names of columns in line 1, got an empty text"),
    ("a,b\n", "expected a line of numbers below the names, got none"),
    ("a,b\n\n\n", "expected a line of numbers below the names, got none"),
    ("a,b\n1,2\n3\n", "line 3: expected 2 fields, as in line 1, got 1"),
    ("a,b\n1,2,3\n", "line 2: expected 2 fields, as in line 1, got 3"),
    ("a\n1\n2,3\n", "line 3: expected 1 field, as in line 1, got 2"),
    ("a;b\n1,5;2\n", "line 1: expected commas between fields, got semicolons"),
    ("a\tb\n1\t2\n", "line 1: expected commas between fields, got tabs"),
    ("a;b\nthree\n", "line 2, column 'a;b': expected a number, such as -1.5 or 2e-3, got 'three'"),
    ("a\n1;2\n", "line 2, column 'a': expected a number, such as -1.5 or 2e-3, got '1;2'"),
    ("a,b\n\n1,2\n", "line 2: expected 2 fields, as in line 1, got 1"),
    ('a,"b\nc"\n1,2\n1\n', "line 4: expected 2 fields, as in line 1, got 1"),
    ("a,b,a\n1,2,3\n", "line 1, field 3: expected a new name, got 'a' again"),
    ("a, a\n1,2\n", "line 1, field 2: expected a new name, got 'a' again"),
    ("a,,c\n1,2,3\n", "line 1, field 2: expected the name of a column, got an empty field"),
    ("1,2\n3,4\n", "line 1: expected names of columns, got the numbers 1, 2"),
    ("a,b\n1,\n", "line 2, column 'b': expected a number, such as -1.5 or 2e-3, got an empty cell"),
    ("a,b\n1, \n", "line 2, column 'b': expected a number, such as -1.5 or 2e-3, got an empty cell"),
    ("a\n1\n\n2\n", "line 3, column 'a': expected a number, such as -1.5 or 2e-3, got an empty cell"),
    ("a,b\n1,2\ntall,3\n", "line 3, column 'a': expected a number, such as -1.5 or 2e-3, got 'tall'"),
]
REFUSED += [
    (f'a,b\n1,"{cell}"\n', f"line 2, column 'b': expected a number, such as -1.5 or 2e-3, got {cell!r}")
    for cell in [
        "1,000",
        "1_000",
        "nan",
        "NaN",
        "inf",
        "-Infinity",
        "1e999",
        "0x1A",
        "1j",
        "1e",
        ".",
        "-",
        "1 2",
        "١٢",
        "1d3",
    ]
]


@pytest.mark.parametrize("text, message", REFUSED)
def test_what_is_no_table_of_numbers_is_refused_with_the_place(text, message):
    with pytest.raises(ValueError) as caught:
        read_csv(text)
    assert str(caught.value) == "source: " + message


def test_names_may_hold_digits():
    same(read_csv("1,b\n1,2\n"), {"1": [1], "b": [2]})


def test_sources_that_cannot_be_read(tmp_path):
    for missing in ("no-such-file.csv", tmp_path / "none.csv", "a,b", "", "a\0b"):
        with pytest.raises(FileNotFoundError, match=r"^source: expected a file, or a text with line breaks, got "):
            read_csv(missing)
    file = tmp_path / "latin.csv"
    file.write_bytes("a\n1\nh\xf6he\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"^source: line 3: expected text in UTF-8, got byte 0xf6"):
        read_csv(file)
    file.write_bytes(b"")
    with pytest.raises(ValueError, match=r"^source: expected names of columns"):
        read_csv(file)
    for wrong in (None, 3, b"a\n1\n", ["a", "1"], io.BytesIO(b"a\n1\n")):
        with pytest.raises(
            TypeError, match=r"^source: expected a path, a text with line breaks or a file opened as text"
        ):
            read_csv(wrong)
