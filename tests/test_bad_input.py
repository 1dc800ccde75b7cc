"""Bad input of every kind, to every argument of every public function: a clear refusal or a flag, never silence.

The table `CASES` holds a good call of each public callable, its arguments tagged with their kinds (tests/bad_input.py).
Each test takes one argument and tries all bad values of its kind; the other arguments stay good.
"""

import dataclasses
import functools
import importlib
import inspect
import math
import re
import signal
import warnings
from contextlib import contextmanager

import numpy as np
import pytest

import mmlbook
from mmlbook import backprop, data, dual, landscape, optimisation, plot, regression, slope, taylor
from tests import bad_input as kinds
from tests.bad_input import MISMATCH, PASSES, REFUSED, SAME, SOUND, UNTOUCHED

gradient = importlib.import_module("mmlbook.gradient")  # whose name in the package is that of its function
LIMIT = 5.0  # seconds: what takes longer hangs


@dataclasses.dataclass
class Argument:
    """An argument of a good call.

    - kind and value: the kind of tests/bad_input.py, and a good value
    - named: the name that errors use, if it is another
    - optional: None is allowed, and stands for something else
    - good: labels of values that are bad as a rule, but have a meaning here
    - flagged: labels whose outcome is documented, with words of the error or of the reason
    """

    kind: object
    value: object
    named: str = ""
    optional: bool = False
    good: tuple = ()
    flagged: dict = dataclasses.field(default_factory=dict)

    def bad_values(self):
        """Labels, values and outcomes, each value made anew."""
        if not self.optional:
            yield "None", None, REFUSED
        for label, value, outcome in self.kind(self.value):
            if label not in self.good:
                yield label, value, self.flagged.get(label, outcome)


@dataclasses.dataclass
class Case:
    """A public callable, how to call it, and its arguments."""

    name: str
    signed: object  # what has the signature
    arguments: dict
    call: object = None

    def run(self, values):
        """Call it."""
        return (self.call or self.signed)(**values)


given, of_kind = Argument, functools.partial


# Good values: whole numbers, so that all ways to write numbers can be tried on them


def square(x):
    return x**2


def shifted(x):
    return x**2 - 2.0


def slope_of_square(x):
    return 2.0 * x


def bowl(x):
    return np.sum((x - 1.0) ** 2)


def slope_of_bowl(x):
    return 2.0 * (x - 1.0)


def curvature_of_bowl(x):
    return 2.0 * np.eye(np.size(x)).reshape(2 * np.shape(x))


def polar(x):
    return np.stack([x[0] * x[1], x[0] + x[1], x[0] ** 2])


def line(x):
    return 4.0 - x[0] - x[1]


def noisy_bowl(x, rows):
    return np.mean((x - rows[:, 0]) ** 2)


def model(x, a, b):
    return a + b * x


def misses(theta):
    return np.stack([theta[0] - 1.0, 2.0 * theta[1] - 1.0, theta[0] + theta[1] - 4.0])


def slopes_of_misses(theta):
    return np.array([[1.0, 0.0], [0.0, 2.0], [1.0, 1.0]])


def height(p):
    return p[0] ** 2 + 3.0 * p[1] ** 2


def slope_of_height(p):
    return np.array([2.0 * p[0], 6.0 * p[1]])


POINT = np.array([3.0, 2.0])
X = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0], [1.0, 4.0]])
Y = np.array([1.0, 3.0, 5.0, 8.0])
ERRORS = np.array([0.5, 1.0, 0.5, 2.0])
SAMPLES = np.array([[1.0, 2.0], [3.0, 1.0], [0.0, 2.0]])
TARGETS = np.array([[1.0], [0.0], [2.0]])
CLASSES = np.array([0, 2, 1])
TABLE = "a,b\n1,2\n3,4\n"
GROUND = mmlbook.Landscape(seed=1)

READERS = [square, shifted, slope_of_square, bowl, slope_of_bowl, curvature_of_bowl, polar, line, noisy_bowl, model]
READERS += [misses, slopes_of_misses, height, slope_of_height]
ASKED_FOR = ("huge", "beyond 32 bits", "beyond 64 bits")  # so many steps take as long as they take

at = functools.partial(given, kinds.places, 2.0)
one_number = functools.partial(given, kinds.number, 2.0)
of_one_number = functools.partial(given, of_kind(kinds.function), square)
cost = functools.partial(given, of_kind(kinds.function), bowl)
readers_gradient = of_kind(kinds.function, shape=(2,))


def network(**options):
    return mmlbook.Network((2, 3, 1), **options)


def classifier():
    return mmlbook.Network((2, 3), cost="cross-entropy")


def of(transform, f):
    """What a transform of f returns, called with named values in their order."""
    return lambda **values: transform(f)(*values.values())


def saved(path):
    """A network, written and read again."""
    mmlbook.Network((2, 1)).save(path)
    return mmlbook.Network.load(path)


def summary():
    return mmlbook.LeastSquares().add(X, Y)


TRANSFORMS = [
    Case(f"{transform.__name__}(f)", transform, {"f": argument}, call)
    for transform, argument, call in [
        (gradient.derivative, given(kinds.any_function, square), lambda f: gradient.derivative(f)(2.0)),
        (gradient.gradient, cost(), lambda f: gradient.gradient(f)(POINT)),
        (gradient.value_and_gradient, cost(), lambda f: gradient.value_and_gradient(f)(POINT)),
        (gradient.hessian, cost(), lambda f: gradient.hessian(f)(POINT)),
        (gradient.hvp, cost(), lambda f: gradient.hvp(f)(POINT, POINT)),
        (
            gradient.jacobian,
            given(of_kind(kinds.any_function, shape=(3,)), polar),
            lambda f: gradient.jacobian(f)(POINT),
        ),
        (
            gradient.directional_derivative,
            given(of_kind(kinds.any_function, shape=(3,)), polar),
            lambda f: gradient.directional_derivative(f)(POINT, POINT),
        ),
    ]
]

