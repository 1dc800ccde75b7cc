"""Newton's method on one equation, beside SciPy's, which is given the derivative."""

from scipy.optimize import newton

from mmlbook.optimisation import newton_raphson
from tests.bench.tasks.timing import compare


def cubic(x):
    """The cubic equation on which Newton explained his method."""
    return x**3 - 2 * x - 5


def slope(x):
    """Its derivative, by hand."""
    return 3 * x**2 - 2


def rows():
    """Compare from the same start: both given the derivative, and SciPy alone given it."""
    scipys = lambda: newton(cubic, 2.0, fprime=slope)  # noqa: E731
    given, found = (lambda: newton_raphson(cubic, 2.0, slope).root), (lambda: newton_raphson(cubic, 2.0).root)
    yield "Newton's method on one equation", "scipy.optimize.newton", *compare(given, scipys)
    yield "Newton's method, mmlbook finding the derivative itself", "scipy.optimize.newton", *compare(found, scipys)
