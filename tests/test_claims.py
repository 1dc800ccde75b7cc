"""Checked claims: what is true passes, and a change to either half is caught."""

import ast
import re
from pathlib import Path

import pytest
import sympy as sp

from claims.language import Ledger, NotTrue, run, same_value
from claims.latex_statements import read
from claims.verify import CheckError, parse_renames, time_limit, verify

BOOK = Path(__file__).parents[1] / "book"

TRUE = {
    "square": (r"(x + 1)^2 = x^2 + 2x + 1", 'x = symbols("x")\nassert holds((x + 1)**2, x**2 + 2*x + 1)', ""),
    "limit": (
        r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h} = f'(x) = 3x^2",
        'x, h = symbols("x h", real=True)\nf = lambda u: u**3\n'
        "assert holds(limit((f(x + h) - f(x)) / h, h, 0), 3*x**2)", "",
    ),
    "ring": (
        r"\pi (r + \Delta r)^2 - \pi r^2 = 2\pi r\,\Delta r + \pi (\Delta r)^2",
        'r, d = symbols("r d", positive=True)\n'
        "assert holds(pi * (r + d)**2 - pi * r**2, 2*pi*r*d + pi*d**2)", r"\Delta r = d",
    ),
    "near": (
        r"\ln(1 + r) \approx r \qquad \text{with } r - \ln(1 + r) < \tfrac12 r^2",
        'r = symbols("r", positive=True)\nassert near(log(1 + r), r, at=(r, 0), order=2)\n'
        "assert all_in(r - log(1 + r) < r**2 / 2, r, (0, 1))", "",
    ),
    "rounded": (r"\sqrt{2} \approx 1.414", 'assert rounds_to(sqrt(2), "1.414")', ""),
    "trigonometry": (r"\sin^2 x + \cos^2 x = 1", 'x = symbols("x")\nassert holds(sin(x)**2 + cos(x)**2, 1)', ""),
}  # fmt: skip