CASES = [
    # slope
    Case(
        "rise_over_run",
        slope.rise_over_run,
        {"f": of_one_number(), "a": given(kinds.bound_places, 2.0), "b": given(kinds.bound_places, 3.0)},
    ),
    Case(
        "rise_over_run of arrays",
        slope.rise_over_run,
        {
            "f": given(of_kind(kinds.function, shape=(2,)), square),
            "a": given(kinds.bound_places, np.array([1.0, 2.0])),
            "b": given(kinds.bound_places, np.array([3.0, 5.0])),
        },
    ),
    Case(
        "slopes",
        slope.slopes,
        {
            "x": given(kinds.bound_vector, np.array([0.0, 1.0, 3.0])),
            "y": given(kinds.bound_vector, np.array([0.0, 2.0, 8.0])),
        },
    ),
    *(
        Case(
            function.__name__,
            function,
            {"f": of_one_number(), "at": at(), "step": given(kinds.positive, 0.5, optional=True)},
        )
        for function in (slope.forward_difference, slope.central_difference)
    ),
    Case("complex_step", slope.complex_step, {"f": of_one_number(), "at": at()}),
    Case("richardson", slope.richardson, {"f": of_one_number(), "at": one_number()}),
    # gradient
    *TRANSFORMS,
    Case("derivative(f)(x)", gradient.derivative(square), {"x": at()}),
    Case("derivative(f)(x) of an array", gradient.derivative(square), {"x": given(kinds.places, POINT)}),
    Case("gradient(f)(x)", gradient.gradient(bowl), {"x": given(kinds.places, POINT)}, of(gradient.gradient, bowl)),
    Case(
        "gradient(f)(x, y)",
        gradient.gradient(lambda x, y: x * y**2),
        {"x": given(kinds.places, 2.0, "input 1 of f"), "y": given(kinds.places, 3.0, "input 2 of f")},
        of(gradient.gradient, lambda x, y: np.sum(x * y**2)),
    ),
    Case(
        "value_and_gradient(f)(x)",
        gradient.value_and_gradient(bowl),
        {"x": given(kinds.places, POINT)},
        of(gradient.value_and_gradient, bowl),
    ),
    Case(
        "value_and_gradient(f)(x, y)",
        gradient.value_and_gradient(lambda x, y: x * y**2),
        {"x": given(kinds.places, 2.0, "input 1 of f"), "y": given(kinds.places, 3.0, "input 2 of f")},
        of(gradient.value_and_gradient, lambda x, y: np.sum(x * y**2)),
    ),
    Case("jacobian(f)(x)", gradient.jacobian(square), {"x": given(kinds.places, POINT)}),
    Case("hessian(f)(x)", gradient.hessian(bowl), {"x": given(kinds.places, POINT)}),
    *(
        Case(
            f"{transform.__name__}(f)(x, v)",
            transform(bowl),
            {"x": given(kinds.places, POINT), "v": given(kinds.bound_places, np.array([1.0, -2.0]))},
        )
        for transform in (gradient.hvp, gradient.directional_derivative)
    ),
    Case(
        "jvp",
        gradient.jvp,
        {
            "f": given(of_kind(kinds.any_function, shape=(2,)), square),
            "x": given(kinds.places, POINT),
            "v": given(kinds.bound_places, np.array([1.0, -2.0])),
        },
    ),
    Case(
        "vjp",
        gradient.vjp,
        {"f": given(of_kind(kinds.any_function, shape=(2,)), square), "x": given(kinds.places, POINT)},
        lambda f, x: (lambda value, pull_back: (value, pull_back(value)))(*gradient.vjp(f, x)),
    ),
    Case("vjp(f, x)[1](u)", gradient.vjp(square, POINT)[1], {"u": given(kinds.bound_places, np.array([1.0, -2.0]))}),
    Case(
        "check_gradient",
        gradient.check_gradient,
        {
            "f": cost(),
            "x": given(kinds.places, POINT),
            "gradient": given(kinds.bound_places, np.array([4.0, 2.0]), optional=True, good=("type", "function")),
        },
    ),
    Case(
        "check_gradient of a function",
        gradient.check_gradient,
        {
            "f": cost(),
            "x": given(kinds.places, POINT),
            "gradient": given(of_kind(kinds.function, shape=(2,)), slope_of_bowl, optional=True),
        },
    ),
    # dual and tape
    Case(
        "Dual",
        dual.Dual,
        {
            "value": given(kinds.places, np.array([1.0, 2.0])),
            "tangent": given(kinds.bound_places, np.array([3.0, 4.0])),
            "level": given(kinds.positive_whole, 1),
        },
    ),
    # taylor
    *(
        Case(
            function.__name__,
            function,
            {"f": of_one_number(), "at": one_number(), "order": given(kinds.whole, 3)},
            call,
        )
        for function, call in (
            (taylor.coefficients, None),
            (taylor.polynomial, lambda **values: taylor.polynomial(**values)(3.0)),
        )
    ),
    Case(
        "remainder_bound",
        taylor.remainder_bound,
        {"f": of_one_number(), "at": one_number(), "order": given(kinds.whole, 1), "to": given(kinds.number, 3.0)},
    ),
    Case(
        "TaylorPolynomial",
        taylor.TaylorPolynomial,
        {"coefficients": given(kinds.vector, np.array([2.0, 0.0, 1.0])), "at": one_number()},
        lambda **values: (lambda p: (p, str(p), p._repr_latex_()))(taylor.TaylorPolynomial(**values)),
    ),
    Case("TaylorPolynomial.__call__", taylor.TaylorPolynomial([2, 0, 1], 3), {"x": at()}),
    Case("TaylorPolynomial.derivative", taylor.TaylorPolynomial([2, 0, 1], 3).derivative, {}),
    Case("TaylorPolynomial.integral", taylor.TaylorPolynomial([2, 0, 1], 3).integral, {"constant": one_number()}),
    Case(
        "linearise",
        taylor.linearise,
        {"f": given(of_kind(kinds.any_function, shape=(2,)), square), "at": given(kinds.places, POINT)},
    ),
    Case("LinearModel.__call__", taylor.linearise(polar, POINT), {"x": given(kinds.places, POINT)}),
    Case("quadratic_model", taylor.quadratic_model, {"f": cost(), "at": given(kinds.places, POINT)}),
    Case("QuadraticModel.__call__", taylor.quadratic_model(bowl, POINT), {"x": given(kinds.places, POINT)}),
    # optimisation
    Case(
        "newton_raphson",
        optimisation.newton_raphson,
        {
            "f": given(of_kind(kinds.function), shifted),
            "start": one_number(),
            "derivative": given(
                of_kind(kinds.function),
                slope_of_square,
                optional=True,
                flagged={
                    **{f"returns {what}": ("not to be had",) for what in ("nan", "a NumPy nan", "complex")},
                    **{f"raises {error}": ("not to be had",) for error in ("ValueError", "ZeroDivisionError")},
                    **{f"raises {error}": ("not to be had",) for error in ("OverflowError", "LinAlgError")},
                    "returns infinity": ("the steps have ended",),
                },
            ),
            "tolerance": given(kinds.positive, 2.0**-30),
            "iterations": given(kinds.whole, 50),
        },
    ),
    Case(
        "bisect",
        optimisation.bisect,
        {
            "f": given(of_kind(kinds.function), shifted),
            "low": given(kinds.number, 1.0),
            "high": given(kinds.number, 2.0),
            "tolerance": given(kinds.positive, 2.0**-30),
        },
    ),
    *(
        Case(
            f"gradient_descent by {method}",
            optimisation.gradient_descent,
            {
                "f": cost(),
                "start": given(kinds.places, POINT),
                "step_size": given(kinds.positive, 0.25, optional=method == "line search", good=("type", "function")),
                "method": given(kinds.name, method, optional=True),
                "momentum": momentum,
                "gradient": given(readers_gradient, slope_of_bowl, optional=True),
                "data": given(kinds.nothing, None, optional=True),
                "batch_size": given(of_kind(kinds.nothing, unwanted=2), None, optional=True),
                "seed": given(kinds.whole, 1),
                "iterations": given(kinds.whole, 200),
                "tolerance": given(kinds.positive, 2.0**-10),
            },
        )
        for method, momentum in {
            "gradient": given(of_kind(kinds.nothing, unwanted=0.5), None, optional=True),
            "momentum": given(kinds.not_negative, 0.5, optional=True),
            "adam": given(kinds.not_negative, 0.5, optional=True),
            "line search": given(of_kind(kinds.nothing, unwanted=0.5), None, optional=True),
        }.items()
    ),
    Case(
        "gradient_descent by batches",
        optimisation.gradient_descent,
        {
            "f": given(of_kind(kinds.function), noisy_bowl),
            "start": at(),
            "step_size": given(
                of_kind(kinds.function),
                lambda k: 0.1 / (1 + k),
                good=("no function but 3", "no function but array(1.)"),
            ),
            "method": given(kinds.name, "momentum", optional=True),
            "momentum": given(kinds.not_negative, 0.5, optional=True),
            "gradient": given(of_kind(kinds.function), lambda x, rows: np.mean(x - rows[:, 0]) * 2, optional=True),
            "data": given(kinds.batches_of, SAMPLES, optional=True),
            "batch_size": given(kinds.positive_whole, 2, optional=True),
            "seed": given(kinds.whole, 1),
            "iterations": given(kinds.whole, 20, good=ASKED_FOR),
            "tolerance": given(kinds.positive, 2.0**-10),
        },
    ),
    Case(
        "newton",
        optimisation.newton,
        {
            "f": cost(),
            "start": given(kinds.places, POINT),
            "gradient": given(readers_gradient, slope_of_bowl, optional=True),
            "hessian": given(
                of_kind(kinds.function, shape=(2, 2), wrong=((3,), (4,))), curvature_of_bowl, optional=True
            ),
            "iterations": given(kinds.whole, 20),
            "tolerance": given(kinds.positive, 2.0**-30),
        },
    ),
    Case(
        "lagrange",
        optimisation.lagrange,
        {
            "f": cost(),
            "constraints": given(
                of_kind(kinds.function, wrong=((3,), (2, 2))),
                line,
                good=("no function but [<built-in function ", "no function but (<built-in function "),
            ),
            "start": given(kinds.vector, POINT),
            "iterations": given(kinds.whole, 20),
            "tolerance": given(kinds.positive, 2.0**-30),
        },
    ),
    # regression
    *(
        Case(
            f"fit_line{words}",
            regression.fit_line,
            {
                "x": given(kinds.bound_vector, X[:, 1]),
                "y": given(kinds.bound_vector, Y),
                "sigma": given(kinds.sigma, errors, optional=True),
                "only_ratios_known": given(kinds.flag, False),
            },
        )
        for words, errors in (("", ERRORS), (" with one error for all", 2.0))
    ),
    Case(
        "fit_linear",
        regression.fit_linear,
        {
            "X": given(kinds.columns, X),
            "y": given(kinds.bound_vector, Y),
            "sigma": given(kinds.sigma, ERRORS, optional=True),
            "only_ratios_known": given(kinds.flag, False),
        },
    ),
    Case(
        "polynomial_columns",
        regression.polynomial_columns,
        {"x": given(kinds.vector, X[:, 1]), "degree": given(kinds.whole, 2)},
    ),
    Case(
        "fit_curve",
        regression.fit_curve,
        {
            "model": given(of_kind(kinds.function, shape=(4,)), model),
            "x": given(kinds.readings_at, X[:, 1]),
            "y": given(kinds.bound_vector, Y),
            "start": given(kinds.bound_vector, POINT),
            "sigma": given(kinds.sigma, ERRORS, optional=True),
            "only_ratios_known": given(kinds.flag, False),
        },
    ),
    Case(
        "least_squares",
        regression.least_squares,
        {
            "residuals": given(of_kind(kinds.function, shape=(3,), wrong=((1,), (2, 2))), misses),
            "start": given(kinds.vector, POINT),
            "jacobian": given(
                of_kind(kinds.function, shape=(3, 2), wrong=((3,), (2, 2))), slopes_of_misses, optional=True
            ),
        },
    ),
    Case("LeastSquares", regression.LeastSquares, {}),
    Case(
        "LeastSquares.add",
        regression.LeastSquares.add,
        {
            "X": given(kinds.columns, X),
            "y": given(kinds.bound_vector, Y),
            "sigma": given(kinds.sigma, ERRORS, optional=True),
        },
        lambda **values: regression.LeastSquares().add(**values),
    ),
    Case(
        "LeastSquares.add, again",
        regression.LeastSquares.add,
        {
            "X": given(kinds.bound_rows, X),
            "y": given(kinds.bound_vector, Y),
            "sigma": given(of_kind(kinds.nothing, unwanted=1.0), None, optional=True),
        },
        lambda **values: summary().add(**values),
    ),
    Case(
        "LeastSquares.merge",
        regression.LeastSquares.merge,
        {"other": given(kinds.summary, summary())},
        lambda other: summary().merge(other),
    ),
    Case(
        "LeastSquares.solve",
        regression.LeastSquares.solve,
        {"only_ratios_known": given(kinds.flag, False)},
        lambda **values: summary().solve(**values),
    ),
    # backprop
    Case(
        "Network",
        backprop.Network,
        {
            "sizes": given(kinds.sizes, (2, 3, 1)),
            "activation": given(kinds.name, "tanh"),
            "output": given(kinds.name, "identity", optional=True),
            "cost": given(kinds.name, "squared error"),
            "seed": given(kinds.whole, 1),
        },
    ),
    Case(
        "Network.forward",
        backprop.Network.forward,
        {"X": given(kinds.rows, SAMPLES)},
        lambda **values: network().forward(**values),
    ),
    *(
        Case(
            f"Network.{name}{words}",
            getattr(backprop.Network, name),
            {"X": given(kinds.bound_rows, SAMPLES), "Y": given(kind, targets)},
            lambda name=name, make=make, **values: getattr(make(), name)(**values),
        )
        for name in ("cost", "gradients")
        for words, make, kind, targets in (
            ("", network, kinds.bound_rows, TARGETS),
            (" of labels", classifier, kinds.labels, CLASSES),
        )
    ),
    Case(
        "Network.train",
        backprop.Network.train,
        {
            "X": given(kinds.bound_rows, SAMPLES),
            "Y": given(kinds.bound_rows, TARGETS),
            "iterations": given(kinds.positive_whole, 20, flagged={label: ("progress asked",) for label in ASKED_FOR}),
            "batch_size": given(kinds.positive_whole, 2, optional=True),
            "step_size": given(kinds.positive, 0.25),
            "seed": given(kinds.whole, 1),
            "tolerance": given(kinds.positive, 2.0**-30),
            "progress": given(kinds.callback, lambda iteration, cost: iteration == 50, optional=True),
        },
        lambda **values: network().train(**values),
    ),
    Case("Network.save", backprop.Network.save, {"path": given(kinds.path, "net.npz")}, saved),
    Case("Network.load", backprop.Network.load, {"path": given(kinds.path, "net.npz")}, saved),
    Case(
        "Network.parameters",
        backprop.Network.parameters.fset,
        {"theta": given(kinds.bound_vector, np.arange(13.0), "parameters")},
        lambda theta: (lambda net: (setattr(net, "parameters", theta), net.parameters))(network()),
    ),
    Case(
        "Network.weights[0] = ...",
        lambda value: None,
        {"value": given(kinds.bound_rows, SAMPLES, "weights[0]")},
        lambda value: (lambda net: (net.weights.__setitem__(0, value), net.parameters))(network()),
    ),
    Case(
        "Network.biases[1] = ...",
        lambda value: None,
        {"value": given(kinds.bound_vector, np.array([2.0]), "biases[1]")},
        lambda value: (lambda net: (net.biases.__setitem__(1, value), net.parameters))(network()),
    ),
    # landscape
    Case(
        "Landscape",
        landscape.Landscape,
        {
            "seed": given(kinds.whole, 1),
            "pits": given(kinds.positive_whole, 2),
            "noise": given(kinds.not_negative, 0.5),
            "valley": given(kinds.positive, 2.0),
        },
        lambda **values: (lambda ground: (ground.deepest, ground.sounding([5, 5], 3)))(landscape.Landscape(**values)),
    ),
    Case("sandpit", landscape.sandpit, {"level": given(kinds.name, "noise"), "seed": given(kinds.whole, 1)}),
    Case("uniform", landscape.uniform, {"seed": given(kinds.whole, 1), "n": given(kinds.whole, 2)}),
    *(
        Case(f"Landscape.{name}{words}", getattr(GROUND, name), {"point": given(kinds.point, where)})
        for name in ("value", "__call__", "gradient")
        for words, where in (("", POINT), (" of rows", SAMPLES))
    ),
    Case("Landscape.sounding", GROUND.sounding, {"point": given(kinds.one_point, POINT), "n": given(kinds.whole, 1)}),
    # data
    *(
        Case(function.__name__, function, {"seed": given(kinds.whole, 1)})
        for function in (
            data.shadow_readings,
            data.spring_lengths,
            data.battery_charge,
            data.kettle_temperatures,
            data.sunflower_heights,
        )
    ),
    Case("read_csv", data.read_csv, {"source": given(kinds.text, TABLE)}),
    # plot
    Case(
        "plot.curve_with_tangent",
        plot.curve_with_tangent,
        {
            "f": of_one_number(),
            "at": one_number(),
            "x": given(kinds.interval, np.array([1.0, 3.0]), optional=True),
            "ax": given(kinds.axes, None, optional=True),
        },
    ),
    Case(
        "plot.contours_with_arrows",
        plot.contours_with_arrows,
        {
            "f": given(of_kind(kinds.function), height),
            "x": given(kinds.interval, np.array([-1.0, 2.0])),
            "y": given(kinds.interval, np.array([-1.0, 2.0])),
            "gradient": given(of_kind(kinds.function, shape=(2,)), slope_of_height, optional=True),
            "arrows": given(kinds.positive_whole, 2),
            "levels": given(kinds.levels, 3),
            "ax": given(kinds.axes, None, optional=True),
        },
    ),
    Case(
        "plot.path_on_contours",
        plot.path_on_contours,
        {
            "f": given(of_kind(kinds.function), height),
            "path": given(kinds.rows, SAMPLES),
            "x": given(kinds.interval, np.array([-1.0, 2.0]), optional=True),
            "y": given(kinds.interval, np.array([-1.0, 2.0]), optional=True),
            "levels": given(kinds.levels, 3),
            "ax": given(kinds.axes, None, optional=True),
        },
    ),
    Case(
        "plot.network",
        plot.network,
        {
            "sizes": given(kinds.sizes, (2, 3, 1), good=("huge", "more than memory holds")),
            "ax": given(kinds.axes, None, optional=True),
        },
    ),
    Case(
        "plot.residuals",
        plot.residuals,
        {
            "x": given(kinds.bound_vector, X[:, 1]),
            "y": given(kinds.bound_vector, Y),
            "model": given(of_kind(kinds.function, shape=(121,), wrong=((3,), (2, 2))), lambda x: 2.0 * x),
            "sigma": given(kinds.sigma, ERRORS, optional=True),
            "ax": given(kinds.axes, None, optional=True),
        },
    ),
]


