"""The strict reader of vectors, matrices and partial derivatives: what it reads, and what it must refuse."""

import re

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.arrays import gradient, hessian, jacobian
from claims.language import Ledger, NotTrue
from claims.latex_statements import read
from claims.latex_tokens import ReadError, ShapeError
from claims.verify import CheckError, verify

x1, x2, y1, y2, a, b, c, d, k, t, r, s = sp.symbols("x1 x2 y1 y2 a b c d k t r s")
X, Y, A = sp.Matrix([x1, x2]), sp.Matrix([y1, y2]), sp.Matrix([[a, b], [c, d]])
W, B = sp.Matrix(3, 2, sp.symbols("w:6")), sp.Matrix(sp.symbols("b_1:4"))
phi = sp.Function("varphi")
NAMES = {
    "x": X, "y": Y, "A": A, "H": A, "W1": W, "b1": B, "c": c, "k": k, "t": t, "s": s, "I": sp.eye(2), "lambda_": k,
    "theta": Y, "rs": sp.symbols("rs_1:4"), "varphi": phi, "f": lambda r, s: r**2 * s, "r": r, "n": sp.symbols("n"),
    "i": sp.symbols("i"), "g": lambda x: x[0] ** 2 + 3 * x[1], "h": lambda z: sp.tanh(z) + 1,
    "logistic": lambda z: 1 / (1 + sp.exp(-z)), "J": lambda r, s: sp.Matrix([[r, s], [s, 2]]),
    "gamma": lambda t: sp.Matrix([sp.cos(t), sp.sin(t)]), "v": Y, "v_vec": X, "u": k, "u_vec": X, "m": lambda t: 3,
    "p": [X, Y],
}  # fmt: skip
M = sp.Matrix


