"""What each of the 25 CSV files is to `rows_of_text` and to `read_csv`."""

# Not CSV at all.
BROKEN = ["bad-missing-quote.csv", "bad-quotes-with-unescaped-quote.csv", "bad-unescaped-quote.csv"]

# CSV, but no table of numbers: what read_csv says.
NO_TABLE = {
    "all-empty.csv": "expected names of columns in line 1, got an empty text",
    "bad-header-less-fields.csv": "line 2: expected 3 fields, as in line 1, got 2",
    "bad-header-more-fields.csv": "line 2: expected 3 fields, as in line 1, got 4",
    "bad-header-no-header.csv": "expected names of columns in line 1, got an empty text",
    "bad-header-wrong-header.csv": "expected a line of numbers below the names, got none",
    "bad-missing-quote.csv": "line 2, field 2: expected a quotation mark at its end",
    "bad-quotes-with-unescaped-quote.csv": "line 2, field 2: expected a quotation mark at its end",
    "bad-unescaped-quote.csv": "line 2, field 2: expected no quotation mark inside",
    "empty-field.csv": "line 2, column 'bar': expected a number",
    "empty-one-column.csv": "expected a line of numbers below the names, got none",
    "header-no-rows.csv": "expected a line of numbers below the names, got none",
    "leading-space.csv": "line 2, column 'bar': expected a number",
    "quotes-empty.csv": "line 2, column 'bar': expected a number",
    "quotes-with-comma.csv": "line 2, column 'bar': expected a number",
    "quotes-with-escaped-quote.csv": "line 2, column 'bar': expected a number",
    "quotes-with-newline.csv": "line 2, column 'bar': expected a number",
    "quotes-with-space.csv": "line 2, column 'bar': expected a number",
    "trailing-space.csv": "line 2, column 'bar': expected a number",
    "utf8.csv": "line 2, column 'bar': expected a number",
}

# The expected rows are those below the names.
ROWS_BELOW_THE_NAMES = ["header-no-rows.csv", "header-simple.csv"]


def as_expected(name, rows):
    """Rows, as lists of fields, in the form in which the file's expectation is written."""
    if name not in ROWS_BELOW_THE_NAMES:
        return rows
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