ARRAYS = {
    "product": (
        r"""\begin{pmatrix} a & b \\ c & d \end{pmatrix} \begin{pmatrix} x_1 \\ x_2 \end{pmatrix}
= \begin{pmatrix} a x_1 + b x_2 \\ c x_1 + d x_2 \end{pmatrix}""",
        """a, b, c, d, x_1, x_2 = symbols("a b c d x_1 x_2")
assert holds(Matrix([[a, b], [c, d]]) * Matrix([x_1, x_2]), Matrix([a*x_1 + b*x_2, c*x_1 + d*x_2]))""",
        "",
    ),
    "transposed": (
        r"""(A\vect{x})\T = \vect{x}\T A\T""",
        """A, x = Matrix(2, 2, symbols("a:d")), Matrix(symbols("x_1 x_2"))
assert holds((A * x).T, x.T * A.T)""",
        "",
    ),
    "dot": (
        r"""\begin{pmatrix} 3 \\ 4 \end{pmatrix} \cdot \begin{pmatrix} 1 \\ 2 \end{pmatrix}
= 3 \cdot 1 + 4 \cdot 2 = 11""",
        """assert holds(Matrix([3, 4]).dot(Matrix([1, 2])), 11)""",
        "",
    ),
    "length": (
        r"""|\vect{x}|^2 = \vect{x} \cdot \vect{x} = \vect{x}\T\vect{x} = x_1^2 + x_2^2""",
        """x = Matrix(symbols("x_1 x_2", real=True))
assert holds(x.dot(x), x[0]**2 + x[1]**2)""",
        "",
    ),
    "inverse": (
        r"""A^{-1} = \frac{1}{\det A} \begin{pmatrix} d & -b \\ -c & a \end{pmatrix} \qquad A A^{-1} = I""",
        """a, b, c, d = symbols("a b c d")
A, I = Matrix([[a, b], [c, d]]), eye(2)
assert holds(A.inv(), Matrix([[d, -b], [-c, a]]) / A.det())
assert holds(A * A.inv(), I)""",
        "",
    ),
    "partials": (
        r"""\pdv{f}{x} = 2xy \qquad \frac{\partial^2 f}{\partial x \partial y} = 2x \qquad \pdv{f}{x}(1, 3) = 6
\qquad \text{for } f(x, y) = x^2 y""",
        """x, y = symbols("x y")
f = lambda x, y: x**2 * y
assert holds(diff(f(x, y), x), 2*x*y)
assert holds(diff(f(x, y), x, y), 2*x)
assert holds(gradient(f, [x, y])[0].subs({x: 1, y: 3}), 6)
assert holds(f(x, y), x**2 * y)""",
        "",
    ),
    "gradient": (
        r"""\nabla f(x, y) = \begin{pmatrix} 2xy \\ x^2 \end{pmatrix} \qquad
\nabla f(1, 3) = \begin{pmatrix} 6 \\ 1 \end{pmatrix}
\qquad \text{for } f(x, y) = x^2 y""",
        """x, y = symbols("x y")
f = lambda x, y: x**2 * y
slopes = gradient(f, [x, y])
assert holds(slopes, Matrix([2*x*y, x**2]))
assert holds(slopes.subs({x: 1, y: 3}), Matrix([6, 1]))
assert holds(f(x, y), x**2 * y)""",
        "",
    ),
    "quadratic-form": (
        r"""\nabla(\vect{x}\T A \vect{x}) = (A + A\T)\vect{x}""",
        """A, x = Matrix(2, 2, symbols("a:d")), Matrix(symbols("x_1 x_2"))
nabla = x
assert holds(gradient((x.T * A * x)[0], x), (A + A.T) * x)""",
        "",
    ),
    "jacobian-polar": (
        r"""\pdv{\vect{f}}{\vect{p}} = \begin{pmatrix} \cos t & -r \sin t \\ \sin t & r \cos t \end{pmatrix} \qquad
\det \pdv{\vect{f}}{\vect{p}} = r
\qquad \text{for } \vect{f}(r, t) = \begin{pmatrix} r \cos t \\ r \sin t \end{pmatrix}""",
        """r, t = symbols("r t", real=True)
p = Matrix([r, t])
f = lambda r, t: Matrix([r * cos(t), r * sin(t)])
J = jacobian(f, [r, t])
assert holds(J, Matrix([[cos(t), -r*sin(t)], [sin(t), r*cos(t)]]))
assert holds(J.det(), r)
assert holds(f(r, t), Matrix([r * cos(t), r * sin(t)]))""",
        "",
    ),
    "chain-rule": (
        r"""\dv{f}{t} = \pdv{f}{x} \dv{x}{t} + \pdv{f}{y} \dv{y}{t}""",
        """t = symbols("t")
x, y = Function("x")(t), Function("y")(t)
f = Function("f")(x, y)
assert holds(diff(f, t), diff(f, x) * diff(x, t) + diff(f, y) * diff(y, t))""",
        "",
    ),
    "one-neuron": (
        r"""\pdv{C}{w} = \pdv{C}{a} \pdv{a}{z} \pdv{z}{w} = 2(a - y) \tanh'(z)\, x""",
        """x, y, w, b = symbols("x y w b", real=True)
z = lambda w, b: w * x + b
a = lambda z: tanh(z)
C = lambda a: (a - y)**2
assert holds(diff(C(a(z(w, b))), w), 2 * (tanh(w*x + b) - y) * (1 - tanh(w*x + b)**2) * x)""",
        "",
    ),
    "layer": (
        r"""\vect{a}^{(1)} = \varphi(W^{(1)} \vect{x} + \vect{b}^{(1)})
\qquad a^{(1)}_1 = \varphi(\sum_{j=1}^{2} w^{(1)}_{1j} x_j + b^{(1)}_1)""",
        """varphi = Function("varphi")
W1, x, b1 = Matrix(2, 2, symbols("w:4")), Matrix(symbols("x_1 x_2")), Matrix(symbols("b_1 b_2"))
a1 = (W1 * x + b1).applyfunc(varphi)
z1 = [W1[0, 0]*x[0] + W1[0, 1]*x[1] + b1[0], W1[1, 0]*x[0] + W1[1, 1]*x[1] + b1[1]]
assert holds(a1, Matrix([varphi(z1[0]), varphi(z1[1])]))
assert holds(a1[0], varphi(z1[0]))""",
        "",
    ),
    "any-function": (
        r"""\pdv{k}{u} = \frac12 \pdv{f}{x} \qquad \text{where } k(u, y) = f(\tfrac{u}{2}, y)""",
        """x, y, u = symbols("x y u", real=True)
F = Function("F")
f = lambda x, y: F(x, y)
k = lambda u, y: f(u / 2, y)
assert holds(diff(k(u, y), u), diff(f(x, y), x).subs(x, u / 2) / 2)
assert holds(k(u, y), f(u / 2, y))
x = u / 2""",
        "",
    ),
    "sums": (
        r"""\sum_i r_i^2 = (y_1 - w x_1)^2 + (y_2 - w x_2)^2""",
        """w = symbols("w")
x, y = Matrix(symbols("x_1 x_2")), Matrix(symbols("y_1 y_2"))
r = y - w * x
assert holds(r.dot(r), (y[0] - w * x[0])**2 + (y[1] - w * x[1])**2)""",
        "",
    ),
    "zero": (
        r"""\nabla f(1, -2) = \vect{0} \qquad \text{for } f(x, y) = (x - 1)^2 + 3(y + 2)^2""",
        """x, y = symbols("x y")
f = lambda x, y: (x - 1)**2 + 3*(y + 2)**2
assert holds(gradient(f, [x, y]).subs({x: 1, y: -2}), zeros(2, 1))
assert holds(f(x, y), (x - 1)**2 + 3*(y + 2)**2)""",
        "",
    ),
    "rounded-column": (
        r"""\frac{1}{|\vect{x}|} \vect{x} \approx \begin{pmatrix} 0.45 \\ 0.89 \end{pmatrix}
\qquad \vect{x} = \begin{pmatrix} 1 \\ 2 \end{pmatrix}""",
        """x = Matrix([1, 2])
assert rounds_to(x / x.norm(), ["0.45", "0.89"])
assert holds(x, Matrix([1, 2]))""",
        "",
    ),
}
TRUE |= ARRAYS