class Hang(BaseException):
    """It took too long; no `except Exception` on the way can stop it."""


@contextmanager
def time_limit():
    """Raise `Hang` in what runs for more than `LIMIT` seconds."""

    def stop(number, frame):
        raise Hang

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def leaves(answer):
    """The numbers in an answer, as arrays, in their order."""
    if isinstance(answer, np.ndarray | np.generic | int | float):
        yield np.asarray(answer)
    elif isinstance(answer, dict):
        yield from leaves(list(answer.values()))
    elif isinstance(answer, tuple | list):
        for part in answer:
            yield from leaves(part)
    elif isinstance(answer, regression.LeastSquares):
        yield from leaves([answer.rows, np.abs([]) if answer.triangle is None else answer.triangle])
    elif isinstance(answer, backprop.Network):
        yield answer.parameters
    elif isinstance(answer, landscape.Landscape):
        yield answer.value([1.0, 2.0])
    elif isinstance(answer, dual.Dual):
        yield from leaves([answer.value, answer.tangent])
    elif dataclasses.is_dataclass(answer):
        yield from leaves([getattr(answer, part.name) for part in dataclasses.fields(answer)])
    elif hasattr(answer, "get_lines"):
        yield from (drawn.get_xydata() for drawn in answer.get_lines())


def silence(answer):
    """What is not finite in an answer that does not say so, or None."""
    if isinstance(answer, gradient.GradientCheck) and not answer.agrees:
        return None
    reason = getattr(answer, "reason", "")
    if reason and (not answer.converged or "nan" in reason):
        return None
    return next((part for part in leaves(answer) if not np.isfinite(np.asarray(part, float)).all()), None)


