"""The package against values that this project did not make.

They lie beside the project, in ../shared/reference-data, or where MMLBOOK_REFERENCE_DATA points; where they are not,
these tests say so and are skipped. Each docstring states how near is near enough. The modules in
tests/reference_data translate the problems into Python.
"""

import base64
import re
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from mmlbook.constrained import lagrange
from mmlbook.csv_table import rows_of_text
from mmlbook.curve_fitting import fit_curve, least_squares
from mmlbook.data import read_csv
from mmlbook.gradient import derivative, gradient
from mmlbook.regression import LeastSquares, fit_line, fit_linear
from mmlbook.roots import bisect, newton_raphson
from tests.exact_least_squares import digits
from tests.reference_data import (
    constrained,
    csv,
    identities,
    load,
    networks,
    nist_linear,
    nist_nonlinear,
    roots,
    taylor,
)
from tests.reference_data import more_garbow_hillstrom as mgh


def problem(file, name):
    """The problem of a file that goes by a name."""
    return next(problem for problem in load(file) if name in (problem.get("name"), problem.get("dataset")))


# Taylor coefficients from mpmath at 80 digits, in ../shared/reference-data.


def test_taylor_coefficients():
    """All 12 functions to order 14 within 1e-12, relative, or absolute where the coefficient is 0."""
    cases = load("taylor_coefficients")
    assert len(cases) == 12
    for case in cases:
        exact = [float(Fraction(text)) for text in case["coefficients"]]
        got = taylor.series_of(case["f"], float(Fraction(case["a"])), len(exact) - 1)
        relative, absolute = taylor.relative_miss(got, exact)
        assert relative <= 1e-12 and absolute <= 1e-12, (case["f"], relative, absolute)


# Derivatives of 702 functions from tables of integrals, by forward and by reverse mode.


def test_derivative_identities():
    """At least 690 of 702, within 1e-12 times the condition of the point; forward equals reverse to 1e-13 of it."""
    data = load("derivative_identities")
    assert len(data) == 702
    verdicts = {
        number: identities.verdict(number, identity, (derivative, gradient)) for number, identity in enumerate(data)
    }
    failed = {number: complaints for number, complaints in verdicts.items() if complaints}
    assert failed.keys() == identities.EXCEPTIONS.keys(), failed
    assert all("got nan as f(x)" in complaint for complaints in failed.values() for complaint in complaints)
    assert len(data) - len(failed) >= 690


# The gradients of networks, against PyTorch and JAX.


@pytest.mark.parametrize("number", range(6))
def test_network_gradients(number):
    """Outputs, cost and every derivative to 1e-12, once our sum over the outputs is made a mean."""
    cases = load("nn_gradients")
    assert len(cases) == 6
    case = cases[number]
    network, k = networks.network(case), networks.factor(case)
    gradients = network.gradients(case["X"], case["y"])
    near = {"rtol": 1e-12, "atol": 1e-12}
    np.testing.assert_allclose(network.forward(case["X"]), networks.outputs(case), **near)
    np.testing.assert_allclose([gradients.cost, network.cost(case["X"], case["y"])], k * case["loss"], **near)
    np.testing.assert_allclose(gradients.inputs, k * np.array(case["grad_X"]), **near)
    for ours, theirs in zip(gradients.weights + gradients.biases, case["grad_W"] + case["grad_b"], strict=True):
        np.testing.assert_allclose(ours, k * np.array(theirs), **near)


# Root-finding problems of Alefeld, Potra and Shi, in ../shared/reference-data.


def test_newton_raphson_from_the_given_start():
    """At least 60 of 77 roots, with the exact derivative of f as it stands; the rest flagged."""
    cases = load("roots_aps")
    counts = Counter(roots.verdict(newton_raphson(roots.function(case), case["x0"]), case) for case in cases)
    assert counts["false"] == 0 and counts["found"] >= 60 and counts.total() == 77, counts


