"""The strict reader of displayed LaTeX, against SymPy's own printer and against what it must refuse."""

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from claims.latex_statements import read
from claims.latex_tokens import ReadError

x, y = sp.symbols("x y", positive=True)
NAMES = {"x": x, "y": y, "e": sp.E}

numbers = st.integers(1, 20).map(sp.Integer) | st.fractions(1, 20, max_denominator=9).map(
    lambda f: sp.Rational(f.numerator, f.denominator)
)
leaves = numbers | st.sampled_from([x, y, sp.pi])


def combined(parts):
    """Sums, products, quotients, powers and functions of smaller expressions."""
    pairs = st.tuples(parts, parts)
    return (
        pairs.map(lambda p: p[0] + p[1])
        | pairs.map(lambda p: p[0] - p[1])
        | pairs.map(lambda p: p[0] * p[1])
        | pairs.map(lambda p: p[0] / (1 + p[1] ** 2))
        | st.tuples(parts, st.integers(-3, 4)).map(lambda p: (1 + p[0] ** 2) ** p[1])
        | st.tuples(parts, st.sampled_from([sp.sin, sp.cos, sp.exp, sp.sqrt, sp.Abs])).map(lambda p: p[1](p[0] / 9))
    )


@given(st.recursive(leaves, combined, max_leaves=8))
@settings(max_examples=150, deadline=None)
def test_reads_what_sympy_prints(expression):
    """SymPy prints, the reader reads, and the value at two points is the same."""
    assume(not expression.has(sp.I))
    tex = sp.latex(expression, ln_notation=True, mul_symbol="dot")
    [([back], relations)] = read(tex, NAMES)
    assert relations == []
    for point in ({x: 0.7, y: 1.3}, {x: 2.1, y: 0.4}):
        wanted, got = (sp.N(e.subs(point), 30) for e in (expression, back))
        assert abs(wanted - got) <= sp.Float(1e-9) * (1 + abs(wanted)), tex


t, h, n, i, a, b = sp.symbols("t h n i a b")