def record(values):
    """The arguments, as they can be compared before and after."""
    parts = {}
    for name, value in values.items():
        if isinstance(value, regression.LeastSquares):
            parts[name] = value.rows, value.triangle.tobytes()
        elif isinstance(value, np.ndarray) and value.dtype != object:
            parts[name] = value.shape, value.dtype, value.tobytes()
        elif not callable(value):
            parts[name] = repr(value)
    return parts


def fault(case, name, value, outcome, good_answer):
    """What is wrong with what comes of a bad value, in words, or None."""
    values = {other: argument.value for other, argument in case.arguments.items()} | {name: value}
    named = case.arguments[name].named or name
    before = record(values)
    answer = error = None
    try:
        with time_limit():
            answer = case.run(values)
    except Hang:
        return "hangs"
    except Exception as caught:
        error = caught
    if record(values) != before:
        return "changes an argument"
    if isinstance(error, Warning):
        return f"leaks a warning: {error!r}"
    names = [argument.named or other for other, argument in case.arguments.items()] + ["parameters"]
    refused = isinstance(error, (TypeError, ValueError)) and says(named, error)
    if isinstance(outcome, tuple):  # a special outcome, in words
        text = str(error) if error else getattr(answer, "reason", "")
        return None if outcome[0] in text else f"expected {outcome[0]!r}, got {text!r}"
    if outcome == REFUSED:
        return None if refused else told(error, answer)
    by_any = isinstance(error, (TypeError, ValueError)) and any(says(other, error) for other in [*names, "f"])
    if outcome == MISMATCH:
        return None if by_any or is_readers_own(error) else told(error, answer)
    if outcome == UNTOUCHED and is_readers_own(error):
        return None
    if outcome == PASSES:
        return passes(value, error, names)
    if error:
        return None if outcome == SOUND and (by_any or is_readers_own(error)) else told(error, answer)
    if (part := silence(answer)) is not None:
        return f"answers in silence with {part!r:.60}"
    if outcome in (SAME, UNTOUCHED) and not alike(answer, good_answer):
        return f"gives another answer: {answer!r:.60}"
    return None


