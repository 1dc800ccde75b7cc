"""Build a differentiator: calculate with pairs, and the slopes come along.

Replace each `raise NotImplementedError(...)`, from Step 1 to Step 10.
To see where you stand:  python -m pytest -x differentiator.py
"""

import math


def as_dual(x):
    """Return x itself if it is a Dual already; else a constant."""
    if isinstance(x, Dual):
        return x
    raise NotImplementedError("Step 1: a constant, as a Dual.")


class Dual:
    """A value, and the slope with which it is changing."""

    def __init__(self, value, slope):
        self.value = value
        self.slope = slope

    def __repr__(self):
        return f"Dual({self.value}, {self.slope})"

    def __add__(self, other):
        other = as_dual(other)
        raise NotImplementedError("Step 2: the sum rule.")

    def __neg__(self):
        raise NotImplementedError("Step 3: both parts change sign.")

    def __mul__(self, other):
        other = as_dual(other)
        raise NotImplementedError("Step 4: the product rule.")

    def __truediv__(self, other):
        other = as_dual(other)
        raise NotImplementedError("Step 5: the quotient rule.")

    def __pow__(self, n):
        raise NotImplementedError("Step 6: power rule, chain rule.")

    # The rest is done. It uses what you write.

    def __radd__(self, other):  # 2 + x
        return self + other

    def __rmul__(self, other):  # 2 * x
        return self * other

    def __sub__(self, other):  # x - y, x - 2
        return self + -as_dual(other)

    def __rsub__(self, other):  # 2 - x
        return as_dual(other) + -self

    def __rtruediv__(self, other):  # 2 / x
        return as_dual(other) / self

    def __lt__(self, other):  # x < 2: only the values count
        return self.value < as_dual(other).value

    def __gt__(self, other):  # x > 2
        return self.value > as_dual(other).value

    def __eq__(self, other):  # x == 2
        return self.value == as_dual(other).value


def sin(x):
    x = as_dual(x)
    raise NotImplementedError("Step 7: the sine and its chain rule.")


def cos(x):
    x = as_dual(x)
    raise NotImplementedError("Step 8: the cosine likewise.")


def exp(x):
    x = as_dual(x)
    raise NotImplementedError("Step 8: e to the x likewise.")


def log(x):
    x = as_dual(x)
    raise NotImplementedError("Step 8: the natural logarithm likewise.")


def tanh(x):
    x = as_dual(x)
    raise NotImplementedError("Step 8: the squasher likewise.")


def slope_of(f):
    """Return the function that gives the slope of f at any place."""

    def slope(at):
        raise NotImplementedError("Step 9: a Dual in, its slope out.")

    return slope


# The eight readings of the shadow: position in cm, reading.
LEFT = [(0, -0.95), (1, -0.84), (2, -0.67), (3, -0.23)]
RIGHT = [(4, 0.32), (5, 0.85), (6, 0.88), (7, 0.95)]
READINGS = LEFT + RIGHT


def misfit(weight):
    """Return the sum of the squares of reading minus tanh(weight * x - 2)."""
    raise NotImplementedError("Step 10: loop over READINGS, add squares.")


# Self-tests: nothing to change from here on.


def test_step_1_constant():
    two = attempt(1, "as_dual(2)", lambda: as_dual(2))
    slips = {1: "slope 1 is for the input itself; a constant does not move"}
    check(1, "as_dual(2)", two, 2, 0, slips)
    x = Dual(3, 4)
    assert as_dual(x) is x, "Step 1: a Dual should come back as it is"


def test_step_2_sum():
    x, y = Dual(4, 3), Dual(2, 5)
    total = attempt(2, "Dual(4, 3) + Dual(2, 5)", lambda: x + y)
    unchanged = (x.value, x.slope, y.value, y.slope) == (4, 3, 2, 5)
    assert unchanged, "Step 2: you changed a Dual that was given; make a new one"
    slips = {
        15: "you multiplied the slopes; the slope of a sum is the sum of the slopes",
        3: "only the first slope is there; both parts of a sum move",
        5: "only the second slope is there; both parts of a sum move",
    }
    check(2, "Dual(4, 3) + Dual(2, 5)", total, 6, 8, slips)
    shifted = attempt(2, "Dual(4, 3) + 10", lambda: x + 10)
    check(2, "Dual(4, 3) + 10", shifted, 14, 3)
    check(2, "10 + Dual(4, 3)", attempt(2, "10 + Dual(4, 3)", lambda: 10 + x), 14, 3)


def test_step_3_negative():
    x = Dual(4, 3)
    slips = {3: "the slope kept its sign; upside down, a climb is a fall"}
    check(3, "-Dual(4, 3)", attempt(3, "-Dual(4, 3)", lambda: -x), -4, -3, slips)
    unchanged = (x.value, x.slope) == (4, 3)
    assert unchanged, "Step 3: you changed the Dual that was given; make a new one"
    less = attempt(3, "Dual(4, 3) - Dual(2, 5)", lambda: x - Dual(2, 5))
    check(3, "Dual(4, 3) - Dual(2, 5)", less, 2, -2)
    check(3, "10 - Dual(4, 3)", attempt(3, "10 - Dual(4, 3)", lambda: 10 - x), 6, -3)


