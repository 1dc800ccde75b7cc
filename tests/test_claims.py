"""Checked claims: what is true passes, and a change to either half is caught."""

import ast
import re
from pathlib import Path

import pytest
import sympy as sp

from claims.language import Ledger, NotTrue
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


def survivors(tex, code, where):
    """Mutations that nothing catches."""
    renames = parse_renames(where)
    changed = [(m, code) for m in mutations_of_formula(tex)] + [(tex, m) for m in mutations_of_check(code)]
    assert changed, "nothing to change"
    found = []
    for mutant_tex, mutant_code in changed:
        try:
            verify(mutant_tex, mutant_code, renames)
        except CheckError:
            continue
        found.append(mutant_tex if mutant_tex != tex else mutant_code)
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