def says(name, error):
    """Whether a message begins with a name, or with a part of it, such as sizes[0] or step_size(3)."""
    return re.match(
        rf"({re.escape(name)}(\[\S+\]|\(\d+\))*|\w+, {re.escape(name)}|{re.escape(name)}, \w+): \S", str(error)
    )


def is_readers_own(error):
    """Whether an error comes from a line of the reader's function, which could not work with what it got."""
    traceback = error and error.__traceback__
    while traceback and traceback.tb_next:
        traceback = traceback.tb_next
    code = traceback and traceback.tb_frame.f_code
    return code in [f.__code__ for f in READERS] or (code and code.co_name == "readers_line")


def told(error, answer):
    return f"raises {error!r:.150}" if error else f"answers {answer!r:.60}"


def passes(f, error, names):
    """Whether the error of a reader's function came out, with the way to the reader's line."""
    if not hasattr(f, "error"):  # Python's own words
        clear = isinstance(error, TypeError) and ("takes 0" in str(error) or any(says(name, error) for name in names))
        return None if clear else told(error, None)
    if not f.raised:
        return None if error is None else told(error, None)
    if error is None:
        return "swallows the reader's error"
    own = error if error is f.error else error.__cause__
    if own is not f.error or (own is not error and not any(says(name, error) for name in [*names, "f"])):
        return f"does not let the reader's error through: {error!r:.100}"
    traceback = own.__traceback__
    while traceback.tb_next:
        traceback = traceback.tb_next
    return None if traceback.tb_frame.f_code.co_name == "readers_line" else "loses the way to the reader's line"


