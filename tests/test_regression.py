"""The names that `mmlbook.regression` gathers."""

import mmlbook.regression
from mmlbook import curve_fitting, fit, linear_regression, summary


def test_the_names_are_those_of_the_modules():
    homes = {
        "Fit": fit,
        "LeastSquares": summary,
        "fit_curve": curve_fitting,
        "fit_line": linear_regression,
        "fit_linear": linear_regression,
        "least_squares": curve_fitting,
        "polynomial_columns": linear_regression,
    }
    assert sorted(homes) == sorted(mmlbook.regression.__all__)
    for name, home in homes.items():
        assert getattr(mmlbook.regression, name) is getattr(home, name)