@pytest.mark.parametrize("name", TRUE)
def test_true_claims_pass(name):
    tex, code, where = TRUE[name]
    verify(tex, code, parse_renames(where))


def test_says_how_it_decided():
    code = 'x = symbols("x")\nassert holds(sin(3*x) * cos(5*x), (sin(8*x) - sin(2*x)) / 2)'
    assert verify(r"\sin(3x) \cos(5x) = \frac{\sin(8x) - \sin(2x)}{2}", code) == 40
    assert verify(*TRUE["square"][:2]) == 0
    assert verify(*TRUE["near"][:2]) > 100


def mutations_of_formula(tex):
    """The formula with one number raised, one sign turned, one function swapped."""
    for match in re.finditer(r"(?<!\\\\\[)\d+(?:\.\d+)?", tex):  # the 2 of \\[2ex] is a distance
        raised = (
            str(sp.Rational(match[0]) + 1) if "." not in match[0] else match[0][:-1] + str((int(match[0][-1]) + 3) % 10)
        )
        yield tex[: match.start()] + raised + tex[match.end() :]
    for match in re.finditer(r"(?<!\^)[+-](?![^{]*\}\s*\})", tex):
        yield tex[: match.start()] + {"+": "-", "-": "+"}[match[0]] + tex[match.end() :]
    for old, new in (
        (r"\sin", r"\cos"),
        (r"\cos", r"\sin"),
        (r"\ln", r"\exp"),
        (r"\sqrt", r"\sin"),
        ("<", ">"),
        (r"\pi", "2"),
    ):
        for match in re.finditer(re.escape(old), tex):
            yield tex[: match.start()] + new + " " + tex[match.end() :]


def array_mutations_of_formula(tex):
    """The formula with two neighbouring entries of a matrix swapped, a transpose or an \\odot dropped."""
    for match in re.finditer(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}", tex, flags=re.S):
        rows = [row.split("&") for row in match[1].split(r"\\") if row.strip()]
        places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
        for i, j in places:
            for below, beside in ((i, j + 1), (i + 1, j)):
                if (below, beside) in places and rows[i][j].strip() != rows[below][beside].strip():
                    swapped = [list(row) for row in rows]
                    swapped[i][j], swapped[below][beside] = rows[below][beside], rows[i][j]
                    inner = r"\\".join("&".join(row) for row in swapped)
                    yield tex[: match.start(1)] + inner + tex[match.end(1) :]
    for match in re.finditer(r"\\T(?![a-zA-Z])|\\odot", tex):
        yield tex[: match.start()] + " " + tex[match.end() :]