def test_bisect_in_the_given_bracket():
    """At least 76 of 77 roots; the rest flagged (a function that is 0 to rounding on a whole stretch)."""
    cases = load("roots_aps")
    counts = Counter(roots.verdict(bisect(roots.function(case), *case["bracket"]), case) for case in cases)
    assert counts["false"] == 0 and counts["found"] >= 76 and counts.total() == 77, counts


# Minima under constraints against the collection of Hock and Schittkowski.


def test_hock_schittkowski():
    """From the given starts: KKT residual 1e-8 on all, minimum and multipliers to 6 digits on the regular ones."""
    solved = 0
    for problem in constrained.problems():
        answer = lagrange(problem.f, problem.functions(), problem.start)
        assert answer.converged, f"{problem.name}: {answer.reason}"
        assert problem.residual(answer.x, answer.multipliers) < 1e-8, problem.name
        assert abs(answer.value - problem.lowest) < 1e-9 * max(1, abs(problem.lowest)), problem.name
        assert answer.verdict == ("undecided" if problem.name in constrained.SINGULAR else "minimum"), problem.name
        if problem.name not in constrained.SINGULAR:
            size = np.maximum(np.abs(problem.multipliers), 1)
            assert np.all(np.abs(answer.multipliers - problem.multipliers) < 1e-6 * size), problem.name
        solved += 1
    assert solved >= 11


# The linear problems of NIST: certified parameters and standard errors.


def test_nist_linear_is_complete():
    """All six problems are in the table of the tests."""
    assert [problem["dataset"] for problem in load("nist_linear")] == nist_linear.NAMES


@pytest.mark.parametrize("name", nist_linear.NAMES)
def test_nist_linear(name):
    """`fit_linear`: 9 digits of every parameter and standard error, 7 for Wampler4; where 0 is certified, absolute."""
    data = problem("nist_linear", name)
    fit = fit_linear(*nist_linear.columns(data))
    assert fit.converged and fit.degrees_of_freedom == data["residual_df"]
    wanted = nist_linear.DIGITS.get(name, 9)
    assert digits(fit.parameters, nist_linear.certified(data, "value")) >= wanted
    assert digits(fit.parameters, data["exact_beta_50digits"]) >= wanted
    assert digits(fit.standard_errors, nist_linear.certified(data, "stderr")) >= wanted
    assert digits([fit.residual_standard_deviation], [data["residual_sd"]]) >= wanted
    assert digits([fit.chi_squared], [data["residual_ss"]]) >= wanted


@pytest.mark.parametrize("name", nist_linear.NAMES)
def test_nist_linear_from_the_summary(name):
    """`LeastSquares`, fed in two parts, has no second look at the data: 8.5 digits, 7 for Wampler4."""
    data = problem("nist_linear", name)
    X, y = nist_linear.columns(data)
    fit = LeastSquares().add(X[:9], y[:9]).merge(LeastSquares().add(X[9:], y[9:])).solve()
    wanted = nist_linear.DIGITS.get(name, 8.5)
    assert fit.converged and fit.degrees_of_freedom == data["residual_df"]
    assert digits(fit.parameters, nist_linear.certified(data, "value")) >= wanted
    assert digits(fit.standard_errors, nist_linear.certified(data, "stderr")) >= wanted


def test_nist_linear_line():
    """`fit_line` on Norris: 12 digits."""
    data = problem("nist_linear", "Norris")
    X, y = nist_linear.columns(data)
    fit = fit_line(X[:, 1], y)
    assert digits(fit.parameters, nist_linear.certified(data, "value")) >= 12
    assert digits(fit.standard_errors, nist_linear.certified(data, "stderr")) >= 12


# The non-linear problems of NIST: certified parameters and standard errors, from the far start and the near one.


def test_nist_nonlinear_is_complete():
    """All thirteen problems are in the table of the tests."""
    assert [problem["dataset"] for problem in load("nist_nonlinear")] == nist_nonlinear.NAMES