def value(tex, names=NAMES):
    [([got], _)] = read(tex, names)
    return got


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        (r"\vect{x}\T A \vect{x}", (X.T * A * X)[0]),
        (r"\vect{x} \cdot A\vect{y}", (X.T * A * Y)[0]),
        (r"A\vect{x} \cdot \vect{y}", (Y.T * A * X)[0]),
        (r"(\vect{x}\cdot\vect{y})\vect{y}", (X.T * Y)[0] * Y),
        (r"\vect{x}\vect{y}\T", X * Y.T),
        (r"A \cdot \begin{pmatrix} 1 \\ 2 \end{pmatrix}", A * M([1, 2])),
        (r"\begin{pmatrix} 1 & 2 \\[1ex] 3 & c \\ \end{pmatrix}", M([[1, 2], [3, c]])),
        (r"W^{(1)}\vect{x} + \vect{b}^{(1)}", W * X + B),
        (r"{\vect{b}^{(1)}}\T W^{(1)}", B.T * W),
        (r"(A\vect{x})\T", (A * X).T),
        ("A\\T", A.T),
        ("(A\\T)^{-1}", A.T.inv()),
        ("A^2", A * A),
        (r"w^{(1)}_{21} x_2", W[1, 0] * x2),
        (r"w_{21}^{(1)}", W[1, 0]),
        (r"a_{12}", b),
        (r"A_{2,1}", c),
        (r"b^{(1)}_3", B[2]),
        (r"\vect{v}", X),  # v_vec
        (r"u \vect{u}", k * X),
        (r"\vect{p}_2", Y),
        (r"\boldsymbol\theta", Y),
        (r"\boldsymbol{\theta}", Y),
        (r"\det A", a * d - b * c),
        (r"\det A \det A", (a * d - b * c) ** 2),
        (r"\det(A - \lambda I)", (A - k * sp.eye(2)).det()),
        (r"\det\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", sp.Integer(-2)),
        (r"|\vect{x}|^2", x1**2 + x2**2),
        (r"|\vect{x}||\vect{y}|", sp.sqrt(x1**2 + x2**2) * sp.sqrt(y1**2 + y2**2)),
        (r"\left|\vect{x} - \vect{y}\right|", sp.sqrt((x1 - y1) ** 2 + (x2 - y2) ** 2)),
        (r"\frac{\vect{x}}{|\vect{x}|}", X / sp.sqrt(x1**2 + x2**2)),
        (r"\tfrac12 \vect{x}", X / 2),
        (r"2(3, 4) - (1, k)", M([5, 8 - k])),
        (r"(3, 4) \cdot (1, 2)", sp.Integer(11)),
        (r"\vect{x} \odot \vect{y} \odot \vect{x}", M([x1**2 * y1, x2**2 * y2])),
        (r"(A\vect{x}) \odot \vect{y}", M([y1 * (a * x1 + b * x2), y2 * (c * x1 + d * x2)])),
        (r"\varphi(\vect{x})", X.applyfunc(phi)),
        (r"\varphi'(\vect{x})", M([phi(x1).diff(x1), phi(x2).diff(x2)])),
        (r"\tanh(\vect{x})", X.applyfunc(sp.tanh)),
        (r"\tanh'(2c)", 1 - sp.tanh(2 * c) ** 2),
        (r"h(\vect{x})", X.applyfunc(lambda e: sp.tanh(e) + 1)),
        (r"h'(\vect{x})", X.applyfunc(lambda e: 1 - sp.tanh(e) ** 2)),
        (r"\operatorname{logistic}(c)", 1 / (1 + sp.exp(-c))),
        (r"\operatorname{logistic}(\vect{x})", X.applyfunc(lambda e: 1 / (1 + sp.exp(-e)))),
        (r"g(\vect{x})", x1**2 + 3 * x2),
        (r"g(1, 2)", sp.Integer(7)),
        (r"f(\vect{x})", x1**2 * x2),
        (r"f(1; 2)", sp.Integer(2)),
        (r"f", r**2 * s),
        (r"J(1, 3)", M([[1, 3], [3, 2]])),
        (r"\boldsymbol\gamma(0)", M([1, 0])),
        (r"\boldsymbol\gamma'(t)", M([-sp.sin(t), sp.cos(t)])),
        (r"H(\vect{x} + \vect{y})", A * (X + Y)),
        (r"\nabla g", M([2 * x1, 3])),
        (r"\nabla g(1, 2)", M([2, 3])),
        (r"\nabla g(\vect{y})", M([2 * y1, 3])),
        (r"\nabla f(1, 2)", M([4, 1])),
        (r"\nabla f(\vect{y})", M([2 * y1 * y2, y1**2])),
        (r"\nabla f \cdot \vect{y}", 2 * r * s * y1 + r**2 * y2),
        (r"(\nabla f)\T \vect{y}", 2 * r * s * y1 + r**2 * y2),
        (r"\nabla_{\vect{x}}(\vect{x}\T A\vect{x})", (A + A.T) * X),
        (r"\nabla_{\vect{x}} |\vect{x}|^2", 2 * X),
        (r"\pdv{f}{r}", 2 * r * s),
        (r"\pdv{f}{s}(4, 2)", sp.Integer(16)),
        (r"\frac{\partial f}{\partial r}", 2 * r * s),
        (r"\frac{\partial^2 f}{\partial r \partial s}(3, 1)", sp.Integer(6)),
        (r"\frac{\partial^2 f}{\partial r^2}", 2 * s),
        (r"\pdv{^2 f}{r \partial s}", 2 * r),
        (r"\pdv{}{r} r^3", 3 * r**2),
        (r"\pdv{}{s} \pdv{f}{r}", 2 * r),
        (r"\pdv{g}{\vect{x}}", M([2 * x1, 3])),
        (r"\pdv{A\vect{x}}{\vect{x}}", A),
        (r"\pdv{x_1 x_2}{x_2}", x1),
        (r"\pdv{\boldsymbol\gamma}{t}", M([-sp.sin(t), sp.cos(t)])),
        (r"\dv{\boldsymbol\gamma}{t}", M([-sp.sin(t), sp.cos(t)])),
        (r"\pdv{\vect{x}\T A\vect{y}}{A}", X * Y.T),
        (r"\pdv{c w^{(1)}_{32}}{W^{(1)}}", M([[0, 0], [0, 0], [0, c]])),
        (r"\sum_{j=1}^{2} x_j y_j", x1 * y1 + x2 * y2),
        (r"\sum_{i=1}^{2}\sum_{j=1}^{2} a_{ij} x_i x_j", (X.T * A * X)[0]),
        (r"\sum_i x_i^2", x1**2 + x2**2),
        (r"\frac13 \sum_{i=1}^{2} (x_{i+1} - x_i)", (B[2] - B[0]) / 3),
        (r"\sum_{l=1}^{1} b^{(l)}_2", B[1]),
        (r"\lim_{t \to 0} \boldsymbol\gamma(t)", M([1, 0])),
    ],
)  # fmt: skip
def test_reads(tex, wanted):
    names = NAMES | ({"x": B} if "i+1" in tex else {})
    got = value(tex, names)
    assert getattr(got, "shape", None) == getattr(wanted, "shape", None)
    assert sp.simplify(got - wanted) == (sp.zeros(*wanted.shape) if hasattr(wanted, "shape") else 0)


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\vect{x}\vect{y}", "2x1 and a matrix of shape 2x1; the dot product"),
        (r"W^{(1)} \vect{b}^{(1)}", "3x2 and a matrix of shape 3x1"),
        (r"\vect{x} \cdot \vect{b}^{(1)}", "dot product: a matrix of shape 2x1 and a matrix of shape 3x1"),
        (r"\vect{x} + \vect{b}^{(1)}", "sum: a matrix of shape 2x1 and a matrix of shape 3x1"),
        (r"\vect{x} + 1", "a matrix of shape 2x1 and a number"),
        (r"\vect{x} \odot \vect{b}^{(1)}", "shapes do not fit"),
        (r"2 \odot \vect{x}", "shapes do not fit"),
        (r"\vect{x}\cdot\vect{y}\cdot\vect{y}", "two meanings"),
        (r"\vect{x}\T\vect{y}\cdot\vect{y}", "two meanings"),
        (r"A \cdot \vect{x} \cdot \vect{y}", "two meanings"),
        (r"A\vect{x} \odot \vect{y}", "two meanings"),
        (r"\vect{x} \odot \vect{y} \cdot \vect{y}", "two meanings"),
        (r"\vect{x} \cdot \vect{y} \odot \vect{y}", "shapes do not fit"),
        (r"\vect{x} \times \vect{y}", "between two matrices"),
        (r"\frac{1}{\vect{x}}", "cannot divide"),
        (r"c/\vect{x}", "cannot divide"),
        (r"\vect{x}^2", "no power 2"),
        (r"A^{\frac12}", "no power"),
        (r"\begin{pmatrix} 1 & 2 \\ 2 & 4 \end{pmatrix}^{-1}", "no inverse"),
        (r"\e^{A}", "exponent"),
        (r"|A|", "determinant is written"),
        (r"\det W^{(1)}", "square"),
        (r"\det A c", "two meanings"),
        (r"\det A \cdot c", "two meanings"),
        ("c\\T", "behind a number"),
        ("A\\T\\T", "two meanings"),
        ("A^2\\T", "two meanings"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 \end{pmatrix}", "lengths"),
        (r"\begin{pmatrix} 1 & \\ 3 & 4 \end{pmatrix}", "empty entry"),
        (r"\begin{pmatrix} \vect{x} \\ 3 \end{pmatrix}", "must be a number"),
        (r"\begin{pmatrix} 1 \\ 2", "does not know `\\begin`"),
        (r"\begin{bmatrix} 1 \end{bmatrix}", "does not know `\\begin`"),
        (r"\begin{pmatrix} 1 & \dots \end{pmatrix}", "does not know `\\dots`"),
        (r"\|\vect{x}\|", "cannot read on|does not know"),
        (r"\mathbf{x}", "does not know"),
        (r"\vect{\theta}", "boldsymbol"),
        (r"\boldsymbol{x}", "does not know"),
        (r"\vect{xy}", "does not know"),
        (r"\vect{c}", "it is a letter"),
        ("x", "a column is written"),
        ("x + 1", "a column is written"),
        (r"\gamma(2)", "a column is written"),
        (r"\vect{0} + \vect{x}", "whole side"),
        (r"\vect{0}", "beside what is no column"),
        ("x_3", "has 2 entries"),
        ("x_0", "none numbered 0"),
        ("x_{12}", "does not define"),
        ("W^{(2)}", "does not define `W2`"),
        ("W^{(1)} + W_1", "two different names"),
        ("A(1, 2)", "no function"),
        (r"H(\vect{x})", "no function"),
        ("H(2)", "no function"),
        ("f(1, 2, 3)", "2 inputs, found 3"),
        (r"f(\vect{b}^{(1)})", "2 inputs, found a column of 3"),
        (r"m(\vect{x})", "two meanings"),
        (r"\exp(A)", "entry by entry"),
        (r"\tanh^2(\vect{x})", "two meanings"),
        (r"\max(1, \vect{x})", "several vectors"),
        (r"\sin A\vect{x}", "two meanings"),
        (r"\tanh'c", "brackets"),
        (r"\nabla(\vect{x}\T\vect{y})", "in which order"),
        (r"\nabla c", "in which order"),
        (r"\nabla g c", "two meanings"),
        (r"\nabla g \cdot c", "two meanings"),
        (r"\nabla^2 g", "two meanings"),
        (r"\nabla \boldsymbol\gamma", "must be a number|several"),
        (r"\nabla_{\vect{x}} (c\vect{y} \cdot \vect{y})", "does not depend"),
        (r"\pdv{f}{r}(c)", "two meanings"),
        (r"\pdv{f}{q}", "does not define"),
        (r"\pdv{x_1}{y_1}", "does not depend"),
        (r"\pdv{A}{\vect{x}}", "no layout|does not depend"),
        (r"\frac{\partial^2 f}{\partial r}", "order"),
        (r"\frac{\partial f}{\mathrm{d} r}", "begin with d"),
        (r"\sum_i rs_i x_i", "does not define|entries"),
        (r"\sum_i c", "needs letters with the index"),
        (r"\sum_{i=1}^{3} x_i", "has 2 entries"),
        (r"\sum_{i=1}^{n} x_i", "two whole numbers"),
        (r"\sum_i x_i b^{(1)}_i", "[2, 3] entries"),
        (r"\sum_{i=1}^{2}\sum_{i=1}^{2} x_i", "in use"),
        (r"\int_0^1 \vect{x}\,\mathrm{d}t", "integrated"),
    ],
)  # fmt: skip
def test_refuses(tex, words):
    pattern = "|".join(re.escape(word) for word in words.split("|"))
    with pytest.raises(ReadError, match=pattern):
        read(tex, NAMES)