def product_mutations(tex, code):
    """A claim without numbers and signs, with a product turned into a sum, in its formula or in its check."""
    for match in re.finditer(r"\\,|(?<=\))\s*(?=\()", tex):
        yield tex[: match.start()] + " + " + tex[match.end() :], code
    for match in re.finditer(r"(?<=[\w)] )\*(?= \w)", code):
        yield tex, code[: match.start()] + "+" + code[match.end() :]


class _Mutant(ast.NodeTransformer):
    """Changes the `wanted`-th place of a check: a whole number, a sum or a difference."""

    def __init__(self, wanted):
        self.wanted, self.seen = wanted, 0

    def visit_For(self, node):
        return node  # loops test cases besides the claim

    def visit_Assert(self, node):
        calls = {
            call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        }
        return self.generic_visit(node) if calls & {"holds", "near", "all_in", "rounds_to"} else node

    def visit_Tuple(self, node):
        return node  # intervals and points of expansion are not shown in the formula

    def visit_keyword(self, node):
        return node if node.arg in ("domain", "at", "positive", "real", "integer") else self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, int) and not isinstance(node.value, bool):
            self.seen += 1
            if self.seen == self.wanted:
                return ast.copy_location(ast.Constant(node.value + 1), node)
        return node

    def visit_Attribute(self, node):
        self.generic_visit(node)
        if node.attr == "T":
            self.seen += 1
            if self.seen == self.wanted:
                return node.value
        return node

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, (ast.Add, ast.Sub)):
            self.seen += 1
            if self.seen == self.wanted:
                node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        return node


def mutations_of_check(code):
    wanted = 1
    while True:
        mutant = _Mutant(wanted)
        tree = ast.fix_missing_locations(mutant.visit(ast.parse(code)))
        if mutant.seen < wanted:
            return
        yield ast.unparse(tree)
        wanted += 1


def values(tex, code, renames):
    """Every value of a claim: the sides of its formula, and what its check established."""
    ledger = Ledger()
    names = run(code, ledger)
    sides = [side for sides, _ in read(tex, names, renames) for side in sides]
    return sides + [value for claim in ledger.claims for value in (claim.left, claim.right)]


def says_the_same(mutant, original):
    """True where no value changed: swapped factors of a dot product, a transpose of a symmetric matrix, 0 times 4."""
    return all(same_value(a, b) for a, b in zip(values(*mutant), values(*original), strict=True))


def survivors(tex, code, where):
    """Mutations that nothing catches."""
    renames = parse_renames(where)
    arrays = [(m, code) for m in array_mutations_of_formula(tex)]
    changed = [(m, code) for m in mutations_of_formula(tex)] + [(tex, m) for m in mutations_of_check(code)] + arrays
    changed = changed or list(product_mutations(tex, code))
    assert changed, "nothing to change"
    found = []
    for mutant in changed:
        try:
            verify(*mutant, renames)
        except CheckError:
            continue
        harmless = mutant in arrays or re.search(r"(?<![\w.])0(?![\w.])", tex)  # beside a zero, factors do not count
        if not (harmless and says_the_same((*mutant, renames), (tex, code, renames))):
            found.append(mutant[0] if mutant[0] != tex else mutant[1])
    return found


@pytest.mark.parametrize("name", TRUE)
def test_a_change_to_either_half_is_caught(name):
    assert survivors(*TRUE[name]) == []


def claims_of_the_book():
    """Every {checked} of every page: where it stands, formula, check, renamings."""
    fence = re.compile(r"^(:{3,})\{checked\} (\S+)\n(.*?)\n---\n(.*?)^\1\s*$", flags=re.M | re.S)
    for page in sorted(BOOK.rglob("*.md")):
        for match in fence.finditer(page.read_text(encoding="utf-8")):
            lines = match[3].splitlines()
            where = next((line.partition(":where:")[2] for line in lines if line.startswith(":where:")), "")
            tex = "\n".join(line for line in lines if not re.match(r":\w+:", line))
            yield pytest.param(tex, match[4], where, id=f"{page.stem}-{match[2]}")


# Mutants that say the same as the original, each with the reason.
EQUIVALENT = {
    # |h|/h is 1 at every positive h, so its limit at 1 is the limit at 0 from above.
    r"\lim_{h \to 1^+} \frac{|h|}{h} = 1 \qquad \lim_{h \to 0^-} \frac{|h|}{h} = -1",
    "h = symbols('h', real=True, nonzero=True)\n"
    "assert holds(limit(abs(h) / h, h, 1, '+'), 1)\nassert holds(limit(abs(h) / h, h, 0, '-'), -1)",
}