def alike(answer, good_answer):
    """Whether two answers hold the same numbers, but for the rounding of another order of sums."""
    pairs = zip(leaves(answer), leaves(good_answer), strict=True)
    return all(np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True) for a, b in pairs)


@pytest.fixture(autouse=True)
def a_place_to_work(tmp_path, monkeypatch):
    """Files go into a folder of the test's own, and figures go away."""
    monkeypatch.chdir(tmp_path)
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


TRIED = [(case, name) for case in CASES for name in case.arguments]


@pytest.mark.parametrize(("case", "name"), TRIED, ids=[f"{case.name}: {name}" for case, name in TRIED])
def test_bad_input_is_refused_or_flagged(case, name):
    import matplotlib.pyplot as plt

    good_answer = case.run({other: argument.value for other, argument in case.arguments.items()})
    assert silence(good_answer) is None
    argument, faults = case.arguments[name], []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for label, value, outcome in argument.bad_values():
            if what := fault(case, name, value, outcome, good_answer):
                faults.append(f"{label}: {what}")
            plt.close("all")
    assert not faults, f"{len(faults)} faults of {case.name}, {name}:\n" + "\n".join(faults)


# What is bad only as a whole: each part alone would do

AT = np.array([0.0, 1.0, 2.0, 3.0])
SCENARIOS = {
    "singular: a column twice another": (
        lambda: regression.fit_linear([[1, 2], [2, 4], [3, 6]], [1, 2, 3]),
        "do not determine",
    ),
    "rank-deficient: fewer rows than columns": (
        lambda: regression.LeastSquares().add([[1, 2, 3]], [4]).solve(),
        "do not determine",
    ),
    "rank-deficient: a column of zeros": (
        lambda: regression.fit_linear([[1, 0], [2, 0], [3, 0]], [1, 2, 3], sigma=1),
        "the data do not determine parameter 1",
    ),
    "all readings at one place": (lambda: regression.fit_line([2, 2, 2], [1, 3, 5]), "do not determine"),
    "unidentifiable model": (
        lambda: regression.fit_curve(lambda x, a, b: a * b * x, AT, 2 * AT, start=[1, 1]),
        "do not determine a, b",
    ),
    "unidentifiable residuals": (
        lambda: regression.least_squares(lambda theta: (theta[0] - theta[1]) * AT - 1, start=[1, 2]),
        "do not determine",
    ),
    "parameter without effect": (
        lambda: regression.fit_curve(lambda x, a, b: a * x + 0 * b, AT, 2 * AT, start=[1, 1]),
        "do not determine b",
    ),
    "flat start of a fit": (
        lambda: regression.fit_curve(lambda x, a: a**2 * x, AT, 2 * AT, start=[0]),
        "do not determine a",
    ),
    "more parameters than readings": (lambda: regression.fit_curve(model, [1], [2], start=[1, 1]), "start: "),
    "no reading left for the errors": (lambda: regression.fit_line([0, 1], [1, 3]), "they are nan"),
    "no readings at all": (lambda: regression.LeastSquares().solve(), "LeastSquares: expected rows"),
    "same-sign bracket": (
        lambda: optimisation.bisect(lambda x: x**2 + 1, -1, 1),
        "low, high: expected f to have opposite",
    ),
    "reversed bracket": (lambda: optimisation.bisect(shifted, 2, 1), "high: expected a number above low"),
    "pole in a bracket": (lambda: optimisation.bisect(lambda x: 1 / (x - 0.3), 0, 1), "pole"),
    "jump in a bracket": (lambda: optimisation.bisect(lambda x: 1.0 if x > 0.3 else -1.0, 0, 1), "jumps"),
    "flat start": (lambda: optimisation.newton_raphson(shifted, 0), "level"),
    "no root": (lambda: optimisation.newton_raphson(lambda x: x**2 + 1, 0.5), ""),
    "start on a peak": (lambda: optimisation.gradient_descent(np.cos, 0, 0.1), "maximum"),
    "start on a saddle": (lambda: optimisation.newton(lambda x: x[0] ** 2 - x[1] ** 2, [0, 0]), "saddle"),
    "level everywhere": (lambda: optimisation.gradient_descent(lambda x: 3.0 + 0 * x, 1, 0.1), "vanishes at the start"),
    "level everywhere, by Newton": (lambda: optimisation.newton(lambda x: 3.0 + 0 * x, 1), "vanishes at the start"),
    "no lowest point": (lambda: optimisation.gradient_descent(lambda x: -(x**4), 1, 0.1), "falls without end"),
    "step too long": (lambda: optimisation.gradient_descent(bowl, POINT, 1.5), "the step is too long"),
    "not a gradient": (
        lambda: optimisation.gradient_descent(bowl, POINT, gradient=lambda x: 1 - x),
        "not the gradient",
    ),
    "non-scalar cost": (lambda: gradient.gradient(np.square)(POINT), "f: expected one number"),
    "cost without its input": (lambda: gradient.gradient(lambda x: "high")(POINT), "f: "),
    "vertical tangent": (lambda: gradient.derivative(np.sqrt)(0), "f: expected finite slopes"),
    "singular matrix in f": (
        lambda: gradient.gradient(lambda x: np.sum(np.linalg.solve(np.ones((2, 2)) * x[0], x)))(POINT),
        "f: expected finite values and slopes",
    ),
    "math.sin in f": (lambda: gradient.gradient(lambda x: math.sin(x[0]))(POINT), "f: "),
    "np.array in f": (lambda: gradient.jacobian(lambda x: np.array([x[0], x[1]]))(POINT), "f: "),
    "no direction": (lambda: gradient.directional_derivative(bowl)(POINT, [0, 0]), "v: expected a direction"),
    "kink": (lambda: slope.richardson(abs, 0), "kink"),
    "kink in a series": (lambda: taylor.coefficients(abs, 0, 2), "f: expected a function that has a Taylor series"),
    "pole on the way": (lambda: taylor.remainder_bound(lambda x: 1 / x, -1, 2, 1), "f: "),
    "step lost in rounding": (lambda: slope.forward_difference(square, 1e17, 1), "step: expected a step that moves"),
    "constraints that contradict each other": (
        lambda: optimisation.lagrange(bowl, lambda x: [x[0] - 1, x[0] - 2], POINT),
        "may contradict each other",
    ),
    "a constraint whose slope vanishes": (
        lambda: optimisation.lagrange(lambda x: x[0], lambda x: x[1] ** 2 - x[0] ** 3, [1, 1]),
        "the slopes of the constraints vanish",
    ),
    "more constraints than numbers": (
        lambda: optimisation.lagrange(bowl, lambda x: [x[0], x[1], x[0] - x[1]], POINT),
        "constraints: expected at most",
    ),
    "training that runs away": (lambda: network().train(SAMPLES, TARGETS, step_size=1e200), "not finite"),
    "parameters that overflow": (
        lambda: (lambda net: (setattr(net, "parameters", np.full(13, 1e308)), net.gradients(SAMPLES, TARGETS)))(
            network()
        ),
        "parameters: expected",
    ),
    "one class": (lambda: mmlbook.Network((2, 1), cost="cross-entropy"), "sizes: expected at least two classes"),
}


