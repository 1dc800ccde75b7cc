"""Dual numbers: every operation against measured slopes, exact examples, nesting, refusals."""

import copy
import importlib
import math
import operator

import numpy as np
import pytest

from mmlbook.dual import Dual, as_array, value_and_tangent
from mmlbook.levels import new_level
from mmlbook.rules import DERIVATIVE, PARTIALS
from mmlbook.tape import value_and_pull_back

DRAW = np.random.default_rng(5)
VECTOR = np.array([0.91, 0.62, 1.43, 1.08, 0.77, 1.29])
SHORT = DRAW.uniform(0.5, 1.5, 3)
MATRIX = DRAW.uniform(0.5, 1.5, (3, 4))
SQUARE = DRAW.uniform(-1, 1, (3, 3)) + 3 * np.eye(3)
STACK = DRAW.uniform(0.5, 1.5, (2, 3, 4))
SQUARES = DRAW.uniform(-1, 1, (2, 3, 3)) + 3 * np.eye(3)
ONE = 0.7
MASK = np.array([True, False, True, True, False, False])
WEIGHTS = DRAW.uniform(-1, 1, (3, 4))

# What the functions are given, and what they return, in NumPy alone
OPERATIONS = {
    "x + 2": (lambda x: x + 2, VECTOR),
    "2 + x": (lambda x: 2 + x, VECTOR),
    "x - y": (lambda x: x - SHORT, ONE),
    "y - x": (lambda x: SHORT - x, SHORT),
    "x * y wider": (lambda x: x * MATRIX.T, SHORT),
    "x * y wider stack": (lambda x: STACK * x, MATRIX),
    "one with array": (lambda x: x * MATRIX + x, ONE),
    "one over array": (lambda x: MATRIX / x, ONE),
    "array over one": (lambda x: x / 3.0, MATRIX),
    "entries with arrays": (lambda x: x[0] + x[1] * MATRIX - WEIGHTS / x[2], SHORT),
    "column times row": (lambda x: x[:, None] * x[None, :], SHORT),
    "plus of a row": (lambda x: np.add(x, np.ones((3, 3))), SHORT),
    "both wide": (lambda x: x[:, :1] * x[:1, :] / x[1:2], MATRIX),
    "x * list": (lambda x: x * [1.0, 2.0, 3.0] + [1, 2, 3], SHORT),
    "x ** 2": (lambda x: x**2, VECTOR),
    "x ** 3.5": (lambda x: x**3.5, VECTOR),
    "2 ** x": (lambda x: 2**x, VECTOR),
    "x ** x": (lambda x: x**x, VECTOR),
    "1 / x": (lambda x: 1 / x, VECTOR),
    "-abs(x)": (lambda x: -abs(-x) + +x * x, VECTOR),
    "x % y": (lambda x: (3 * x) % 1.3 + 7.0 % x, VECTOR),
    "x // y": (lambda x: x * ((3 * x) // 1) + x * (7 // x), VECTOR),
    "x.round": (lambda x: x * x.round() + x[0] * round(10 * x[1]), VECTOR),
    "x[x.argsort()]": (lambda x: x[x.argsort()] * np.arange(6), VECTOR),
    "maximum": (lambda x: np.maximum(x, 1.0) * np.minimum(x, x[::-1]), VECTOR),
    "hypot": (lambda x: np.hypot(x, 2.0) + np.arctan2(x, x[::-1]), VECTOR),
    "where": (lambda x: np.where(MASK, x**2, 3.0), VECTOR),
    "where both": (lambda x: np.where(x > 1, x**2, 1 / x), VECTOR),
    "where wide": (lambda x: np.where(MATRIX > 1, x[:, None], x[0]), SHORT),
    "where one": (lambda x: np.where(x > 0, x**2, 0.0), ONE),
    "where constants": (lambda x: np.where(MASK, 1.0, x), VECTOR),
    "clip": (lambda x: np.clip(x, 0.7, 1.2) + x.clip(0.85) + np.clip(x, None, x[0]), VECTOR),
    "slices": (lambda x: x[1:] * x[:-1], VECTOR),
    "rows": (lambda x: x[1] * x[-1] + x[..., 0][0], MATRIX),
    "slices of a matrix": (lambda x: x[1:, ::2] * x[:-1, 1::2], MATRIX),
    "new axes": (lambda x: x[:, None, :] * x[None], MATRIX),
    "chosen entries": (lambda x: x[[0, 2, 2, 5]], VECTOR),
    "chosen by mask": (lambda x: x[MASK], VECTOR),
    "chosen columns": (lambda x: x[:, [1, 1, 3]], MATRIX),
    "chosen apart": (lambda x: x[[0, 1], :, [2, 3]], STACK),
    "chosen pairs": (lambda x: x[[0, 1, 2], [3, 2, 1]], MATRIX),
    "chosen by NumPy's integer": (lambda x: x[np.argmax(x)] * x, VECTOR),
    "loop": (lambda x: sum(part**2 for part in x), VECTOR),
    "rows in a loop": (lambda x: sum(part[0] * part for part in x), MATRIX),
    "sum": (lambda x: np.sum(x**2), MATRIX),
    "sum axis 0": (lambda x: x.sum(axis=0), MATRIX),
    "sum axis -1 kept": (lambda x: x / x.sum(axis=-1, keepdims=True), MATRIX),
    "sum of two axes": (lambda x: np.sum(x, axis=(0, 2)), STACK),
    "sum of one number": (lambda x: np.sum(x) + np.mean(x) + np.prod(x) + np.max(x), ONE),
    "mean": (lambda x: np.mean(x**2) + x.mean(), MATRIX),
    "mean axis": (lambda x: np.mean(x, axis=1, keepdims=True) * x.mean(0), MATRIX),
    "var": (lambda x: np.var(x) + x.var(axis=0), MATRIX),
    "std": (lambda x: np.std(x, axis=1, ddof=1) + x.std(), MATRIX),
    "prod": (lambda x: np.prod(x), VECTOR),
    "prod axis": (lambda x: x.prod(axis=1) + np.prod(x, axis=0, keepdims=True).sum(), MATRIX),
    "prod with a zero": (lambda x: np.prod(x - x[0]) + np.prod((x - 1.0) * np.array([0, 1, 1])), SHORT),
    "prod of two axes": (lambda x: np.prod(x, axis=(0, -1)), STACK),
    "prod of all": (lambda x: np.prod(x, keepdims=True), STACK),
    "cumsum": (lambda x: np.cumsum(x**2), VECTOR),
    "cumsum axis": (lambda x: np.cumsum(x, axis=1) * x.cumsum(axis=0), MATRIX),
    "cumsum of all": (lambda x: np.cumsum(x), MATRIX),
    "cumprod": (lambda x: np.cumprod(x), VECTOR),
    "cumprod axis": (lambda x: x.cumprod(axis=0) + np.cumprod(x, axis=-1), MATRIX),
    "cumprod of all": (lambda x: np.cumprod(x), MATRIX),
    "diff": (lambda x: np.diff(x**2), VECTOR),
    "diff twice": (lambda x: np.diff(x**2, n=2, axis=0), MATRIX),
    "max": (lambda x: np.max(x) * x.min(), VECTOR),
    "max axis": (lambda x: np.max(x, axis=0) + x.min(axis=1, keepdims=True), MATRIX),
    "max of two axes": (lambda x: np.max(x, axis=(0, 1)), STACK),
    "ptp": (lambda x: np.ptp(x, axis=1), MATRIX),
    "sort": (lambda x: np.sort(x) * np.arange(6), VECTOR),
    "sort axis": (lambda x: np.sort(x, axis=0) * WEIGHTS, MATRIX),
    "sort all": (lambda x: np.sort(x, axis=None), MATRIX),
    "reshape": (lambda x: x.reshape(2, -1) * np.reshape(x, (2, 3)), VECTOR),
    "reshape in columns": (lambda x: np.reshape(x, (4, 3), order="F"), MATRIX),
    "reshape one": (lambda x: np.reshape(x, (1, 1)), ONE),
    "ravel": (lambda x: np.ravel(x) * x.flatten(), MATRIX),
    "transpose": (lambda x: x.T @ x.transpose(0, 1), MATRIX),
    "transpose axes": (lambda x: np.transpose(x, (2, 0, 1)) * x.transpose((2, 0, -2)), STACK),
    "swapaxes": (lambda x: np.swapaxes(x, 0, 2) * x.swapaxes(-3, -1), STACK),
    "moveaxis": (lambda x: np.moveaxis(x, 0, -1) * np.moveaxis(x, (0, 1), (2, 0)), STACK),
    "expand and squeeze": (lambda x: np.squeeze(np.expand_dims(x, 1), 1) * np.expand_dims(x, -1).squeeze(), VECTOR),
    "atleast": (lambda x: np.atleast_1d(x) * np.atleast_2d(x), ONE),
    "broadcast_to": (lambda x: np.broadcast_to(x, (2, 3)) * np.broadcast_to(x[0], 3), SHORT),
    "concatenate": (lambda x: np.concatenate([x, [1.0, 2.0], x**2]), VECTOR),
    "concatenate axis": (lambda x: np.concatenate([x, WEIGHTS, x[:, :1]], axis=1), MATRIX),
    "stack": (lambda x: np.stack([x[0] ** 2, 3.0, x[1] * x[2]]), SHORT),
    "stack axis": (lambda x: np.stack([x, np.ones(3)], axis=1), SHORT),
    "stack of one": (lambda x: np.stack([x, 2.0 * x]), ONE),
    "vstack hstack": (lambda x: np.vstack([x, x**2]) + np.hstack([x, x[:1]])[:3], SHORT),
    "column_stack": (lambda x: np.column_stack([x, np.ones(3), x**2]), SHORT),
    "flip and roll": (lambda x: np.flip(x) * np.roll(x, 2) * x[::-1], VECTOR),
    "flip and roll axis": (lambda x: np.flip(x, axis=0) * np.roll(x, 1, axis=1), MATRIX),
    "tile": (lambda x: np.tile(x, 2) * np.tile(x, (2, 2)), SHORT),
    "repeat": (lambda x: np.repeat(x, 2) * x.repeat(2), SHORT),
    "repeat axis": (lambda x: np.repeat(x, [1, 0, 2], axis=0), MATRIX),
    "take": (lambda x: np.take(x, [[0, 2], [2, 1]]) + x.take([0, 1]), SHORT),
    "take axis": (lambda x: np.take(x, [1, 1], axis=1), MATRIX),
    "diagonal": (lambda x: np.diagonal(x, 1) * np.diag(x)[:2] + x.trace(), SQUARE),
    "trace": (lambda x: np.trace(x @ x) + np.trace(x, 1), SQUARE),
    "diag": (lambda x: np.diag(x) @ SQUARE + np.diag(x[:2], 1), SHORT),
    "x @ y": (lambda x: x @ x, VECTOR),
    "A @ x": (lambda x: WEIGHTS.T @ x, SHORT),
    "x @ A": (lambda x: x @ WEIGHTS, SHORT),
    "X @ v": (lambda x: x @ np.arange(4.0), MATRIX),
    "v @ X": (lambda x: np.arange(3.0) @ x, MATRIX),
    "X @ A": (lambda x: x @ WEIGHTS.T, MATRIX),
    "A @ X": (lambda x: WEIGHTS.T @ x, MATRIX),
    "X @ X.T": (lambda x: x @ x.T, MATRIX),
    "X @ x": (lambda x: x @ x[0], SQUARE),
    "stack @ A": (lambda x: x @ WEIGHTS.T, STACK),
    "stack @ v": (lambda x: x @ np.arange(4.0), STACK),
    "stack @ x": (lambda x: STACK.swapaxes(1, 2) @ x, SHORT),
    "x @ stack": (lambda x: x @ STACK, SHORT),
    "X @ stack": (lambda x: x @ STACK, SQUARE),
    "stack @ X": (lambda x: STACK @ x, DRAW.normal(size=(4, 2))),
    "stack @ stack": (lambda x: x @ np.swapaxes(x, -1, -2), STACK),
    "v @ stack": (lambda x: np.arange(3.0) @ x, STACK),
    "matmul": (lambda x: np.matmul(x, x), SQUARE),
    "dot": (lambda x: np.dot(x, x) * x.dot(2.0) + np.dot(SQUARE, x), SHORT),
    "dot of stacks": (lambda x: np.dot(x, STACK.swapaxes(1, 2)), MATRIX),
    "inner": (lambda x: np.inner(x, WEIGHTS) + np.inner(x[0], x[1]) + np.inner(2.0, x[0, 0]), MATRIX),
    "outer": (lambda x: np.outer(x, x**2), SHORT),
    "vdot": (lambda x: np.vdot(x, WEIGHTS) * np.vdot(x, x), MATRIX),
    "tensordot": (lambda x: np.tensordot(x, STACK, axes=([0, 1], [1, 2])), MATRIX),
    "tensordot 1": (lambda x: np.tensordot(x, x, axes=1), SQUARE),
    "tensordot 2": (lambda x: np.tensordot(STACK, x), MATRIX),
    "einsum": (lambda x: np.einsum("ij,kj->ik", x, x**2), MATRIX),
    "einsum implied": (lambda x: np.einsum("ji, jk", x, WEIGHTS), MATRIX),
    "einsum trace": (lambda x: np.einsum("ii->i", x) + np.einsum("ii", x), SQUARE),
    "einsum three": (lambda x: np.einsum("i,ij,j", x, SQUARE, x), SHORT),
    "einsum dots": (lambda x: np.einsum("...ij,...j->...i", x, MATRIX[0]), STACK),
    "norm": (lambda x: np.linalg.norm(x) + np.linalg.norm(x, 2), VECTOR),
    "norm of rows": (lambda x: np.linalg.norm(x, axis=1, keepdims=True) + np.linalg.norm(x, axis=0), MATRIX),
    "norm of a matrix": (lambda x: np.linalg.norm(x) * np.linalg.norm(x, "fro"), MATRIX),
    "norm 1 and 3": (lambda x: np.linalg.norm(x, 1) + np.linalg.norm(x, 3), VECTOR),
    "norm inf": (lambda x: np.linalg.norm(x, np.inf) + np.linalg.norm(x, -np.inf), VECTOR),
    "solve for x": (lambda x: np.linalg.solve(SQUARE, x), SHORT),
    "solve in A": (lambda x: np.linalg.solve(x, SHORT), SQUARE),
    "solve both": (lambda x: np.linalg.solve(x, x[0] ** 2), SQUARE),
    "solve columns": (lambda x: np.linalg.solve(x, MATRIX), SQUARE),
    "solve columns for x": (lambda x: np.linalg.solve(SQUARE, x), MATRIX),
    "solve a stack": (lambda x: np.linalg.solve(x, STACK), SQUARES),
    "solve a stack for x": (lambda x: np.linalg.solve(SQUARES, x), SHORT),
    "solve stacks for one": (lambda x: np.linalg.solve(x, SHORT), SQUARES),
    "inv": (lambda x: np.linalg.inv(x), SQUARE),
    "inv of a stack": (lambda x: np.linalg.inv(x), SQUARES),
    "det": (lambda x: np.linalg.det(x), SQUARE),
    "det of a stack": (lambda x: np.linalg.det(x), SQUARES),
    "median": (lambda x: np.median(x) + np.median(x[1:]), VECTOR),
    "average": (lambda x: np.average(x, axis=1, weights=x[0]) + np.average(x), MATRIX),
    "polyval": (lambda x: np.polyval(x, x[:3]) + np.trapezoid(x, x**2), VECTOR),
    "append and delete": (lambda x: np.append(x, x[0]) * np.delete(np.append(x, [1.0, 2.0]), 1), VECTOR),
    "full_like": (lambda x: np.full_like(x, x[2] ** 2) * x, VECTOR),
    "quarter turn": (lambda x: np.rot90(x) * np.fliplr(x) - np.flipud(x), SQUARE),
    "copy": (lambda x: np.copy(x) * x.copy() + np.zeros_like(x) + np.ones_like(x) * np.full_like(x, 2.0), VECTOR),
    "shapes": (lambda x: x / x.size * x.ndim + len(x) + x.shape[0] + np.size(x) + np.shape(x)[0] + np.ndim(x), MATRIX),
    "constant": (lambda x: np.ones(2), VECTOR),
    "a mix of many": (
        lambda x: np.tanh(np.exp(-((x @ WEIGHTS) ** 2)) + np.sin(x)[:, None] / (1 + x[0] * x[1])).sum(axis=0),
        SHORT,
    ),
}
ONLY_HERE = {"einsum dots", "norm 1 and 3", "norm inf"}  # not in reverse mode
ONLY_HERE |= {"solve a stack for x", "solve stacks for one"}


def measured(f, x):
    """The Jacobian by central differences with two steps, of order four, with the axes of x in front."""
    columns = []
    for at in np.ndindex(np.shape(x)):
        slopes = []
        for h in (1e-3, 2e-3):
            high, low = np.array(x), np.array(x)
            high[at] += h
            low[at] -= h
            slopes.append((np.asarray(f(high[()])) - np.asarray(f(low[()]))) / (2 * h))
        columns.append((4 * slopes[0] - slopes[1]) / 3)
    return np.reshape(columns, np.shape(x) + np.shape(columns[0]))


def every_direction(x):
    return np.eye(np.size(x)).reshape(np.size(x), *np.shape(x))


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations_against_measured_slopes(name):
    f, x = OPERATIONS[name]
    untouched = copy.deepcopy(x)
    value, tangents = value_and_tangent(f, x, every_direction(x))
    plain = f(x)
    assert type(value) is (np.ndarray if np.ndim(plain) else float)
    assert np.shape(value) == np.shape(plain)
    np.testing.assert_allclose(value, plain, rtol=1e-14, atol=1e-14)
    assert np.shape(tangents) == (np.size(x), *np.shape(plain))
    exact = np.reshape(tangents, np.shape(x) + np.shape(plain))
    np.testing.assert_allclose(exact, measured(f, x), rtol=3e-8, atol=3e-8)
    np.testing.assert_array_equal(x, untouched)


@pytest.mark.parametrize("name", OPERATIONS)
def test_one_direction_is_a_sum_of_many(name):
    f, x = OPERATIONS[name]
    v = np.random.default_rng(3).normal(size=np.shape(x))[()]
    v = v if np.ndim(v) else float(v)
    value, tangent = value_and_tangent(f, x, v)
    assert type(tangent) is (float if type(value) is float else np.ndarray)
    assert np.shape(tangent) == np.shape(value)
    _, tangents = value_and_tangent(f, x, every_direction(x))
    np.testing.assert_allclose(tangent, np.tensordot(np.ravel(v), tangents, 1), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - ONLY_HERE))
def test_forward_equals_reverse(name):
    """Threshold of issue 3: 1e-13."""
    f, x = OPERATIONS[name]
    value, tangents = value_and_tangent(f, x, every_direction(x))
    back_value, pull_back = value_and_pull_back(f, x)
    np.testing.assert_allclose(value, back_value, rtol=1e-14, atol=1e-14)
    u = np.random.default_rng(4).normal(size=np.shape(value))
    expected = np.reshape(np.reshape(tangents, (np.size(x), -1)) @ np.ravel(u), np.shape(x))
    size = np.max(np.abs(tangents)) * np.max(np.abs(u)) + 1
    np.testing.assert_allclose(pull_back(u if u.ndim else float(u))[0], expected, rtol=1e-13, atol=1e-13 * size)


@pytest.mark.parametrize("name", OPERATIONS)
def test_second_derivatives_by_dual_numbers_of_dual_numbers_and_of_the_tape(name):
    f, x = OPERATIONS[name]
    draw = np.random.default_rng(8)
    v, w = (draw.normal(size=np.shape(x))[()] for _ in range(2))
    v, w = (part if np.ndim(part) else float(part) for part in (v, w))

    def along(x, direction):
        return value_and_tangent(f, x, direction)[1]

    def weighted(x):
        return value_and_pull_back(f, x)[1](u)[0]

    twice = value_and_tangent(lambda x: along(x, v), x, w)[1]
    batched = value_and_tangent(lambda x: along(x, np.stack([w, v])), x, np.stack([v, w, v]))[1]
    np.testing.assert_allclose(batched[0, 0], twice, rtol=1e-12, atol=1e-11)
    np.testing.assert_allclose(batched[1, 1], twice, rtol=1e-12, atol=1e-11)
    h = 1e-3
    slopes = [(along(x + k * h * w, v) - along(x - k * h * w, v)) / (2 * k * h) for k in (1, 2)]
    np.testing.assert_allclose(twice, (4 * slopes[0] - slopes[1]) / 3, rtol=1e-6, atol=1e-6)
    if name in ONLY_HERE:
        return
    u = draw.normal(size=np.shape(twice))[()]
    u = u if np.ndim(u) else float(u)
    through_tape = value_and_tangent(weighted, x, w)[1]
    np.testing.assert_allclose(np.sum(through_tape * v), np.sum(u * twice), rtol=1e-11, atol=1e-11)


def test_every_rule_is_in_the_table_of_operations():
    """Count the calls of each rule while the operations run."""
    seen = set()

    class Watch(dict):
        def __getitem__(self, key):
            seen.add(key)
            return super().__getitem__(key)

    rules = importlib.import_module("mmlbook.dual")

    tables = {name: getattr(rules, name) for name in ("OF_ONE", "OF_SEVERAL", "COMPOSED")}
    try:
        for name, table in tables.items():
            setattr(rules, name, Watch(table))
        for f, x in OPERATIONS.values():
            value_and_tangent(f, x, every_direction(x))
    finally:
        for name, table in tables.items():
            setattr(rules, name, table)
    missing = {function.__name__ for table in tables.values() for function in table if function not in seen}
    assert missing <= {"atleast_3d", "fliplr", "flipud", "rot90", "dstack"}


# Elementary functions: exact derivatives come from the reference data; here, against complex steps

PLACES = {np.arccosh: 1.7, np.arccos: -0.3, np.arcsin: 0.4, np.arctanh: -0.6}


@pytest.mark.parametrize("ufunc", DERIVATIVE, ids=lambda ufunc: ufunc.__name__)
def test_elementary_functions(ufunc):
    at = PLACES.get(ufunc, 0.8)
    value, tangent = value_and_tangent(ufunc, at, 2.0)
    assert type(value) is float and type(tangent) is float
    assert value == ufunc(at)
    slope = measured(ufunc, at)
    assert tangent == pytest.approx(2 * float(slope), rel=1e-9, abs=1e-9)
    array = np.array([at, at + 0.01])
    values, tangents = value_and_tangent(ufunc, array, np.stack([2 * np.ones(2), np.array([0.0, 1.0])]))
    np.testing.assert_array_equal(values, ufunc(array))
    np.testing.assert_allclose(tangents[0][0], tangent, rtol=1e-14)
    np.testing.assert_allclose(tangents[1], [0, tangents[0][1] / 2], rtol=1e-14)


@pytest.mark.parametrize("ufunc", PARTIALS, ids=lambda ufunc: ufunc.__name__)
def test_elementary_functions_of_two(ufunc):
    for f, at in ((lambda t: ufunc(t, 1.3), 0.7), (lambda t: ufunc(2.9, t), 0.7), (lambda t: ufunc(t, 2 * t), 0.7)):
        value, tangent = value_and_tangent(f, at, 1.0)
        assert type(value) is float and type(tangent) is float
        assert value == f(at)
        assert tangent == pytest.approx(float(measured(f, at)), rel=1e-9, abs=1e-9)


# Dual numbers by hand


def test_arithmetic_by_hand():
    """Expected values from the rules of school: sum, product, quotient, power."""
    x, y = Dual(3.0, 1.0), Dual(2.0, 5.0)
    for result, value, tangent in (
        (x + y, 5, 6),
        (x - y, 1, -4),
        (x * y, 6, 2 + 15),
        (x / y, 1.5, (2 - 15) / 4),
        (x**2, 9, 6),
        (2**y, 4, 4 * math.log(2) * 5),
        (1 - x, -2, -1),
        (6 / x, 2, -2 / 3),
        (-x, -3, -1),
        (+x, 3, 1),
        (abs(-x), 3, 1),
        (x % 2, 1, 1),
        (7 % x, 1, -2),
    ):
        assert type(result) is Dual
        assert result.value == value and type(result.value) is float
        assert result.tangent == pytest.approx(tangent, rel=1e-15) and type(result.tangent) is float


def test_looks():
    assert repr(Dual(3, 1)) == "Dual(3.0, 1.0)"
    x = Dual([[1, 2, 3]], [[0, 1, 0]])
    assert repr(x) == "Dual(array([[1., 2., 3.]]), array([[0., 1., 0.]]))"
    assert (x.shape, x.ndim, x.size, len(x), x.dtype) == ((1, 3), 2, 3, 1, float)
    assert (Dual(1.0, 2.0).shape, Dual(1.0, 2.0).ndim, Dual(1.0, 2.0).size) == ((), 0, 1)
    assert x.T.shape == (3, 1)
    assert f"{Dual(2.0, 1.0):.2f} {Dual(2.0, 1.0)}" == "2.00 Dual(2.0, 1.0)"
    assert [part.tangent for part in x[0]] == [0, 1, 0]
    with pytest.raises(TypeError, match="no length"):
        len(Dual(1.0, 1.0))
    with pytest.raises(TypeError, match="no length"):
        list(Dual(1.0, 1.0))
    with pytest.raises(IndexError, match="no entries"):
        Dual(1.0, 1.0)[0]
    with pytest.raises(TypeError, match="unhashable"):
        hash(Dual(1.0, 1.0))


def test_comparisons_look_at_values():
    x, y = Dual(3.0, 1.0), Dual(2.0, 5.0)
    assert x > y and x >= y and y < x and y <= x and x != y and (x == y) is False
    assert x > 2 and operator.lt(2, x) and x == 3 and operator.eq(3, x) and x != 2 and x >= 3 and x <= 3 and not x < 3
    assert x == Dual(3.0, 7.0)
    assert bool(x) and not Dual(0.0, 1.0)
    assert max(x, y) is x and min([x, y]) is y
    z = Dual([1.0, 5.0], [1.0, 1.0])
    np.testing.assert_array_equal(z > 2, [False, True])
    np.testing.assert_array_equal(np.array([2.0, 2.0]) < z, [False, True])
    assert np.all(z > 0) and np.any(z > 4) and np.argmax(z) == 1 and z.argmin() == 0
    assert np.isfinite(z).all() and not np.isnan(z).any() and np.allclose(z, [1, 5]) and z.all()
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(z)


def test_one_number_keeps_to_floats():
    x = Dual(2.0, 3.0)
    for y in (
        x * np.float64(2.0),
        np.float64(2.0) * x,
        x + np.int64(2),
        np.where(True, x, 0.0),
        np.sqrt(x),
        x[()] if 0 else x,
    ):
        assert type(y.value) is float and type(y.tangent) is float
    y = Dual(2.0, np.array([1.0, 2.0])) * 3
    assert type(y.value) is float and y.tangent.shape == (2,)


def test_values_that_are_not_real_numbers_are_nan():
    assert math.isnan((Dual(-8.0, 1.0) ** (1 / 3)).value)
    with np.errstate(all="ignore"):
        assert math.isnan(np.log(Dual(-1.0, 1.0)).value)
        assert np.sqrt(Dual(0.0, 1.0)).tangent == math.inf
        assert (Dual(0.0, 1.0) ** 0.5).tangent == math.inf
    with pytest.raises(ZeroDivisionError):
        1 / Dual(0.0, 1.0)


@pytest.mark.parametrize(
    "f, at, tangent",
    [
        (abs, 0.0, 0),
        (lambda x: np.maximum(x, 0), 0.0, 0.5),
        (lambda x: np.minimum(x, 0), 0.0, 0.5),
        (lambda x: np.clip(x, 0, 1), 0.0, 0.5),
        (np.sign, 0.5, 0),
        (np.floor, 0.5, 0),
        (lambda x: x**0, 0.0, 0),
        (lambda x: x**1, 0.0, 1),
        (lambda x: x**2, 0.0, 0),
        (lambda x: 0.0 ** (x + 1), 1.0, 0),
        (np.max, np.array([2.0, 2.0, 1.0]), 5.5),
        (np.min, np.array([2.0, 2.0, 3.0]), 5.5),
        (np.linalg.norm, np.zeros(3), 0),
        (np.prod, np.array([0.0, 2.0, 3.0]), 6),
        (np.prod, np.array([0.0, 2.0, 0.0]), 0),
    ],
)
def test_kinks_and_zeros(f, at, tangent):
    """At a kink: the middle of the jump."""
    direction = 1.0 if np.ndim(at) == 0 else np.array([1.0, 10.0, 100.0])
    assert value_and_tangent(f, at, direction)[1] == tangent


def test_what_f_returns():
    direction = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    x = np.array([2.0, 5.0])
    value, tangent = value_and_tangent(lambda x: [x[0] ** 2, 7.0, (x[1], x[0])][:2], x, direction)
    np.testing.assert_array_equal(value, [4, 7])
    np.testing.assert_array_equal(tangent, [[4, 0], [0, 0], [4, 0]])
    value, tangent = value_and_tangent(lambda x: [[x[0], x[1]], (x[1], 3.0)], x, direction)
    np.testing.assert_array_equal(value, [[2, 5], [5, 3]])
    np.testing.assert_array_equal(tangent[1], [[0, 1], [1, 0]])
    value, tangent = value_and_tangent(lambda x: 3, x, direction)
    assert value == 3 and tangent.tolist() == [0, 0, 0]
    value, tangent = value_and_tangent(lambda x: [1, 2], x, x)
    assert value.tolist() == [1, 2] and tangent.tolist() == [0, 0]
    assert value_and_tangent(lambda x: 3, 1.0, 1.0) == (3, 0.0)
    assert as_array("text") == "text"


# Levels


def test_perturbations_are_not_confused():
    def slope(f, x):
        return value_and_tangent(f, x, 1.0)[1]

    assert slope(lambda x: x * slope(lambda y: x + y, 1.0), 1.0) == 1
    assert slope(lambda x: x * slope(lambda y: x * y, 2.0), 3.0) == 6
    # d/dz x y z**2 at z = y is 2 x y**2, its slope by y at y = x is 4 x**2, and that has the slope 8 x
    assert slope(lambda x: slope(lambda y: slope(lambda z: x * y * z * z, y), x), 2.0) == 16

    def reverse(f, x):
        return value_and_pull_back(f, x)[1](1.0)[0]

    assert reverse(lambda x: x * slope(lambda y: x + y, 1.0), 1.0) == 1
    assert slope(lambda x: x * reverse(lambda y: x + y, 1.0), 1.0) == 1
    assert reverse(lambda x: x * slope(lambda y: x * y, 2.0), 3.0) == 6
    assert slope(lambda x: x * reverse(lambda y: x * y, 2.0), 3.0) == 6


def test_dual_numbers_of_dual_numbers_by_hand():
    """x**3 at 2: value 8, slope 12, bend 12."""
    x = Dual(Dual(2.0, 1.0), 1.0, level=2) ** 3
    assert (x.value.value, x.value.tangent, x.tangent.value, x.tangent.tangent) == (8, 12, 12, 12)
    with pytest.raises(ValueError, match=r"^level: expected a number above the level of value and tangent, got 1"):
        Dual(Dual(2.0, 1.0), 1.0)


def test_levels_meet_in_any_order():
    low, high = new_level(), new_level()
    x, y = Dual(2.0, 1.0, low), Dual(3.0, 1.0, high)
    for product in (x * y, y * x, np.multiply(x, y), np.multiply(y, x), np.prod(np.stack([x, y]))):
        assert product.level == high
        assert product.tangent == 2 and product.tangent.tangent == 1
        assert product.value == 6 and product.value.tangent == 3
    array = Dual(np.array([2.0, 4.0]), np.array([1.0, 1.0]), low)
    for product in (array @ np.stack([y, y]), np.stack([y, y]) @ array, np.dot(array, np.stack([y, y]))):
        assert product.level == high and product.tangent == 6 and product.value.tangent == 6
    joined = np.concatenate([array, np.stack([y])])
    assert joined.level == high and joined.value.level == low
    chosen = np.where(np.array([True, False]), array, y)
    assert chosen.level == high
    assert chosen.value.tangent.tolist() == [1, 0] and chosen.tangent.tolist() == [0, 1]


# Scatter: what undoes an index


@pytest.mark.parametrize(
    "index", [1, -1, slice(1, 3), [0, 0, 2], np.array([True, False, True, False]), (..., 0), [[0, 1], [1, 1]]]
)
def test_scatter_adds_at_an_index(index):
    part = np.zeros(4)[index]
    draw = np.random.default_rng(1)
    value, tangent = draw.normal(size=part.shape), draw.normal(size=(3, *part.shape))

    def expected(part):
        result = np.zeros(4)
        np.add.at(result, index, part)
        return result

    x = Dual(value, tangent)._scatter(index, (4,))
    np.testing.assert_array_equal(x.value, expected(value))
    np.testing.assert_array_equal(x.tangent, [expected(one) for one in tangent])
    single = Dual(value, tangent[0])._scatter(index, (4,))
    np.testing.assert_array_equal(single.tangent, expected(tangent[0]))
    deep = Dual(Dual(value, tangent), tangent[0], level=2)._scatter(index, (4,))
    np.testing.assert_array_equal(deep.value.tangent[1], expected(tangent[1]))


def test_scatter_into_a_matrix():
    rows = Dual(np.array([[1.0, 2.0]]), np.array([[[3.0, 4.0]]]))._scatter((slice(1, 2), [2, 0]), (2, 3))
    np.testing.assert_array_equal(rows.value, [[0, 0, 0], [2, 0, 1]])
    np.testing.assert_array_equal(rows.tangent, [[[0, 0, 0], [4, 0, 3]]])


# Refusals


def set_entry(x):
    y = np.zeros(2)
    y[0] = x[0]
    return y


def add_in_place(x):
    y = np.zeros(2)
    y += x
    return y


def replace_entry(x):
    x[0] = 1.0
    return x


@pytest.mark.parametrize(
    "f, hint",
    [
        (lambda x: float(x[0]), "np.sin"),
        (lambda x: math.sin(x[0]), "np.sin"),
        (lambda x: int(x[0]), "np.floor"),
        (lambda x: complex(x[0]), "np.sin"),
        (lambda x: np.ones(3)[x[0]], "plain array"),
        (lambda x: np.array([x[0], x[1]]), "np.stack"),
        (lambda x: np.array(x), "np.stack"),
        (lambda x: np.asarray([x[0] ** 2, 1.0]), "np.stack"),
        (lambda x: np.array([[x[0]], [1.0]]), "np.stack"),
        (lambda x: np.array([x, x]), "np.stack"),
        (lambda x: x * [x[0], 1.0], "np.stack"),
        (add_in_place, "a = a \\+ x"),
        (replace_entry, "np.stack"),
        (lambda x: np.histogram(x), r"np\.histogram"),
        (lambda x: np.percentile(x, 30), r"np\.percentile"),
        (lambda x: np.nextafter(x, 1.0), r"np\.nextafter"),
        (lambda x: np.add.accumulate(x), r"np\.add, method='accumulate'"),
        (lambda x: np.logical_and.reduce(x), r"method='reduce'"),
        (lambda x: np.sin(x, where=[True, False]), "where"),
        (lambda x: np.sum(x, dtype=int), "dtype"),
        (lambda x: np.sum(x, out=np.zeros(())), "out"),
        (lambda x: np.mean(x, where=[True, False]), "where"),
        (lambda x: x * 1j, "beside a number"),
        (lambda x: x + "a", "beside a number"),
        (lambda x: x + None, "beside a number"),
        (lambda x: x * np.array([1, None]), "beside a number"),
        (lambda x: x + np.array([1j, 2]), "beside a number"),
        (lambda x: np.linalg.norm(np.outer(x, x), 2), "ord=2"),
        (lambda x: np.linalg.norm(np.outer(x, x), "nuc"), "ord='nuc'"),
        (lambda x: None, "got None"),
        (lambda x: "text", "got 'text'"),
        (lambda x: 1j, "got 1j"),
        (lambda x: {1: x}, "expected a real number"),
        (lambda x: True, "expected a real number"),
    ],
)
def test_what_would_lose_the_tangent_is_refused(f, hint):
    with pytest.raises(TypeError, match=hint):
        value_and_tangent(f, np.array([1.0, 2.0]), np.array([1.0, 0.0]))


def test_entries_of_plain_arrays_are_refused():
    with pytest.raises((TypeError, ValueError)) as caught:
        value_and_tangent(set_entry, np.array([1.0, 2.0]), np.array([1.0, 0.0]))
    assert "np.stack" in str(caught.value) or "np.stack" in str(caught.value.__cause__)


@pytest.mark.parametrize(
    "value, tangent, error, name",
    [
        (math.nan, 1.0, ValueError, "value"),
        ([1.0, math.inf], [1.0, 1.0], ValueError, "value"),
        (1.0, math.nan, ValueError, "tangent"),
        ("3", 1.0, TypeError, "value"),
        (3.0, "1", TypeError, "tangent"),
        (3.0, None, TypeError, "tangent"),
        (3j, 1.0, TypeError, "value"),
        (True, 1.0, TypeError, "value"),
        ([], [], ValueError, "value"),
        ([1.0, 2.0], 1.0, ValueError, "tangent"),
        ([1.0, 2.0], [1.0], ValueError, "tangent"),
        ([1.0, 2.0], [[[1.0, 2.0]]], ValueError, "tangent"),
        (1.0, [[1.0]], ValueError, "tangent"),
        (np.array([1, None]), [1.0, 1.0], TypeError, "value"),
    ],
)
def test_bad_dual_numbers_are_refused_by_name(value, tangent, error, name):
    with pytest.raises(error, match=rf"^{name}: expected ") as caught:
        Dual(value, tangent)
    assert caught.type is error


def test_axes_out_of_range_are_refused():
    x = Dual(np.ones((2, 2)), np.ones((5, 2, 2)))
    for call in (lambda: np.sum(x, axis=2), lambda: x.sum(axis=-3), lambda: np.swapaxes(x, 0, 2), lambda: np.max(x, 5)):
        with pytest.raises(IndexError):
            call()


def test_operators_refuse_what_python_refuses():
    x = Dual(2.0, 1.0)
    with pytest.raises(TypeError):
        operator.matmul(x, 3.0)
    with pytest.raises(TypeError):
        x < "a"  # noqa: B015
