"""LaTeX cut into tokens, and tokens into statements and sides."""

import re

SPACE = re.compile(r"\\[,;:!> ]|~|&|\\displaystyle|\\limits")
TOKEN = re.compile(r"\s*(\\[a-zA-Z]+|\\[{}|]|\d+\.\d+|\d+|[a-zA-Z]|'+|\S)")
MATRIX = re.compile(r"\\begin\{pmatrix\}((?:(?!\\begin|\\end).)*)\\end\{pmatrix\}", flags=re.S)
ROW = re.compile(r"\\\\(?:\[[\d.]+\s*[a-z]+\])?")
DEPTH = {"{": 1, "(": 1, "[": 1, "\\matrixopen": 1, "}": -1, ")": -1, "]": -1, "\\matrixclose": -1}


class ReadError(ValueError):
    """The LaTeX holds something that the reader does not know."""


class ShapeError(ReadError):
    """Vectors or matrices whose shapes do not fit."""


def fence_matrices(tex: str) -> str:
    r"""Give a matrix's rows and cells tokens of their own, so that its \\ ends no line and its & is no space."""

    def fenced(match: re.Match) -> str:
        inner = ROW.sub(r" \\matrixrow ", match[1]).replace("&", r" \matrixcell ")
        return rf" \matrixopen {inner} \matrixclose "

    return MATRIX.sub(fenced, tex)


def tokens_of(tex: str, renames: dict[str, str]) -> list[str]:
    """Split LaTeX into tokens; a renamed fragment becomes one token that starts with @."""
    marks = [(_cut(fence_matrices(fragment)), "@" + name) for fragment, name in renames.items()]
    tokens, found = [], _cut(tex)
    while found:
        for fragment, name in sorted(marks, key=lambda mark: -len(mark[0])):
            if found[: len(fragment)] == fragment:
                tokens.append(name)
                del found[: len(fragment)]
                break
        else:
            tokens.append(found.pop(0))
    return tokens


def _cut(tex: str) -> list[str]:
    """Every token of a formula, its spacing and the sizes of its brackets left out."""
    tex = SPACE.sub(" ", tex)
    tex = re.sub(r"\\(begin|end)\{aligned\}|\\(big|Big|bigg|Bigg)[lrm]?(?![a-zA-Z])", " ", tex)
    tex = re.sub(r"\\left\s*(?=[(\[])|\\right\s*(?=[)\]])", " ", tex)
    tex = re.sub(r"\\mathrm\{d\}", r"\\dd ", tex)
    tex = re.sub(r"\\mathrm\{e\}", r"\\e ", tex)
    return TOKEN.findall(tex)


def split(tokens: list[str], separators: set[str]) -> tuple[list[list[str]], list[str]]:
    """Split at separators that stand outside every bracket and subscript; return the parts and the separators."""
    parts, found, depth = [[]], [], 0
    for token in tokens:
        depth += DEPTH.get(token, 0)
        if depth == 0 and token in separators:
            parts.append([])
            found.append(token)
        else:
            parts[-1].append(token)
    return parts, found
