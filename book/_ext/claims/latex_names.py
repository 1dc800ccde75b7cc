r"""Names in a formula, and what they are in the check: letters, columns, layers, entries.

`\vect{x}` is the column `x` (or `x_vec`, where `x` is needed for a number), `W^{(2)}` is `W2`, `w^{(1)}_{21}` is
`w1_21` or an entry of `W1`, `x_i` is `x_i` or an entry of the column `x`.
"""

import inspect
import keyword
from dataclasses import dataclass

import sympy as sp

from .latex_matrices import is_column, is_matrix, shape
from .latex_tokens import ReadError

GREEK = set(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta kappa lambda mu nu xi rho sigma tau phi varphi chi psi "
    "omega Gamma Theta Lambda Sigma Phi Psi Omega ell".split()
)
BOLD = ("\\vect", "\\boldsymbol")


class Names(dict):
    """The names of a check, with what a formula needs beside them while it is read."""

    def __init__(self, names: dict):
        super().__init__(names)
        self.spelled: dict[str, tuple] = {}  # how the formula writes each of them
        self.indices: dict[str, int] = {}  # the value of each index of a sum
        self.lengths: dict[str, set] = {}  # how many entries each index may count


@dataclass(frozen=True)
class Found:
    """A name of the formula: the name in the check, the value there, and whether it is bold or upper case."""

    key: str
    value: object
    bold: bool = False
    upper: bool = False
    renamed: bool = False

    @property
    def is_function(self) -> bool:
        return inspect.isfunction(self.value) or isinstance(self.value, sp.core.function.UndefinedFunction)

    def fits(self, value) -> None:
        """Refuse a bold name of what is no column, and a plain small letter for a vector."""
        if self.renamed:
            return
        if self.bold and not is_column(value):
            what = shape(value) if is_matrix(value) else "a letter or a number"
            raise ReadError(rf"does not know the bold `{self.key}` as a column: in the check it is {what}")
        if is_matrix(value) and not self.bold and not self.upper:
            raise ReadError(
                rf"`{self.key}` is {shape(value)} in the check: a column is written \vect{{{self.key}}} "
                "or \\boldsymbol, a matrix upper case"
            )


def find(reader) -> Found:
    """Read a name with its layer and its subscript, and look it up in the check."""
    token = reader.take()
    if token.startswith("@"):  # a fragment renamed by :where:
        return Found(token[1:], _defined(reader.names, token[1:]), renamed=True)
    prefix = ""
    while token == "\\Delta":
        prefix, token = prefix + "Delta_", reader.take()
    bold = token in BOLD
    if token in ("\\mathrm", "\\operatorname"):
        letter = "".join(reader.raw_group())
    elif bold:
        letter = _bold(reader, token)
    elif token[0] == "\\" and token[1:] not in GREEK:
        raise ReadError(f"does not know `{token}`")
    elif not (token[0].isalpha() or token[0] == "\\"):
        reader.position -= 1
        raise ReadError(f"cannot read on {reader.where()}")
    else:
        letter = token.lstrip("\\")
    layer, subscript = _marks(reader)
    return _look_up(reader.names, prefix + letter, bold, layer, subscript, letter[:1].isupper())


def _bold(reader, token: str) -> str:
    inner = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
    letter = inner[0] if len(inner) == 1 else ""
    greek = letter[1:] in GREEK and letter.startswith("\\")
    if not (greek if token == "\\boldsymbol" else len(letter) == 1 and letter.isalpha()):
        advice = r"the zero vector may only be a whole side" if letter == "0" else r"\vect{x}, \boldsymbol\theta"
        raise ReadError(f"does not know `{token}{{{' '.join(inner)}}}`: {advice}")
    return letter.lstrip("\\")


def _marks(reader) -> tuple[str, list[str]]:
    """The layer, as in ^{(2)}, and the tokens of the subscript, in either order."""
    layer, subscript = "", []
    while True:
        following = [reader.peek(ahead) for ahead in range(6)]
        if reader.peek() == "_" and not subscript:
            reader.take()
            subscript = reader.raw_group() if reader.peek() == "{" else [reader.one_token()]
        elif following[:3] == ["^", "{", "("] and following[4:] == [")", "}"] and following[3].isalnum() and not layer:
            layer = str(reader.names.indices.get(following[3], following[3]))
            reader.position += 6
        else:
            return layer, subscript


def _look_up(names: Names, letter: str, bold: bool, layer: str, subscript: list[str], upper: bool) -> Found:
    letter += "_" if keyword.iskeyword(letter) and not subscript and not layer else ""
    base = letter + layer
    words = {"\\text", "\\mathrm", "\\vect", "\\boldsymbol", "{", "}"}
    part = "".join(str(names.indices.get(token, token)) for token in subscript if token not in words).replace("\\", "")
    keys = [f"{base}_{part}", f"{base}{part}"][: 1 if layer else 2] if part else [base]
    for key in [f"{key}_vec" for key in keys if bold] + keys:
        if key in names:
            if names.spelled.setdefault(key, (letter, bold, layer, part)) != (letter, bold, layer, part):
                raise ReadError(f"two different names of the formula are both `{key}` in the check: give each its own")
            found = Found(key, names[key], bold, upper)
            if not found.is_function:
                found.fits(found.value)
            return found
    if part:
        value = _entry(names, base, subscript)
        if value is not None:
            found = Found(f"{base}_{part}", value, bold, upper)
            found.fits(value)
            return found
    return Found(keys[-1], _defined(names, keys[-1]))


def _defined(names: Names, key: str):
    if key not in names:
        raise ReadError(f"the check does not define `{key}`; define it there, or rename it with :where:")
    return names[key]


def _entry(names: Names, base: str, subscript: list[str]):
    """The entry of a column or tuple by one index, of a matrix by two; None where the check has neither."""
    places = _places(names, subscript)
    if places is None:
        return None
    owners = [f"{base}_vec", base] if len(places) == 1 else [base, base[:1].upper() + base[1:]]
    for owner in owners:
        value = names.get(owner)
        if len(places) == 1 and (is_column(value) or (isinstance(value, (list, tuple)) and value)):
            return _at(names, owner, list(value), places[0])
        if len(places) == 2 and is_matrix(value) and (owner[0].isupper() or not is_column(value)):
            row = _at(names, owner, [value.row(i) for i in range(value.rows)], places[0])
            return _at(names, owner, list(row), places[1])
    return None


def _at(names: Names, owner: str, values: list, place: tuple):
    index, position = place
    if index:
        names.lengths.setdefault(index, set()).add(len(values))
    if not 1 <= position <= len(values):
        raise ReadError(f"`{owner}` has {len(values)} entries, and none numbered {position}")
    return values[position - 1]


def _places(names: Names, subscript: list[str]) -> list[tuple] | None:
    """The indices of a subscript, each as the letter that counts (or none) and its value: 21, {ij}, {i+1}, {1,j}."""
    places, sign = [], 0
    for token in subscript:
        if token == ",":
            continue
        if token in "+-" and places:
            sign = 1 if token == "+" else -1
        elif sign and token.isdigit():
            places[-1], sign = ("", places[-1][1] + sign * int(token)), 0
        elif token in names.indices:
            places.append((token, names.indices[token]))
        elif token.isdigit() and 0 < len(token) <= 2:
            places += [("", int(digit)) for digit in token]
        else:
            return None
    return places if len(places) in (1, 2) and not sign else None