@pytest.mark.parametrize("start", nist_nonlinear.STARTS)
@pytest.mark.parametrize("name", nist_nonlinear.NAMES)
def test_nist_nonlinear(name, start):
    """`fit_curve`: converged, 7.5 digits of every parameter, 4 of every standard error; of chi-squared 9."""
    data = problem("nist_nonlinear", name)
    fit = fit_curve(nist_nonlinear.model(data), *nist_nonlinear.readings(data), np.array(data[start], dtype=float))
    assert fit.converged, fit.reason
    assert fit.rank == len(fit.parameters) and fit.degrees_of_freedom == data["n"] - fit.rank
    assert digits(fit.parameters, nist_nonlinear.certified(data, "value")) >= 7.5
    assert digits(fit.standard_errors, nist_nonlinear.certified(data, "stderr")) >= 4
    assert digits([fit.chi_squared], [data["residual_ss"]]) >= 9
    assert digits([fit.residual_standard_deviation], [data["residual_sd"]]) >= 9


# The problems of Moré, Garbow and Hillstrom: the published minimum from the given start.


def test_mgh_is_complete():
    """All eighteen problems are in the table of the tests."""
    assert [problem["name"] for problem in load("mgh_unconstrained")] == list(mgh.PROBLEMS)


@pytest.mark.parametrize("name", mgh.PROBLEMS)
def test_mgh(name):
    """`least_squares`: the minimum to 1e-9, or 1e-20 where it is 0; as published; converged if it is a point."""
    data = problem("mgh_unconstrained", name)
    f = mgh.residuals(data)
    assert np.sum(f(mgh.start(data)) ** 2) == pytest.approx(float(data["f_at_x0"]), rel=1e-12)
    fit = least_squares(f, mgh.start(data))
    assert fit.chi_squared == pytest.approx(mgh.minimum(data), rel=1e-9, abs=1e-20)
    assert fit.chi_squared == pytest.approx(data["f_published"][0], rel=1e-5, abs=1e-20)
    assert fit.reason.startswith(mgh.PROBLEMS[name]) and fit.converged == (mgh.PROBLEMS[name] == mgh.CONVERGED)
    if mgh.point(data) is not None:
        np.testing.assert_allclose(np.sort(fit.parameters), mgh.point(data), rtol=1e-7, atol=1e-7)


# Twenty-five CSV files with the rows that they stand for.


def test_csv_rows():
    """`rows_of_text`: the expected rows of all 22 files that are CSV; the other three are refused."""
    files = load("csv_files")
    assert len(files) == 25
    for file in files:
        text = base64.b64decode(file["base64"]).decode()
        if file["name"] in csv.BROKEN:
            assert file["expected"] is None
            with pytest.raises(ValueError, match=r"^source: line 2, field 2: expected "):
                rows_of_text(text)
        else:
            rows = [fields for _, fields in rows_of_text(text)]
            if file["expected"] is not None:
                assert csv.as_expected(file["name"], rows) == file["expected"], file["name"]


def test_csv_tables(tmp_path):
    """`read_csv`: the 6 files that are tables of numbers are read, and the other 19 refused with the place."""
    read = []
    for file in load("csv_files"):
        path = tmp_path / file["name"]
        path.write_bytes(base64.b64decode(file["base64"]))
        if file["name"] in csv.NO_TABLE:
            with pytest.raises(ValueError, match="^source: " + re.escape(csv.NO_TABLE[file["name"]])):
                read_csv(path)
        else:
            table = read_csv(path)
            names = ["foo", "bar", "baz"][: len(table)]
            assert {name: list(values) for name, values in table.items()} == {
                name: [number] for name, number in zip(names, [1.0, 2.0, 3.0], strict=False)
            }
            read.append(file["name"])
    assert len(read) == 6