@pytest.mark.parametrize(
    ("tex", "value"),
    [
        (r"2\pi r\,\Delta r", 2 * sp.pi * t * h),
        (r"\tfrac12 a^2", a**2 / 2),
        (r"\frac{\mathrm{d}}{\mathrm{d}t} t^3", 3 * t**2),
        (r"\frac{\mathrm{d}^2 f(t)}{\mathrm{d}t^2}", 6 * t),
        (r"\dv{}{t} (t^2 + t)", 2 * t + 1),
        (r"\dv{t^2}{t}", 2 * t),
        (r"f'(2)", sp.Integer(12)),
        (r"f''(t)", 6 * t),
        (r"\lim_{h \to 0} \frac{f(t + h) - f(t)}{h}", 3 * t**2),
        (r"\lim_{t \to 0^-} \frac{|t|}{t}", sp.Integer(-1)),
        (r"\lim_{t \to \infty} \frac{1}{t}", sp.Integer(0)),
        (r"\sum_{i=1}^{n} i", n * (n + 1) / 2),
        (r"\int_0^1 t^2 \, \mathrm{d}t", sp.Rational(1, 3)),
        (r"\sin 2t \cos t", sp.sin(2 * t) * sp.cos(t)),
        (r"\sin^2 t", sp.sin(t) ** 2),
        (r"|\sin t|", sp.Abs(sp.sin(t))),
        (r"\lvert\sin t\rvert", sp.Abs(sp.sin(t))),
        (r"\left(\sin t\right)^2", sp.sin(t) ** 2),
        (r"\log_2 8", sp.Integer(3)),
        (r"x_0 + x_1", a + b),
        (r"v_{\text{end}}", h),
        (r"3!", sp.Integer(6)),
        (r"-t^2", -(t**2)),
        (r"t(t + 1)", t**2 + t),
        (r"\sqrt[3]{8}", sp.Integer(2)),
        (r"\e^{t}", sp.exp(t)),
        (r"f\left(t\right)", t**3),
        (r"\sqrt[3]{-8}", sp.Integer(-2)),
        (r"g\left(t\right)", t**2),
        (r"{t + 1}^2", t + 1),
        (r"2{t + 1}", 2 * t + 1),
        (r"\sin{t}^2", sp.sin(t**2)),
        (r"\sin{t}a", sp.sin(t * a)),
        (r"\sin 2\Delta r", sp.sin(2 * h)),
        (r"\frac a2", a / 2),
    ],
)  # fmt: skip
def test_reads(tex, value):
    names = {"t": t, "r": t, "h": h, "d": h, "n": n, "i": i, "a": a, "b": b}
    names |= {"f": lambda u: u**3, "g": t**2, "x0": a, "x_1": b, "v_end": h}
    [([got], _)] = read(tex, names, {r"\Delta r": "d"} if "Delta r" in tex else {})
    assert sp.simplify(got - value) == 0


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\oint t", "does not know"),
        ("q + 1", "does not define `q`"),
        ("t^12", "braces"),
        (r"12\,000", "two numbers"),
        ("a/2b", "two meanings"),
        (r"\log t", "base"),
        (r"\sin^{-1} t", "two meanings"),
        ("f", "needs an argument"),
        ("f'", "needs its argument"),
        ("t =", "empty side"),
        ("(t", "expected )"),
        (r"\frac{t}{}", "empty part"),
        (r"\frac{\mathrm{d}^2 f(t)}{\mathrm{d}t}", "order"),
        ("", "nothing"),
        ("t )", "cannot read on"),
        ("t^{2}^3", "two meanings"),
        ("3!!", "two meanings"),
        (r"\frac{a}{b}^2", "two meanings"),
        (r"\sin^2(t)^2", "two meanings"),
        ("g^2(t)", "two meanings"),
        (r"2\tfrac12", "two meanings"),
        (r"\sin \pi/2", "two meanings"),
        (r"\sin 2(t + 1)", "two meanings"),
        (r"\sin t \frac{a}{b}", "two meanings"),
        (r"\frac{\mathrm{d}}{\mathrm{d}t} (t^2) t", "two meanings"),
        (r"\frac{\mathrm{d}g}{\mathrm{d}t}(3)", "two meanings"),
        (r"\frac{\mathrm{d}a}{\mathrm{d}t}", "does not depend on t"),
        (r"\dv{a}{t}", "does not depend on t"),
        (r"\int_0^1 t\,\mathrm{d}t^2", "one letter"),
        (r"\int_10^2 t\,\mathrm{d}t", "braces"),
        ("x_12", "braces"),
        (r"\frac{1}23", "braces"),
        (r"\frac123 4", "braces"),
        (r"\sum_{a}^b a", "expected `=`"),
        (r"\lim_{t} t", "expected"),
        (r"\log_2(8, 3)", "one argument"),
        ("a'(t)", "is a letter"),
        (r"1 \text{ km} = 1000 \text{ m}", "empty side"),
        ("t − 1", "cannot read on"),
    ],
)  # fmt: skip
def test_refuses(tex, words):
    with pytest.raises(ReadError, match=words.replace("(", r"\(").replace(")", r"\)")):
        read(tex, {"t": t, "a": a, "b": b, "f": lambda u: u**3, "g": t**2})


def test_statements_and_relations():
    tex = r"t + 1 = 1 + t < 3 \qquad \text{where } a \le b, \ b \approx 2"
    statements = read(tex, {"t": t, "a": a, "b": b})
    assert statements == [([t + 1, t + 1, 3], ["=", "<"]), ([a, b], ["<="]), ([b, 2], ["~"])]


def test_aligned_lines_continue_the_chain():
    tex = r"\begin{aligned} (t + 1)^2 &= t^2 + 2t + 1 \\ &= 1 + 2t + t^2 \end{aligned}"
    [(sides, relations)] = read(tex, {"t": t})
    assert relations == ["=", "="] and len(sides) == 3


def test_a_bold_letter_is_another_letter():
    with pytest.raises(ReadError, match="does not know"):
        read(r"\vect{t} + t = 2t", {"t": t})
    assert read(r"\vect{t} + t = a + t", {"t": t, "v": a, "a": a}, {r"\vect{t}": "v"}) == [([a + t, a + t], ["="])]


def test_a_renaming_of_what_is_not_there_is_refused():
    with pytest.raises(ReadError, match="does not hold"):
        read("t = t", {"t": t, "d": a}, {r"\Delta r": "d"})
