"""Normal equations in double-double numbers, with twice the digits, for fits whose columns are nearly dependent.

To copy: put this file into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `two_sum`, `two_product`: a sum and a product with nothing lost, as two numbers
- `products_of_columns`: all sums of products of columns, to about 31 digits
- `sweep`: from those sums to parameters, covariance and chi-squared, in decimal arithmetic

The condition of ``X^T X`` is the square of the condition of X, which is why the normal
equations have a bad name: with 16 digits, a condition of 1e8 leaves none. With
31 digits it leaves 15. Such a number is called double-double: the sum of two floats, the
second too small to show in the first.
"""

from decimal import Decimal, localcontext

import numpy as np

BLOCK = 4096  # rows at a time, so that all intermediate arrays stay in the cache
DIGITS = 60  # of the decimal arithmetic: enough that what is lost is lost in the sums


def two_sum(a, b):
    """The rounded sum of a and b, and what the rounding left out: together exactly a + b.

    Parameters: a and b, floats or arrays of floats of one shape.

    >>> two_sum(1e16, 1.0)
    (1e+16, 1.0)

    Source: T. J. Dekker, "A floating-point technique for extending the available
    precision", *Numerische Mathematik* 18 (1971), 224-242; this form, without a
    comparison of sizes, is D. E. Knuth's.
    """
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def two_product(a, b):
    """The rounded product of a and b, and what the rounding left out: together exactly a times b.

    Each factor is cut into halves of 26 bits, whose products are exact.

    Parameters: a and b, floats or arrays of floats, of sizes from 1e-140 to 1e150, or 0.

    >>> two_product(1e8 + 1, 1e8 + 1)
    (1.00000002e+16, 1.0)

    Source: T. J. Dekker, "A floating-point technique for extending the available
    precision", *Numerische Mathematik* 18 (1971), 224-242.
    """
    product = a * b
    a_high, a_low = _halves(a)
    b_high, b_low = _halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def products_of_columns(A, sigma=None):
    """Sums of products of every two columns, ``A^T Sigma^-1 A``, each as two numbers.

    Parameters: A, floats of shape (n, p); sigma, n numbers above 0, the error of each row.
    Returns two arrays of shape (p, p): the sums rounded, and what the rounding left out.

    >>> products_of_columns(np.array([[1e8], [1.0]]))
    (array([[1.e+16]]), array([[1.]]))
    """
    columns = A.shape[1]
    total, rest = np.zeros((columns, columns)), np.zeros((columns, columns))
    for start in range(0, len(A), BLOCK):
        block = A[start : start + BLOCK].T
        errors = np.ones(block.shape[1]) if sigma is None else sigma[start : start + BLOCK]
        high, low = _quotient(block, errors)
        for i in range(columns):
            product, lost = two_product(high[i], high[i:])
            lost += high[i] * low[i:] + low[i] * high[i:]
            block_total, block_rest = _sum_along_rows(product, lost)
            total[i, i:], lost = two_sum(total[i, i:], block_total)
            rest[i, i:] += block_rest + lost
    total, rest = two_sum(total, rest)
    return total + np.triu(total, 1).T, rest + np.triu(rest, 1).T


def sweep(high, low):
    """Parameters, inverse and chi-squared from the sums of products of the columns of X and, last, y.

    The sweep operator is Gauss-Jordan elimination in one square: swept on each column of X in
    turn, the matrix ``[[X^T X, X^T y], [y^T X, y^T y]]`` turns into
    ``[[(X^T X)^-1, parameters], [-parameters, chi-squared]]``.

    Parameters: high and low, shape (p + 1, p + 1), from `products_of_columns`, where
    the columns of X are independent.
    Returns parameters, shape (p,); the inverse ``(X^T X)^-1``, shape (p, p); chi-squared, a float.

    >>> X, y = np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 2, 6])
    >>> parameters, inverse, chi_squared = sweep(*products_of_columns(np.column_stack([X, y])))
    >>> parameters, chi_squared
    (array([0.5, 2.5]), 1.5)

    Source: J. H. Goodnight, "A tutorial on the SWEEP operator", *The American
    Statistician* 33 (1979), 149-158.
    """
    p = len(high) - 1
    with localcontext() as context:
        context.prec = DIGITS
        exact = np.vectorize(Decimal, otypes=[object])
        square = exact(high) + exact(low)
        for k in range(p):
            pivot, column, row = square[k, k], square[:, k].copy(), square[k] / square[k, k]
            square -= np.outer(column, row)
            square[k], square[:, k] = row, -column / pivot
            square[k, k] = 1 / pivot
    square = square.astype(float)
    return square[:p, p], square[:p, :p], max(float(square[p, p]), 0.0)


def _halves(a):
    """Two numbers of 26 bits each whose sum is exactly a."""
    shifted = (2.0**27 + 1) * a
    high = shifted - (shifted - a)
    return high, a - high


def _quotient(a, b):
    """The rounded quotient of a and b, and what the rounding left out, rounded in its turn."""
    quotient = a / b
    product, lost = two_product(quotient, b)
    return quotient, ((a - product) - lost) / b


def _sum_along_rows(high, low):
    """The sum of double-double numbers along the last axis, half of them added to the other half at a time."""
    while high.shape[-1] > 1:
        half = high.shape[-1] // 2
        left_over = slice(2 * half, None)
        pair, lost = two_sum(high[..., :half], high[..., half : 2 * half])
        low = np.append(low[..., :half] + low[..., half : 2 * half] + lost, low[..., left_over], axis=-1)
        high = np.append(pair, high[..., left_over], axis=-1)
    return two_sum(high[..., 0], low[..., 0])