@pytest.mark.parametrize(("call", "words"), SCENARIOS.values(), ids=SCENARIOS)
def test_what_cannot_be_answered_is_said(call, words):
    with warnings.catch_warnings(), time_limit():
        warnings.simplefilter("error")
        try:
            answer = call()
        except (TypeError, ValueError) as error:
            assert words in str(error) and ": " in words
        else:
            assert words in answer.reason and answer.reason
            assert not answer.converged or "nan" in words


# Nothing is left out

MADE_BY_US = "a result: made by the package, never by the reader"
UNCHECKED = {
    "Fit": MADE_BY_US,
    "Gradients": MADE_BY_US,
    "GradientCheck": MADE_BY_US,
    "LinearModel": MADE_BY_US,
    "Pit": MADE_BY_US,
    "QuadraticModel": MADE_BY_US,
    "SlopeEstimate": MADE_BY_US,
    "Training": MADE_BY_US,
    "value_and_tangent": "the layer beneath `mmlbook.gradient`, which checks for it",
    "as_array": "the layer beneath `mmlbook.gradient`, which checks for it",
    "value_and_gradients": "the layer beneath `mmlbook.gradient`, which checks for it",
    "value_and_pull_back": "the layer beneath `mmlbook.gradient`, which checks for it",
}
MODULES = re.findall(r"mmlbook\.(\w+)", mmlbook.__doc__)
# Not `Dual`, whose methods are NumPy's: what they are given is checked where it meets a rule
CLASSES_WITH_METHODS = [backprop.Network, landscape.Landscape, regression.LeastSquares]
CLASSES_WITH_METHODS += [taylor.TaylorPolynomial, taylor.LinearModel, taylor.QuadraticModel]
TRIED_CALLABLES = {getattr(case.signed, "__func__", case.signed) for case in CASES}