@pytest.mark.slow
@pytest.mark.parametrize(("tex", "code", "where"), list(claims_of_the_book()))
def test_every_claim_of_the_book_can_fail(tex, code, where):
    assert set(survivors(tex, code, where)) <= EQUIVALENT


@pytest.mark.parametrize(
    ("tex", "code", "words"),
    [
        ("x = x", 'x = symbols("x")', "establishes nothing"),
        ("1 = 1", "assert 1 == 2", "an assertion failed"),
        ("1 = 1", "assert holds(1, 2)", "is 1.0"),
        ("1 = 1", "holds(1,", "SyntaxError"),
        ("1 = 1", "assert holds(nothing, 2)", "NameError"),
        ("x + 1", 'x = symbols("x")\nassert holds(x + 1, 1 + x)', "write a relation"),
        ("2 = 2", "assert holds(1, 1)", "never mentions"),
        (r"1 = \oint", "assert holds(1, 1)", "cannot read"),
        ("x < 2", 'x = symbols("x")\nassert all_in(x < 2, x, (0, 3))', "fails at x"),
        ("x > 1", 'x = symbols("x")\nassert all_in(x < 1, x, (0, 1))', "does not establish"),
        (r"x \approx 0", 'x = symbols("x")\nassert near(x, 0, at=(x, 0), order=2)', "tends to"),
        # right from above alone
        (r"|x| \approx x", 'x = symbols("x", real=True)\nassert near(Abs(x), x + x**2, at=(x, 0), order=2)', "tends"),
        ("1 = 1", 'assert rounds_to(sqrt(2), "1.415")', "does not round"),
        ("1 = 1", "assert rounds_to(sqrt(2), 1.41)", "as a string"),
        (r"0.7 \approx \frac13", 'assert rounds_to(Rational(7, 10), "1/3")', "as a string"),
        (r"\sqrt{2} \approx 1.41400", 'assert rounds_to(sqrt(2), "1.414")', "does not establish"),
        ("1 = 1", 'assert holds(sqrt(2), Rational("1.4142135623731"))', "is 1.4142136"),
        ("x = 1", 'x = symbols("x")\nassert holds(Lt(x, 1), Lt(x, 1))', "never mentions"),
        ("A = A", "A = ImmutableMatrix([1, 2])\nassert holds(Matrix([1, 2, 3]), Matrix([1, 2, 3]))", "never mentions"),
    ],
)  # fmt: skip
def test_what_is_false_or_silent_is_refused(tex, code, words):
    with pytest.raises(CheckError, match=re.escape(words)):
        verify(tex, code)


def test_the_line_of_the_fault():
    with pytest.raises(CheckError) as caught:
        verify("1 = 1", "x = 1\n\nassert holds(1, 1)\nassert holds(1, 2)")
    assert caught.value.line == 4


def test_shapes_must_agree():
    with pytest.raises(NotTrue, match="shapes differ"):
        Ledger().holds(sp.Matrix([1, 2]), sp.Matrix([[1, 2]]))
    with pytest.raises(NotTrue, match="shapes differ"):
        Ledger().holds(sp.Matrix([1, 2]), 1)
    assert Ledger().holds(sp.Matrix([1, 2]).T, sp.Matrix([[1, 2]]))


def test_infinity_and_undefined_values_prove_nothing():
    u = sp.symbols("u")
    for left, right in ((sp.zoo, sp.zoo), (sp.nan, sp.nan), (sp.log(-(u**2) - 1) * 0 + sp.nan, u)):
        with pytest.raises(NotTrue):
            Ledger().holds(left, right)


def test_where_is_read_or_refused():
    assert parse_renames(r"\Delta r = d; A_1 = first") == {r"\Delta r": "d", "A_1": "first"}
    for text in ("d", "= d", r"\Delta r = 2", r"\Delta r ="):
        with pytest.raises(ValueError, match="expected"):
            parse_renames(text)


def test_a_check_that_never_ends_is_ended():
    with pytest.raises(CheckError, match=r"^the check used more than 1 seconds"), time_limit(1):
        verify("1 = 1", "while True: pass")
