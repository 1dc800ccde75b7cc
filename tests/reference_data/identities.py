"""Functions and their derivatives from integral tables, as programs that run on NumPy or on mpmath."""

import ast
import operator
from fractions import Fraction

import mpmath
import numpy as np

OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
NUMPY = {
    **{name: getattr(np, name) for name in "sqrt exp log sin cos tan sinh cosh tanh".split()},
    **{name: getattr(np, f"arc{name[1:]}") for name in "asin acos atan asinh acosh atanh".split()},
    "cot": lambda x: 1 / np.tan(x),
    "sec": lambda x: 1 / np.cos(x),
    "csc": lambda x: 1 / np.sin(x),
    "sech": lambda x: 1 / np.cosh(x),
    "csch": lambda x: 1 / np.sinh(x),
    "coth": lambda x: 1 / np.tanh(x),
    "acot": lambda x: np.arctan(1 / x),
    "asec": lambda x: np.arccos(1 / x),
    "acsc": lambda x: np.arcsin(1 / x),
    "acoth": lambda x: np.arctanh(1 / x),
}
# Tables of integrals write log(u) for log|u|: where u < 0, these differ by an imaginary constant, which
# cancels at the points of the identities numbered here. The same holds for atanh(u) where |u| > 1.
BY_SIZE = {
    "log": lambda u: np.log(np.abs(u)),
    "atanh": lambda u: np.log(np.abs((1 + u) / (1 - u))) / 2,
}
READ_BY_SIZE = {105, 440, 442, 467, 673, 675, 688}
IMAGINARY = "at some points F is real only as a product or function of imaginary numbers"
EXCEPTIONS = {  # the number of an identity in the file: why it is not supported
    43: f"{IMAGINARY}: atan(sqrt(x))**2 at x < 0",
    91: f"{IMAGINARY}: sqrt(x**2 - 1)*log(x + sqrt(x**2 - 1)) at |x| < 1",
    235: f"{IMAGINARY}: sqrt(x)*sin(sqrt(x)) at x < 0",
    431: f"{IMAGINARY}: acos(x)**2 at x > 1",
    648: f"{IMAGINARY}: sqrt(1 - x**2)*acos(x) at x > 1",
    652: f"{IMAGINARY}: (1 - x**2)**(3/2)*acos(x) at x > 1",
    654: f"{IMAGINARY}: (1 - x**2)**(7/2)*acos(x) at x > 1",
    664: f"{IMAGINARY}: (x**2 - 1)**(3/2)*asec(x) at |x| < 1",
    667: f"{IMAGINARY}: asin(sqrt(1 - x**2))**2 at x > 1",
}


class Program:
    """An expression as a list of steps, each made of an operation and the numbers of earlier steps."""

    def __init__(self, expression, by_size=False):
        self.functions = {**NUMPY, **BY_SIZE} if by_size else NUMPY
        self.steps = []
        self._add(ast.parse(expression, mode="eval").body)

    def _add(self, node):
        if isinstance(node, ast.Constant) and type(node.value) is int:
            step = (None, node.value)
        elif isinstance(node, ast.Name) and node.id in ("x", "pi"):
            step = (None, node.id)
        elif isinstance(node, ast.BinOp):
            step = (OPERATORS[type(node.op)], self._add(node.left), self._add(node.right))
        elif isinstance(node, ast.UnaryOp):
            step = (OPERATORS[type(node.op)], self._add(node.operand))
        elif isinstance(node, ast.Call) and len(node.args) == 1:
            step = (node.func.id, self._add(node.args[0]))
        else:
            raise ValueError(f"not an expression of the reference data: {ast.dump(node)}")
        self.steps.append(step)
        return len(self.steps) - 1

    def __call__(self, x):
        """The value, by NumPy and Python's operators."""
        values = []
        for operation, *inputs in self.steps:
            if operation is None:
                values.append({"x": x, "pi": np.pi}.get(inputs[0], inputs[0]))
            else:
                operation = self.functions.get(operation, operation)
                values.append(operation(*(values[i] for i in inputs)))
        return values[-1]

    def precisely(self, x, values=None, changed=-1, factor=1):
        """All values by mpmath, one of them multiplied by a factor; those before it are taken over."""
        values = [] if values is None else values[:changed]
        for number, (operation, *inputs) in enumerate(self.steps[len(values) :], len(values)):
            if operation is None:
                value = {"x": x, "pi": mpmath.pi}.get(inputs[0], inputs[0])
                value = mpmath.mpf(value)
            else:
                operation = getattr(mpmath, operation) if isinstance(operation, str) else operation
                value = operation(*(values[i] for i in inputs))
            values.append(value * factor if number == changed else value)
        return values

    def condition(self, at):
        """How much the derivative by x changes, relative to itself, when the steps are rounded.

        Each constant, each x and each result of an operation is multiplied by 1 + delta, one at a
        time. The condition is the sum of the changes of the derivative, each without its
        sign, divided by delta and by the derivative; and at least 1.
        """
        with mpmath.workdps(60):
            at, h, delta = mpmath.mpf(at.numerator) / at.denominator, mpmath.mpf(10) ** -20, mpmath.mpf(10) ** -12
            high, low = self.precisely(at + h), self.precisely(at - h)
            slope = high[-1] - low[-1]
            total = 0
            for i in range(len(self.steps)):
                moved = self.precisely(at + h, high, i, 1 + delta)[-1] - self.precisely(at - h, low, i, 1 + delta)[-1]
                total += abs((moved - slope) / (delta * slope))
            return max(1.0, float(total))


def points(identity):
    """The places of an identity, the exact values and the exact derivatives there, to 22 figures."""
    with mpmath.workdps(40):
        return [(Fraction(p["x"]), mpmath.mpf(p["F"]), mpmath.mpf(p["dF"])) for p in identity["points"]]


def relative_error(slope, exact):
    """How far a slope is off, relative to the exact one."""
    with mpmath.workdps(40):
        return float(abs((slope - exact) / exact))


def verdict(number, identity, transforms):
    """What is wrong with an identity: a list of sentences, empty if all transforms are right at all its points."""
    f = Program(identity["F"], by_size=number in READ_BY_SIZE)
    complaints = []
    for at, value, exact in points(identity):
        try:
            slopes = [transform(f)(float(at)) for transform in transforms]
        except ValueError as error:
            complaints.append(f"x = {at}: {error}")
            continue
        errors = [relative_error(slope, exact) for slope in slopes]
        apart = abs(slopes[0] - slopes[1]) / abs(slopes[0])
        if max(errors) > 1e-12 or apart > 1e-13:
            condition = f.condition(at)
            errors, apart = [error / condition for error in errors], apart / condition
        if max(errors) > 1e-12:
            complaints.append(f"x = {at}: off by {max(errors):.1e} times the condition")
        if apart > 1e-13:
            complaints.append(f"x = {at}: forward and reverse mode differ by {apart:.1e} times the condition")
        if number in READ_BY_SIZE and relative_error(f(float(at)), value) > 1e-9:
            complaints.append(f"x = {at}: the value is {f(float(at))} in place of {value}")
    return complaints