def entries(rows, columns):
    return st.lists(st.lists(st.integers(-9, 9), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def printed(matrix):
    return sp.latex(matrix, mat_str="pmatrix", mat_delim="")


@given(entries(2, 3), entries(3, 2), entries(2, 1))
@settings(max_examples=30, deadline=None)
def test_products_are_those_of_sympy(left, right, column):
    left, right, column = map(sp.Matrix, (left, right, column))
    assert value(rf"{printed(left)} {printed(right)} {printed(column)}") == sp.ImmutableMatrix(left * right * column)
    assert value(rf"({printed(left)} {printed(right)})\T - {printed(column)}{printed(column)}\T") == sp.ImmutableMatrix(
        (left * right).T - column * column.T
    )
    with pytest.raises(ShapeError):
        value(rf"{printed(left)} {printed(column)}")


def test_a_graph_of_quantities():
    """By an input of a function, a derivative holds the others still; by another letter, it goes through everything."""
    names = {"x": a, "y": b, "w": k, "q": c, "t": t}
    names |= {"z": lambda w, q: w * a + q, "a": lambda z: sp.sin(z), "C": lambda a, w: (a - b) ** 2 + w**2}
    z = k * a + c
    assert value(r"\pdv{C}{a}", names) == 2 * (sp.sin(z) - b)
    assert value(r"\pdv{C}{w}", names) == 2 * k
    assert sp.expand(value(r"\dv{C}{w}", names) - 2 * (sp.sin(z) - b) * sp.cos(z) * a - 2 * k) == 0
    assert value(r"\pdv{C}{q}", names) == sp.diff((sp.sin(z) - b) ** 2, c)
    assert value(r"\pdv{a}{z} \pdv{z}{w}", names) == a * sp.cos(z)


def test_a_path_through_a_function():
    names = {"t": t, "x": sp.cos(t), "y": sp.sin(t), "f": lambda x, y: x**2 * y}
    assert value(r"\pdv{f}{x}", names) == 2 * sp.cos(t) * sp.sin(t)
    assert value(r"\dv{f}{t}", names) == sp.diff(sp.cos(t) ** 2 * sp.sin(t), t)
    with pytest.raises(ReadError, match="depends on itself"):
        value("f", {"f": lambda g: g, "g": lambda f: f})


def test_the_order_of_the_letters_below_nabla():
    assert value(r"\nabla(x^2 y)", {"x": x1, "y": x2, "nabla": [x2, x1]}) == M([x1**2, 2 * x1 * x2])
    assert value(r"\nabla e(1, 2)", {"e": x1**2 * x2, "nabla": X}) == M([4, 1])


def test_the_zero_vector_takes_its_length():
    [(sides, _)] = read(r"A\vect{x} = \vect{0}", NAMES)
    assert sides[1] == sp.zeros(2, 1)


def test_derivatives_have_the_layouts_of_the_book():
    f = x1**2 * x2
    assert gradient(f, [x1, x2]) == M([2 * x1 * x2, x1**2])
    assert gradient(lambda u, v: u * v, [x1, x2]) == M([x2, x1])
    assert gradient(lambda x: x[0] * x[1], X) == M([x2, x1])
    assert gradient(X.T * A * Y, A).shape == (2, 2)
    assert jacobian(f, [x1, x2]) == M([[2 * x1 * x2, x1**2]])
    assert jacobian([x1, x2, f], [x1, x2]).shape == (3, 2)
    assert hessian(f, [x1, x2]) == M([[2 * x2, 2 * x1], [2 * x1, 0]])
    for wrong in (lambda: gradient(X, [x1, x2]), lambda: gradient(f, [x1, x1]), lambda: jacobian(f, [x1, 2])):
        with pytest.raises(TypeError, match=r"letter|output|differ"):
            wrong()


def test_claims_about_arrays_that_are_not_true():
    ledger = Ledger()
    assert ledger.rounds_to(sp.Matrix([sp.sqrt(2), -1]), ["1.41", "-1.0"])
    assert ledger.near(sp.Matrix([sp.sin(t), t]), sp.Matrix([t, t]), at=(t, 0), order=3)
    for claim in (
        lambda: ledger.rounds_to(sp.Matrix([sp.sqrt(2), 1]), ["1.41", "1.1"]),
        lambda: ledger.rounds_to(sp.Matrix([sp.sqrt(2), 1]), ["1.41"]),
        lambda: ledger.rounds_to(sp.Matrix([[sp.sqrt(2), 1]]), ["1.41", "1"]),
        lambda: ledger.near(sp.Matrix([sp.sin(t), t]), sp.Matrix([t, t]), at=(t, 0), order=2),
        lambda: ledger.near(sp.Matrix([sp.sin(t), t]), sp.Matrix([t, 2 * t]), at=(t, 0), order=3),
        lambda: ledger.near(sp.Matrix([t]), t, at=(t, 0), order=1),
        lambda: ledger.holds(sp.Matrix([[1]]), 1),
        lambda: ledger.holds(sp.zeros(0, 0), sp.zeros(0, 0)),
        lambda: ledger.holds(sp.MatrixSymbol("A", 2, 2), sp.MatrixSymbol("A", 2, 2)),
    ):
        with pytest.raises(NotTrue):
            claim()


@pytest.mark.parametrize(
    ("tex", "code", "words"),
    [
        (r"\vect{x} = \vect{x}\T", "x = Matrix([1, 2])\nassert holds(x, x) and holds(x.T, x.T)", "differ: 2x1, 1x2"),
        (r"A\vect{x} = (3, 4)", "A, x = eye(2), Matrix([3, 5])\nassert holds(A * x, x)", "never mentions"),
        (r"\vect{x} \approx (1.4, 1.0)", 'x = Matrix([sqrt(2), 1])\nassert rounds_to(x, ["1.4", "1"])', "establish"),
        (r"A\vect{x} = \vect{x}", "A, x = eye(3), Matrix([3, 5])\nassert holds(x, x)", "shapes do not fit"),
    ],
)  # fmt: skip
def test_formulas_that_are_not_true(tex, code, words):
    with pytest.raises(CheckError, match=re.escape(words)):
        verify(tex, code)


def test_a_matrix_with_one_entry_counts_as_its_number_in_a_formula():
    assert verify(r"\vect{x}\T\vect{x} = 5", "x = Matrix([1, 2])\nassert holds(x.T * x, Matrix([[5]]))") == 0
    code = "W, x, b = Matrix([[1, 2]]), Matrix([1, 2]), Matrix([4])\nassert holds(W * x + b, Matrix([9]))"
    assert verify(r"W\vect{x} + \vect{b} = 9", code) == 0
    assert verify(r"\vect{z} = W\vect{x} + \vect{b}", code + "\nz = W * x + b") == 0