def test_step_4_product():
    x, y = Dual(4, 3), Dual(2, 5)
    two_terms = "the slope of a product needs two terms: each factor's slope once"
    slips = {
        15: "you multiplied the two slopes; " + two_terms,
        6: two_terms,
        20: two_terms,
        22: "each slope goes with the other factor, not with its own",
        14: "there is a minus between the two terms; that belongs to the quotient",
        -14: "there is a minus between the two terms; that belongs to the quotient",
        8: "you added the slopes, as for a sum; " + two_terms,
    }
    product = attempt(4, "Dual(4, 3) * Dual(2, 5)", lambda: x * y)
    check(4, "Dual(4, 3) * Dual(2, 5)", product, 8, 26, slips)
    check(4, "Dual(4, 3) * 10", attempt(4, "Dual(4, 3) * 10", lambda: x * 10), 40, 30)
    check(4, "10 * Dual(4, 3)", attempt(4, "10 * Dual(4, 3)", lambda: 10 * x), 40, 30)


def test_step_5_quotient():
    x, y = Dual(6, 7), Dual(2, 3)
    slips = {
        -2.0: "you divided by g, not by g squared",
        1.0: "the two terms are the wrong way round: the upper slope comes first",
        8.0: "the two terms have to be subtracted, not added",
        7 / 3: "you divided the slopes; the slope of a quotient has two terms above",
        3.5: "the slope of the lower part is missing: it moves too",
        9.5: "only one term is divided; put both into brackets",
    }
    quotient = attempt(5, "Dual(6, 7) / Dual(2, 3)", lambda: x / y)
    check(5, "Dual(6, 7) / Dual(2, 3)", quotient, 3, -1, slips)
    check(5, "Dual(6, 7) / 2", attempt(5, "Dual(6, 7) / 2", lambda: x / 2), 3, 3.5)
    check(5, "6 / Dual(2, 3)", attempt(5, "6 / Dual(2, 3)", lambda: 6 / y), 3, -4.5)


def test_step_6_power():
    x = Dual(3, 2)
    slips = {
        108: "inner derivative forgotten: what is raised to the power moves too",
        54: "the exponent has to come down in front",
        648: "the power that is left is one lower",
        32: "you took the power of the slope; the power is of the value",
    }
    check(6, "Dual(3, 2)**4", attempt(6, "Dual(3, 2)**4", lambda: x**4), 81, 216, slips)
    check(6, "Dual(3, 2)**1", attempt(6, "Dual(3, 2)**1", lambda: x**1), 3, 2)
    inverse = attempt(6, "Dual(2, 3)**-1", lambda: Dual(2, 3) ** -1)
    check(6, "Dual(2, 3)**-1", inverse, 0.5, -0.75)


def test_step_7_sine():
    check_chain(7, "sin", sin, math.sin, math.cos)


def test_step_8_cosine():
    sign = "a sign is missing: where the cosine starts, it falls"
    check_chain(8, "cos", cos, math.cos, lambda v: -math.sin(v), {math.sin: sign})


def test_step_8_exponential():
    power = "that is the power rule; here x stands in the exponent"
    slips = {lambda v: v * math.exp(v - 1): power}
    check_chain(8, "exp", exp, math.exp, math.exp, slips)


def test_step_8_logarithm():
    slips = {
        lambda v: v: "the wrong way up: where x is large, the logarithm is flat",
        lambda v: 1 / math.log(v): "divide by the value of x, not by its logarithm",
    }
    check_chain(8, "log", log, math.log, lambda v: 1 / v, slips)


def test_step_8_squasher():
    slips = {
        lambda v: 1 - math.tanh(v): "square the tanh before you take it from 1",
        lambda v: 1 - v**2: "it is 1 minus the square of tanh x, not of x",
    }
    check_chain(8, "tanh", tanh, math.tanh, lambda v: 1 - math.tanh(v) ** 2, slips)


def test_step_9_slope_of():
    cases = [
        ("x * x", lambda x: x * x, 3, 6),
        ("5, a constant", lambda x: 5, 3, 0),
        ("(1 - x) / (1 + x)", lambda x: (1 - x) / (1 + x), 1, -0.5),
        ("sin(x**2)", lambda x: sin(x**2), 2, 4 * math.cos(4)),
        ("exp(-x) * log(x)", lambda x: exp(-x) * log(x), 1, math.exp(-1)),
        ("tanh(3 * x)", lambda x: tanh(3 * x), 0, 3),
    ]
    for name, f, at, slope in cases:
        what = f"slope_of(f)({at}), where f is {name},"
        found = attempt(9, what, lambda f=f, at=at: slope_of(f)(at))
        is_dual = isinstance(found, Dual)
        assert not is_dual, f"Step 9: {what} gave a Dual; hand out its slope alone"
        is_number = isinstance(found, (int, float))
        kind = type(found).__name__
        assert is_number, f"Step 9: {what} should be a number; yours is {kind}"
        still = found == 0 and slope != 0
        assert not still, "Step 9: the input itself moves: its slope is 1, not 0"
        value = close(found, value_of(f(at)))
        assert not value, f"Step 9: {what} is f's value; the slope was asked for"
        good = close(found, slope)
        assert good, f"Step 9: {what} should be {slope}; yours is {found}"