def public(module):
    """The public callables of a module: what it offers from others, and what it defines."""
    names = getattr(module, "__all__", None)
    for name, thing in vars(module).items():
        offered = name in names if names else getattr(thing, "__module__", "") == module.__name__
        if offered and callable(thing) and not name.startswith("_"):
            yield name, thing


def test_every_public_name_is_tried():
    everything = {name: getattr(mmlbook, name) for name in mmlbook.__all__}
    for name in MODULES:
        everything |= dict(public(importlib.import_module(f"mmlbook.{name}")))
    left_out = [name for name, thing in everything.items() if thing not in TRIED_CALLABLES and name not in UNCHECKED]
    assert left_out == []
    assert len(MODULES) >= 11 and len(everything) >= 60
    assert [name for name in UNCHECKED if name not in everything] == []


def test_every_public_method_is_tried():
    for kind in CLASSES_WITH_METHODS:
        tried = {
            getattr(case.signed, "__name__", type(case.signed).__name__) for case in CASES if kind.__name__ in case.name
        }
        methods = {
            name for name, thing in vars(kind).items() if callable(getattr(kind, name)) and not name.startswith("_")
        }
        assert methods - {"pits"} <= tried, kind
        assert "__call__" not in vars(kind) or any(case.name.startswith(f"{kind.__name__}.__call__") for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_every_parameter_is_tried(case):
    parameters = inspect.signature(case.signed).parameters.values()
    names = [p.name for p in parameters if p.name != "self" and p.kind is not p.VAR_POSITIONAL]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        assert names == [] and case.arguments
    else:
        assert names == list(case.arguments)
    for p in parameters:
        if p.name in case.arguments:
            assert case.arguments[p.name].optional == (p.default is None) or p.name in NOT_NONE


NOT_NONE = ("step_size", "output")


BADNESS = {  # the kinds of the issue and more, each with the labels under which they are tried
    "NaN": "nan",
    "infinity": "infinity",
    "empty": "empty list|empty array|no rows|no columns",
    "wrong shape": "another shape|one dimension too many|two numbers|three coordinates",
    "too many dimensions": "too many dimensions",
    "whole numbers where floats are usual": "whole",
    "complex": "complex",
    "string": "string",
    "bytes": "bytes",
    "None": "None",
    "object array": "object array",
    "boolean": "boolean",
    "ragged list": "ragged list",
    "generator": "generator",
    "dict and set": "dict|set",
    "huge whole number": "huge whole number",
    "fraction and decimal": "fractions|decimals",
    "date": "datetime64",
    "masked entry": "masked entry",
    "record array": "record array",
    "mismatched lengths": "one too many|a row too few",
    "zero, negative or nan sigma": "zero for all|one that is negative",
    "wrong step or tolerance": "negative zero",
    "order too large, negative or a fraction": "huge|too small|fraction",
    "extremes of the range": "all 1e[+]308|all 1e-308",
    "short and long floats": "float16|float32|long double",
    "0-d array": "0-d array",
    "array-like of another library": "with __array__",
    "read-only array": "read-only",
    "other layout in memory": "Fortran order|every second entry|other byte order",
    "unknown name": "'bogus'",
    "no function": "no function but",
    "function that raises": "raises ReadersError",
    "function that raises later": "raises after 3 calls",
    "function that returns no number": "returns a string",
    "function that turns nan": "returns nan after 3 calls",
    "function that writes into its input": "overwrites its input",
    "singular": "singular: .*",
    "rank-deficient": "rank-deficient: .*",
    "unidentifiable model": "unidentifiable model",
    "same-sign bracket": "same-sign bracket",
    "pole in a bracket": "pole in a bracket",
    "flat start": "flat start",
    "non-scalar cost": "non-scalar cost",
}


def test_the_kinds_of_badness_are_all_there():
    labels = {bad[0] for case in CASES for argument in case.arguments.values() for bad in argument.bad_values()}
    labels |= set(SCENARIOS)
    missing = [
        kind
        for kind, words in BADNESS.items()
        for word in words.split("|")
        if not any(re.match(word, label) for label in labels)
    ]
    assert missing == []
    assert len(BADNESS) >= 20
    assert (
        len(
            {
                argument.kind.func if hasattr(argument.kind, "func") else argument.kind
                for case in CASES
                for argument in case.arguments.values()
            }
        )
        >= 20
    )
