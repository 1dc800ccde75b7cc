"""Pull-backs of array operations, against complex steps through plain NumPy, and against algebra by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmlbook import array_rules
from mmlbook.array_compositions import COMPOSED
from mmlbook.array_rules import CONSTANT, PULL_BACK, add_at, is_basic, scatter, spread_out, sum_to, times
from mmlbook.tape import value_and_gradients, value_and_pull_back

random = np.random.default_rng(20)
V = random.normal(size=5) + 0.1
M = random.normal(size=(3, 4))
T = random.normal(size=(2, 3, 4))
S = random.normal(size=(3, 3)) + 2 * np.eye(3)
SS = random.normal(size=(2, 3, 3)) + 2 * np.eye(3)
EQUAL = np.array([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])
ZEROS = np.array([[2.0, 0.0, 3.0], [0.0, 0.0, 5.0]])
I2 = np.array([[0, 2], [2, 2]])

# Each function of one array, with the array. All are analytic, so that a complex step gives the exact derivative.
ONE = {
    "sum": (lambda x: np.sum(x), M),
    "sum of columns": (lambda x: np.sum(x, axis=0), M),
    "sum of rows, method": (lambda x: x.sum(axis=-1, keepdims=True), M),
    "sum by position": (lambda x: np.sum(x, 1), T),
    "sum of two axes": (lambda x: np.sum(x, axis=(0, 2)), T),
    "sum of no axes, kept": (lambda x: np.sum(x, keepdims=True), M),
    "mean": (lambda x: np.mean(x) * x.mean(), M),
    "mean of axes": (lambda x: np.mean(x, axis=(0, -1)), T),
    "mean of rows": (lambda x: x.mean(axis=1, keepdims=True), M),
    "max": (lambda x: np.max(x), M),
    "max of axis": (lambda x: np.max(x, axis=1), T),
    "max of axes": (lambda x: np.max(x, axis=(0, 2), keepdims=True), T),
    "min": (lambda x: x.min(axis=0), M),
    "min of all": (lambda x: np.min(x) * x[0, 0], M),
    "prod": (lambda x: np.prod(x), V),
    "prod of rows": (lambda x: np.prod(x, axis=1), M),
    "prod of axes": (lambda x: np.prod(x, axis=(0, -1), keepdims=True), T),
    "prod with zeros": (lambda x: np.prod(x, axis=-1) + x.prod(axis=0)[0], ZEROS),
    "prod kept": (lambda x: np.prod(x, keepdims=True), M),
    "prod of one": (lambda x: np.prod(x[:1]), V),
    "cumprod": (lambda x: np.cumprod(x), V),
    "cumprod with zeros": (lambda x: np.cumprod(x, axis=1), ZEROS),
    "cumprod of all": (lambda x: x.cumprod(), M),
    "cumprod of columns": (lambda x: np.cumprod(x, axis=0), T),
    "cumsum": (lambda x: np.cumsum(x) ** 2, M),
    "cumsum of columns": (lambda x: np.cumsum(x, axis=0), M),
    "cumsum of rows": (lambda x: x.cumsum(axis=-1), T),
    "reshape": (lambda x: np.reshape(x, (4, 3)) ** 2, M),
    "reshape, method": (lambda x: x.reshape(2, -1) * x.reshape((2, 6)), M),
    "reshape by columns": (lambda x: np.reshape(x, (4, 3), order="F"), M),
    "ravel": (lambda x: np.ravel(x) * x.flatten(), M),
    "transpose": (lambda x: x.T @ x, M),
    "transpose of axes": (lambda x: np.transpose(x, (2, 0, 1)), T),
    "transpose with negative axes": (lambda x: x.transpose(-1, 0, 1), T),
    "transpose in a cycle": (lambda x: x.transpose((1, 2, 0)), T),
    "transpose of all": (lambda x: np.transpose(x), T),
    "swapaxes": (lambda x: np.swapaxes(x, 0, 2), T),
    "swapaxes, method": (lambda x: x.swapaxes(-1, 1), T),
    "moveaxis": (lambda x: np.moveaxis(x, 0, -1), T),
    "moveaxis of two": (lambda x: np.moveaxis(x, [0, 1], [-1, 0]), T),
    "expand_dims": (lambda x: np.expand_dims(x, 1) * x, M),
    "squeeze": (lambda x: np.squeeze(x[:, :1]), M),
    "squeeze of axis": (lambda x: x[:1, :, None].squeeze(axis=0), M),
    "atleast_1d": (lambda x: np.atleast_1d(x[0]) * np.atleast_1d(x), V),
    "atleast_2d": (lambda x: np.atleast_2d(x), V),
    "broadcast_to": (lambda x: np.broadcast_to(x, (2, 3, 4)), M),
    "broadcast_to from one column": (lambda x: np.broadcast_to(x[:, :1], (3, 5)), M),
    "repeat": (lambda x: np.repeat(x, 3), M),
    "repeat along axis": (lambda x: x.repeat([1, 0, 2], axis=0), M),
    "tile": (lambda x: np.tile(x, (2, 3)), M),
    "flip": (lambda x: np.flip(x) * x, M),
    "flip of axis": (lambda x: np.flip(x, axis=0) * x, M),
    "roll": (lambda x: np.roll(x, 2) * x, M),
    "roll of axis": (lambda x: np.roll(x, 1, axis=1) * x, M),
    "diff": (lambda x: np.diff(x), M),
    "second diff": (lambda x: np.diff(x, n=2, axis=0), M),
    "sort": (lambda x: np.sort(x), M),
    "sort columns": (lambda x: np.sort(x, axis=0), T),
    "sort all": (lambda x: np.sort(x, axis=None), M),
    "median, odd": (lambda x: np.median(x, axis=0), M),
    "median, even": (lambda x: np.median(x, axis=1, keepdims=True), M),
    "median of all": (lambda x: np.median(x), M),
    "take": (lambda x: np.take(x, [0, 1, 1]), M),
    "take along axis": (lambda x: x.take([2, 0, 0, 2], axis=1), M),
    "diag of vector": (lambda x: np.diag(x), V),
    "diag above": (lambda x: np.diag(x, 2), V),
    "diag of matrix": (lambda x: np.diag(x, 1), M),
    "diagonal": (lambda x: np.diagonal(x, axis1=0, axis2=2), T),
    "trace": (lambda x: np.trace(x) ** 2, M),
    "trace of offset": (lambda x: np.trace(x, offset=1), M),
    "delete": (lambda x: np.delete(x, 1), V),
    "append": (lambda x: np.append(x, x[0]), M),
    "copy": (lambda x: np.copy(x) * x.copy(), M),
    "full_like": (lambda x: np.full_like(x, x[0, 1]), M),
    "entry": (lambda x: x[2] * x[-1], V),
    "entry of matrix": (lambda x: x[1, 2] * x, M),
    "row": (lambda x: x[1], M),
    "slice": (lambda x: x[1:4] * x[:-2], V),
    "slice with step": (lambda x: x[::-2], V),
    "slices": (lambda x: x[1:, ::2], M),
    "column": (lambda x: x[:, 1], M),
    "ellipsis": (lambda x: x[..., 1], T),
    "newaxis": (lambda x: x[:, None] * x[None, :], V),
    "integers": (lambda x: x[[0, 0, 3]], V),
    "integers, repeated": (lambda x: x[I2] * 2, V),
    "pairs of integers": (lambda x: x[[0, 1, 0], [3, 3, 3]], M),
    "integers and slice": (lambda x: x[:, [1, 1]], M),
    "numpy integer": (lambda x: x[np.int64(2)] * x[np.intp(1)], V),
    "boolean": (lambda x: x[np.array([True, False, True, True, False])], V),
    "boolean of matrix": (lambda x: x[np.real(M) > 0], M),
    "boolean rows": (lambda x: x[np.array([True, False, True]), 1:], M),
    "integers of three axes": (lambda x: x[[0, 1], :, [2, 2]], T),
    "iteration": (lambda x: sum(row * row[0] for row in x), M),
    "python sum": (lambda x: sum(x), V),
    "unpacking": (lambda x: x[0] * (lambda a, b, c, d, e: a * b - c * d * e)(*x), V),
    "det": (lambda x: np.linalg.det(x), S),
    "det of stack": (lambda x: np.linalg.det(x), SS),
    "inv": (lambda x: np.linalg.inv(x), S),
    "inv of stack": (lambda x: np.linalg.inv(x), SS),
    "solve with itself": (lambda x: np.linalg.solve(x, x[0] ** 2), S),
    "average": (lambda x: np.average(x, axis=1), M),
    "average with weights": (lambda x: np.average(x, axis=0, weights=np.array([1.0, 2.0, 4.0])), M),
    "average with weights that vary": (lambda x: np.average(x, weights=x**2), M),
    "polyval": (lambda x: np.polyval(x, 1.7), V),
    "polyval of polyval": (lambda x: np.polyval(x, np.polyval([1.0, 0.0, 2.0], x)), V),
    "trapezoid": (lambda x: np.trapezoid(x**2, x) + np.trapezoid(x, dx=0.5), V),
    "trapezoid of places": (lambda x: np.trapezoid(np.arange(5.0), x), V),
    "ptp": (lambda x: np.ptp(x, axis=0), M),
    "rot90": (lambda x: np.rot90(x), M),
    "sum of parts of a list": (lambda x: np.sum(np.stack(list(x))), V),
    "einsum trace": (lambda x: np.einsum("ii", x), S),
    "einsum diagonal": (lambda x: np.einsum("ii->i", x), S),
    "einsum sum": (lambda x: np.einsum("ij->", x), M),
    "einsum rows": (lambda x: np.einsum("ij -> i", x), M),
    "einsum with itself": (lambda x: np.einsum("ij,kj->ik", x, x), M),
    "einsum diagonal and product": (lambda x: np.einsum("ii,ij->j", x, x), S),
}
SMOOTH = {  # analytic, but not as NumPy computes them with complex numbers: against central differences
    "var": (lambda x: np.var(x), M),
    "var of axis": (lambda x: x.var(axis=0, ddof=1), M),
    "var of axes": (lambda x: np.var(x, axis=(0, 2), keepdims=True), T),
    "std": (lambda x: np.std(x), M),
    "std of axis": (lambda x: np.std(x, axis=1, ddof=1), M),
    "std kept": (lambda x: x.std(axis=(0, 1), keepdims=True), T),
    "norm": (lambda x: np.linalg.norm(x), M),
    "norm of vector": (lambda x: np.linalg.norm(x) * x, V),
    "norm of rows": (lambda x: np.linalg.norm(x, axis=1), M),
    "norm of rows, kept": (lambda x: np.linalg.norm(x, axis=-1, keepdims=True), M),
    "norm of order 2": (lambda x: np.linalg.norm(x, 2), V),
    "norm of order 1": (lambda x: np.linalg.norm(x, 1), V),
    "norm of order 1 of rows": (lambda x: np.linalg.norm(x, ord=1, axis=1), M),
    "norm of order inf": (lambda x: np.linalg.norm(x, np.inf), V),
    "norm of order inf of columns": (lambda x: np.linalg.norm(x, ord=np.inf, axis=0), M),
    "Frobenius norm": (lambda x: np.linalg.norm(x, "fro"), M),
    "norm of matrices": (lambda x: np.linalg.norm(x, axis=(1, 2)), T),
    "abs": (lambda x: np.abs(x) + abs(x), M),
    "clip": (lambda x: np.clip(x, -0.5, 0.6), M),
    "clip below": (lambda x: np.clip(x, 0.1, None), M),
    "clip above": (lambda x: x.clip(max=0.1), M),
    "clip from x": (lambda x: np.clip(x, -1.0, x[0] ** 2), M),
}

A, B = M, random.normal(size=(4, 2))
TWO = {
    "add": (lambda a, b: a + b, M, T),
    "subtract": (lambda a, b: a - b, T, M),
    "multiply": (lambda a, b: a * b, M, random.normal(size=(3, 1))),
    "multiply by a row": (lambda a, b: b * a, random.normal(size=4), M),
    "multiply by one": (lambda a, b: a * b, random.normal(size=(1, 1)), V),
    "divide": (lambda a, b: a / b, T, 2 + M**2),
    "divide by a column": (lambda a, b: a / b, M, 2 + M[:, :1] ** 2),
    "power": (lambda a, b: a**b, 1 + M**2, T),
    "number with array": (lambda a, b: a[0] * b - b / a[1] + a[2] ** (b * b), 1 + V**2, M),
    "maximum": (lambda a, b: np.maximum(a, b), M, random.normal(size=4)),
    "minimum": (lambda a, b: np.minimum(a, b), M, random.normal(size=(3, 1))),
    "where": (lambda a, b: np.where(np.real(M) > 0, a, b), M, random.normal(size=(3, 1))),
    "where with a number": (lambda a, b: np.where(np.real(M) > 0, a[0], b), V, M),
    "where, plain": (lambda a, b: np.where(np.real(M) > 0, 1.0, b) + np.where(np.real(M) > 0, a, 0.0), M, M + 1),
    "concatenate": (lambda a, b: np.concatenate([a, b, a]) ** 2, M, random.normal(size=(2, 4))),
    "concatenate columns": (lambda a, b: np.concatenate((a, b), axis=1), M, random.normal(size=(3, 2))),
    "concatenate last axis": (lambda a, b: np.concatenate((a, b, b), -1), T, T + 1),
    "concatenate an array": (lambda a, b: np.concatenate(a * b[:3, None]) * np.vstack(a)[0], T, V),
    "stack an array": (lambda a, b: np.stack(a * b, axis=-1), M, V[:4]),
    "concatenate all": (lambda a, b: np.concatenate([a, b], axis=None), M, V),
    "concatenate with plain": (lambda a, b: np.concatenate([np.ones(2), a, b, np.zeros(1)]), V, V**2),
    "stack": (lambda a, b: np.stack([a, b]), M, M**2),
    "stack, last": (lambda a, b: np.stack([a, b, a, np.ones((3, 4))], axis=-1), M, M**2),
    "stack, middle": (lambda a, b: np.stack((a, b), axis=1), M, M**2),
    "stack of numbers": (lambda a, b: np.stack([a[0] ** 2, 3.0, b[1], a[0]]), V, V),
    "vstack": (lambda a, b: np.vstack([a, b]), V, random.normal(size=(2, 5))),
    "vstack of one": (lambda a, b: np.vstack([a]) * b, V, V),
    "hstack": (lambda a, b: np.hstack([a, b]), V, V**2),
    "hstack of matrices": (lambda a, b: np.hstack([a, b]), M, random.normal(size=(3, 1))),
    "column_stack": (lambda a, b: np.column_stack([a, b]), V, V**2),
    "matmul": (lambda a, b: a @ b, A, B),
    "matmul vector": (lambda a, b: a @ b, A, V[:4]),
    "vector matmul": (lambda a, b: a @ b, V[:4], B),
    "vectors": (lambda a, b: a @ b, V, V**2),
    "stack @ matrix": (lambda a, b: a @ b, T, B),
    "stack @ stack": (lambda a, b: np.matmul(a, b), T, random.normal(size=(2, 4, 2))),
    "stack @ vector": (lambda a, b: a @ b, T, V[:4]),
    "vector @ stack": (lambda a, b: a @ b, V[:3], T),
    "matrix @ stack": (lambda a, b: a @ b, random.normal(size=(5, 3)), T),
    "broadcast stacks": (lambda a, b: a @ b, T[:, None], random.normal(size=(1, 3, 4, 2))),
    "plain @": (lambda a, b: np.ones((2, 3)) @ a + b @ np.ones((4, 4)), M, M[:2]),
    "dot": (lambda a, b: np.dot(a, b), A, B),
    "dot, method": (lambda a, b: a.dot(b), A, V[:4]),
    "dot of vectors": (lambda a, b: np.dot(a, b), V, V**2),
    "dot with a number": (lambda a, b: np.dot(a[0], b), V, M),
    "dot of stacks": (lambda a, b: np.dot(a, b), T, random.normal(size=(5, 4, 2))),
    "inner": (lambda a, b: np.inner(a, b), M, random.normal(size=(2, 4))),
    "inner of vectors": (lambda a, b: np.inner(a, b), V, V**2),
    "outer": (lambda a, b: np.outer(a, b), V, M),
    "vdot": (lambda a, b: np.vdot(a, b), V, V**2),
    "tensordot": (lambda a, b: np.tensordot(a, b), T, T[0, :, :, None] * V),
    "tensordot of axes": (lambda a, b: np.tensordot(a, b, axes=([0, 2], [1, 0])), T, random.normal(size=(4, 2, 5))),
    "tensordot of one axis": (lambda a, b: np.tensordot(a, b, axes=(1, 0)), T, M),
    "tensordot without axes": (lambda a, b: np.tensordot(a, b, axes=0), V, V),
    "einsum": (lambda a, b: np.einsum("ij,jk->ki", a, b), A, B),
    "einsum without arrow": (lambda a, b: np.einsum("ij,jk", a, b), A, B),
    "einsum batch": (lambda a, b: np.einsum("bij,j->b", a, b), T, V[:4]),
    "einsum outer": (lambda a, b: np.einsum("i,j->ij", a, b), V, V**2),
    "einsum loose index": (lambda a, b: np.einsum("ij,k->i", a, b), M, V),
    "einsum of three": (lambda a, b: np.einsum("i,ij,j->", np.ones(3), a, b), M, V[:4]),
    "solve": (lambda a, b: np.linalg.solve(a, b), S, V[:3]),
    "solve with a matrix": (lambda a, b: np.linalg.solve(a, b), S, M),
    "solve of stack": (lambda a, b: np.linalg.solve(a, b), SS, T),
    "solve of stack, one side": (lambda a, b: np.linalg.solve(a, b), SS, M),
    "solve of one, stack of sides": (lambda a, b: np.linalg.solve(a, b), S, T),
    "solve of stack, vector": (lambda a, b: np.linalg.solve(a, b), SS, V[:3]),
    "multiply by a sum": (lambda a, b: np.sum(a) * b + np.mean(b), V, M),
    "append": (lambda a, b: np.append(a, b, axis=0), M, M[:1]),
}


def complex_step(f, inputs, u):
    """The gradients of sum(u * f) by a complex step in each entry."""
    gradients = []
    for k, x in enumerate(inputs):
        gradient = np.empty(x.shape)
        for place in np.ndindex(x.shape):
            moved = [np.array(z, dtype=complex) for z in inputs]
            moved[k][place] += 1e-30j
            gradient[place] = np.sum(u * f(*moved)).imag / 1e-30
        gradients.append(gradient)
    return gradients


def central_difference(f, inputs, u, step=1e-5):
    gradients = []
    for k, x in enumerate(inputs):
        gradient = np.empty(x.shape)
        for place in np.ndindex(x.shape):
            ahead, behind = [z.copy() for z in inputs], [z.copy() for z in inputs]
            ahead[k][place] += step
            behind[k][place] -= step
            gradient[place] = np.sum(u * (f(*ahead) - f(*behind))) / (2 * step)
        gradients.append(gradient)
    return gradients


def check(f, inputs, exact, allowed):
    before = [x.copy() for x in inputs]
    plain = f(*inputs)
    value, pull_back = value_and_pull_back(f, *inputs)
    np.testing.assert_allclose(value, plain, rtol=1e-14, atol=1e-14)
    assert np.shape(value) == np.shape(plain) and type(value) in (float, np.ndarray)
    u = np.random.default_rng(5).normal(size=np.shape(plain))[()]
    u = float(u) if np.ndim(u) == 0 else u
    u_before = np.copy(u)
    for _ in range(2):
        got = pull_back(u)
        for gradient, expected, x in zip(got, exact(f, inputs, u), inputs, strict=True):
            assert type(gradient) is np.ndarray and gradient.shape == x.shape
            np.testing.assert_allclose(gradient, expected, rtol=allowed, atol=allowed * np.max(np.abs(expected)))
    np.testing.assert_array_equal(u, u_before)
    for x, old in zip(inputs, before, strict=True):
        np.testing.assert_array_equal(x, old)
    _, of_sum = value_and_gradients(lambda *inputs: np.sum(f(*inputs)), *inputs)  # its gradient is one number for all
    _, of_mean = value_and_gradients(lambda *inputs: 3.0 * np.mean(f(*inputs)) + 1.0, *inputs)
    ones = np.ones(np.shape(plain)) if np.ndim(plain) else 1.0
    for got, mean, expected in zip(of_sum, of_mean, pull_back(ones), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-13)
        np.testing.assert_allclose(mean, 3 * expected / np.size(plain), rtol=1e-13, atol=1e-13)
    second_derivatives(f, inputs, u, pull_back)


def second_derivatives(f, inputs, u, pull_back):
    """How the gradient changes along a line: the tape inside a tape, against differences of the gradient."""
    directions = [np.random.default_rng(6).normal(size=x.shape) for x in inputs]

    def slope(*inputs):
        _, gradients = value_and_gradients(lambda *inputs: np.sum(f(*inputs) * u), *inputs)
        return sum(np.sum(g * v) for g, v in zip(gradients, directions, strict=True))

    _, second = value_and_gradients(slope, *inputs)
    step = 1e-5
    _, ahead = value_and_pull_back(f, *(x + step * v for x, v in zip(inputs, directions, strict=True)))
    _, behind = value_and_pull_back(f, *(x - step * v for x, v in zip(inputs, directions, strict=True)))
    for got, high, low in zip(second, ahead(u), behind(u), strict=True):
        expected = (high - low) / (2 * step)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6 * (1 + np.max(np.abs(expected))))


@pytest.mark.parametrize("name", ONE)
def test_functions_of_one_array(name):
    f, x = ONE[name]
    check(f, [x], complex_step, 1e-13)


@pytest.mark.parametrize("name", SMOOTH)
def test_functions_that_complex_steps_cannot_follow(name):
    f, x = SMOOTH[name]
    check(f, [x], central_difference, 1e-8)


@pytest.mark.parametrize("name", TWO)
def test_functions_of_two_arrays(name):
    f, a, b = TWO[name]
    if name == "vdot":
        return check(f, [a, b], central_difference, 1e-8)
    check(f, [a, b], complex_step, 1e-13)


def gradient(f, x):
    return value_and_gradients(f, x)[1][0]


def test_std_and_norm_by_hand():
    x = np.array([1.0, 2.0, 4.0, 9.0])  # mean 4, variance 9.5 and 38 / 3
    np.testing.assert_allclose(gradient(np.std, x), (x - 4) / (4 * np.sqrt(9.5)), rtol=1e-15)
    np.testing.assert_allclose(gradient(lambda x: np.std(x, ddof=1), x), (x - 4) / (3 * np.sqrt(38 / 3)), rtol=1e-15)
    np.testing.assert_allclose(gradient(np.var, x), (x - 4) / 2, rtol=1e-15)
    np.testing.assert_allclose(gradient(np.linalg.norm, np.array([3.0, -4.0])), [0.6, -0.8], rtol=1e-15)


def test_equal_entries_share_the_gradient_of_an_extreme():
    np.testing.assert_array_equal(gradient(np.max, EQUAL), [[0, 0.5, 0.5], [0, 0, 0]])
    np.testing.assert_allclose(
        gradient(lambda x: np.sum(np.min(x, axis=1)), EQUAL), [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3]], rtol=1e-15
    )
    np.testing.assert_array_equal(gradient(lambda x: np.linalg.norm(x, np.inf), np.array([1.0, -1.0])), [0.5, -0.5])


def test_kinks_have_the_middle_slope():
    zero = np.zeros(3)
    for f in (np.linalg.norm, np.std, lambda x: np.sum(np.abs(x)), lambda x: np.linalg.norm(x, 1)):
        np.testing.assert_array_equal(gradient(f, zero), zero)
    rows = np.array([[0.0, 0.0], [3.0, 4.0]])
    got = gradient(lambda x: np.sum(np.linalg.norm(x, axis=1)), rows)
    np.testing.assert_allclose(got, [[0, 0], [0.6, 0.8]], rtol=1e-15)
    np.testing.assert_array_equal(
        gradient(lambda x: np.sum(np.clip(x, 0.0, 1.0)), np.array([0.0, 0.5, 1.0])), [0.5, 1, 0.5]
    )


def test_determinant_of_a_singular_matrix():
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [5.0, 7.0, 9.0]])
    cofactors = [[3, -6, 3], [3, -6, 3], [-3, 6, -3]]
    np.testing.assert_allclose(gradient(np.linalg.det, a), cofactors, atol=1e-12)
    exactly = np.array([[1.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(gradient(np.linalg.det, exactly), [[0, 0], [0, 1]], atol=1e-15)
    stack = np.stack([exactly, np.array([[2.0, 1.0], [1.0, 1.0]])])
    got = gradient(lambda x: np.sum(np.linalg.det(x) * np.array([1.0, 10.0])), stack)
    np.testing.assert_allclose(got, [[[0, 0], [0, 1]], [[10, -10], [-10, 20]]], atol=1e-13)


def test_helpers():
    x = np.arange(24.0).reshape(2, 3, 4)
    np.testing.assert_array_equal(sum_to(x, (3, 1)), x.sum(axis=(0, 2)).reshape(3, 1))
    np.testing.assert_array_equal(sum_to(x, (1, 4)), x.sum(axis=(0, 1)).reshape(1, 4))
    assert sum_to(x, ()) == 276 and sum_to(x, x.shape) is x
    assert spread_out(2.0, 3.0) == 2.0 and spread_out(x, x) is x
    np.testing.assert_array_equal(spread_out(2.0, np.zeros((2, 1))), [[2], [2]])
    for index, basic in ((1, True), (slice(2), True), ((0, None, ...), True), ([1], False), ((0, [1]), False)):
        assert is_basic(index) is basic
    assert (
        is_basic(np.int64(2))
        and is_basic((np.intp(0), 1))
        and is_basic(np.array([0])) is False
        and is_basic(True) is False
    )


def test_times_writes_only_into_what_is_nobody_elses():
    g, a, b, y = np.full(2, 3.0), np.full(2, 5.0), np.full(2, 7.0), np.full(2, 11.0)
    for slope in (a, b, y):
        np.testing.assert_array_equal(times(g, slope, a, b, y), 3 * slope)
    np.testing.assert_array_equal([g, a, b, y], [[3, 3], [5, 5], [7, 7], [11, 11]])
    fresh = a + b
    assert times(g, fresh, a, b, y) is fresh and fresh[0] == 36
    assert times(2.0, fresh, a, b, y) is fresh and fresh[0] == 72
    assert times(1.0, fresh) is fresh and fresh[0] == 72
    view = (a + b)[:]
    assert times(g, view, a, b, y) is not view and view[0] == 12
    assert times(g, 1.0, a, b, y) is g
    np.testing.assert_array_equal(times(g, -1.0, a, b, y), -g)
    np.testing.assert_array_equal(times(g, 0.5, a, b, y), g / 2)
    assert times(1.0, b, a, b, y) is b
    np.testing.assert_array_equal(times(2.0, b, a, b, y), np.full(2, 14.0))
    assert b[0] == 7
    np.testing.assert_array_equal(times(np.ones((2, 2)), a + b, a, b, y), np.full((2, 2), 12))


def test_scatter_adds_as_often_as_an_index_names_an_entry():
    np.testing.assert_array_equal(scatter(np.array([1.0, 2.0, 4.0]), [1, 1, 0], (3,)), [4, 3, 0])
    np.testing.assert_array_equal(scatter(5.0, (slice(None), 1), (2, 2)), [[0, 5], [0, 5]])
    buffer = np.ones(3)
    add_at(buffer, slice(0, 2), np.array([1.0, 2.0]))
    add_at(buffer, np.array([2, 2]), 1.0)
    np.testing.assert_array_equal(buffer, [2, 3, 3])


def test_the_tables_do_not_overlap():
    assert not set(PULL_BACK) & set(COMPOSED) and not set(PULL_BACK) & CONSTANT and not set(COMPOSED) & CONSTANT


@pytest.mark.parametrize(
    "f, name",
    [
        (lambda x: np.linalg.svd(x)[1], "np.linalg.svd"),
        (lambda x: np.fft.fft(x), "fft"),
        (lambda x: np.copyto(np.zeros(3), x), "np.copyto"),
        (lambda x: np.histogram(x), "np.histogram"),
        (lambda x: np.linspace(0.0, x[0, 0], 3), "np.linspace"),
        (lambda x: np.linalg.norm(x, 2), "np.linalg.norm: has no rule for ord=2"),
        (lambda x: np.linalg.norm(x, 3, axis=0)[0], "np.linalg.norm: has no rule for ord=3"),
        (lambda x: np.einsum("...i->...", x)[0], "np.einsum: has no rule for '...'"),
        (lambda x: np.sum(x, where=np.eye(3) > 0), "np.sum: cannot take where="),
        (lambda x: np.sum(x, dtype=np.float32), "np.sum: cannot take dtype="),
        (lambda x: np.sum(x, out=np.zeros(())), "np.sum: cannot take out="),
        (lambda x: np.mean(x, axis=0, out=np.zeros(3))[0], "np.mean: cannot take out="),
        (lambda x: np.spacing(x), "np.spacing"),
        (lambda x: np.sum(x, 1, float), "np.sum: expected at most 2 arguments"),
        (lambda x: np.prod(x, 1, float), "np.prod: expected at most 2 arguments"),
        (lambda x: np.var(x, mean=np.ones((3, 3))), "np.var: cannot take mean="),
        (lambda x: np.take(x, [0], out=np.zeros(1)), "np.take: cannot take out="),
        (lambda x: np.sum(a=x), "np.sum: cannot take a="),
        (lambda x: np.linalg.solve(np.eye(3), b=x), "np.linalg.solve: expected the variable"),
        (lambda x: np.reshape(x, x), "np.reshape: expected plain numbers after the first 1 arguments"),
        (lambda x: np.add.reduce(x), "np.add.reduce"),
        (lambda x: np.multiply.outer(x, x), "np.multiply.outer"),
    ],
)
def test_what_has_no_rule_is_refused_by_name(f, name):
    with pytest.raises(TypeError) as caught:
        value_and_gradients(lambda x: np.sum(f(x)), np.eye(3) + 1)
    assert name in str(caught.value)


# Laws

sizes = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1)
quick = settings(max_examples=40, deadline=None)


@quick
@given(n=sizes, m=sizes, seed=seeds)
def test_forward_and_backward_agree_on_every_inner_product(n, m, seed):
    """<u, J v> = <transpose(J) u, v>, with J v from a complex step."""
    random = np.random.default_rng(seed)
    x, v, w = random.normal(size=(n, m)), random.normal(size=(n, m)), random.normal(size=(m, 3))

    def f(x):
        return np.cumsum(np.sin(x) @ w, axis=0) * np.mean(x, axis=1, keepdims=True)

    u = random.normal(size=(n, 3))
    along = f(x + 1e-30j * v).imag / 1e-30
    _, pull_back = value_and_pull_back(f, x)
    assert np.sum(pull_back(u)[0] * v) == pytest.approx(np.sum(u * along), rel=1e-12, abs=1e-12)


@quick
@given(n=st.integers(1, 12), parts=st.lists(st.integers(0, 12), max_size=4), seed=seeds)
def test_the_sum_of_slices_is_the_whole(n, parts, seed):
    x = np.random.default_rng(seed).normal(size=n)
    ends = [0, *sorted(min(part, n) for part in parts), n]

    def in_parts(x):
        return sum(np.sum(x[a:b] ** 3) for a, b in itertools.pairwise(ends))

    np.testing.assert_allclose(gradient(in_parts, x), gradient(lambda x: np.sum(x**3), x), rtol=1e-15)


@quick
@given(n=st.integers(1, 8), seed=seeds)
def test_a_permutation_goes_through(n, seed):
    """With x shuffled before a symmetric function, the gradient is the same; with weights, it is shuffled back."""
    random = np.random.default_rng(seed)
    x, w, order = random.normal(size=n), random.normal(size=n), random.permutation(n)
    np.testing.assert_allclose(
        gradient(lambda x: np.sum(np.sort(x) * w), x), gradient(lambda x: np.sum(np.sort(x[order]) * w), x), rtol=1e-15
    )
    np.testing.assert_array_equal(gradient(lambda x: np.sum(x[order] * w), x)[order], w)


@quick
@given(
    shape=st.lists(sizes, min_size=1, max_size=3),
    drop=st.integers(0, 2),
    ones=st.lists(st.booleans(), min_size=3, max_size=3),
    seed=seeds,
)
def test_broadcasting_is_the_same_as_repeating(shape, drop, ones, seed):
    random = np.random.default_rng(seed)
    small = tuple(1 if one else n for n, one in zip(shape, ones, strict=False))[min(drop, len(shape) - 1) :]
    x, w = random.normal(size=small), random.normal(size=shape)
    broadcast = gradient(lambda x: np.sum(np.exp(x) * w), x)
    np.testing.assert_allclose(
        broadcast, gradient(lambda x: np.sum(np.exp(np.broadcast_to(x, shape)) * w), x), rtol=1e-13
    )
    np.testing.assert_allclose(broadcast, np.exp(x) * sum_to(w, small), rtol=1e-12, atol=1e-13)


@quick
@given(n=sizes, m=sizes, k=sizes, seed=seeds)
def test_einsum_is_the_matrix_product(n, m, k, seed):
    random = np.random.default_rng(seed)
    a, b, u = random.normal(size=(n, m)), random.normal(size=(m, k)), random.normal(size=(n, k))
    _, by_einsum = value_and_pull_back(lambda a, b: np.einsum("ij,jk->ik", a, b), a, b)
    for got, expected in zip(by_einsum(u), (u @ b.T, a.T @ u), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-13, atol=1e-13)


def test_the_module_says_what_it_holds():
    for name in ("PULL_BACK", "CONSTANT"):
        assert name in array_rules.__doc__


def test_einsum_takes_nine_arrays_and_refuses_ten():
    x = np.array([1.0, 2.0])
    value, (slope,) = value_and_gradients(lambda x: np.einsum(",".join("i" * 9) + "->", *[x] * 9), x)
    assert value == 513.0 and slope.tolist() == [9.0, 9 * 2.0**8]
    with pytest.raises(TypeError, match=r"np\.einsum"):
        value_and_gradients(lambda x: np.einsum(",".join("i" * 10) + "->", *[x] * 10), x)