def test_step_10_shadow():
    what = "misfit(0.4)"
    plain = value_of(attempt(10, what, lambda: misfit(0.4)))
    good = isinstance(plain, (int, float))
    assert good, f"Step 10: {what} should be a number; was it returned?"
    residuals = [y - math.tanh(0.4 * x - 2) for x, y in READINGS]
    ends = residuals[0] ** 2, residuals[7] ** 2
    one = close(plain, ends[0]) or close(plain, ends[1])
    assert not one, "Step 10: only one residual is there; add up all, then return"
    unmoved = sum((y - math.tanh(0.4 * x)) ** 2 for x, y in READINGS)
    no_bias = close(plain, unmoved)
    assert not no_bias, "Step 10: the bias of -2 is missing"
    signed = close(plain, sum(residuals))
    assert not signed, "Step 10: square each residual before you add"
    expected = sum(r**2 for r in residuals)
    good = close(plain, expected)
    assert good, f"Step 10: {what} should be {expected:.6f}; yours is {plain}"
    exact = attempt(10, "slope_of(misfit)(0.4)", lambda: slope_of(misfit)(0.4))
    run = 1e-5
    rise = value_of(misfit(0.4 + run)) - value_of(misfit(0.4 - run))
    nudged = rise / (2 * run)
    good = abs(exact - nudged) < 1e-6
    assert good, f"Step 10: the slope should be near {nudged:.6f}; yours is {exact}"


# What the self-tests share.


def attempt(step, what, calculate):
    """Return the result; turn an error of Python's into a sentence."""
    trouble = ""
    try:
        return calculate()
    except NotImplementedError:
        raise
    except Exception as error:
        trouble = f"{type(error).__name__}: {error}"
    assert not trouble, f"Step {step}: {what} stopped with {trouble}{advice(trouble)}"


def advice(trouble):
    """Say what such an error usually means here."""
    if "has no attribute" in trouble:
        return "; a plain number came in: was as_dual forgotten?"
    if "recursion" in trouble:
        return "; a method that calls itself never ends: use .value and .slope"
    if "must be real number, not Dual" in trouble:
        return "; functions of math take plain numbers: give them .value, or use yours"
    if "NoneType" in trouble:
        return "; something returned nothing"
    return ""


def check(step, what, result, value, slope, slips=None):
    """Compare value and slope, and name the slip if it is a known one."""
    kind = type(result).__name__
    assert isinstance(result, Dual), f"Step {step}: {what} gave {kind}; return a Dual"
    for part in (result.value, result.slope):
        nested = isinstance(part, Dual)
        assert not nested, f"Step {step}: a Dual inside a Dual; use .value and .slope"
    good = close(result.value, value)
    found = f"yours has {result.value}"
    assert good, f"Step {step}: {what} should have the value {value}; {found}"
    for wrong, message in (slips or {}).items():
        assert not close(result.slope, wrong), f"Step {step}: {message}"
    good = close(result.slope, slope)
    found = f"yours has {result.slope}"
    assert good, f"Step {step}: {what} should have the slope {slope}; {found}"


def check_chain(step, name, yours, function, rule, slips=None):
    """Check the chain rule, for a function, its derivative and known slips."""
    at, inner = 0.7, 3
    what = f"{name}(Dual({at}, {inner}))"
    known = {
        rule(at): "inner derivative forgotten: multiply by the slope of x",
        rule(inner) * inner: "take the outer slope at the value of x, not at its slope",
        rule(at) + inner: "the two slopes are multiplied, not added",
        function(at) * inner: f"the outer slope is missing: that is {name} itself",
    }
    for wrong, message in (slips or {}).items():
        known[wrong(at) * inner] = message
    known.pop(rule(at) * inner, None)
    result = attempt(step, what, lambda: yours(Dual(at, inner)))
    check(step, what, result, function(at), rule(at) * inner, known)
    plain = attempt(step, f"{name}({at})", lambda: yours(at))
    check(step, f"{name}({at})", plain, function(at), 0)


def value_of(x):
    """Return the value of a Dual; anything else as it is."""
    return x.value if isinstance(x, Dual) else x


def close(a, b):
    """Tell whether a is a number, and equal to b but for rounding."""
    is_number = isinstance(a, (int, float))
    return is_number and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
