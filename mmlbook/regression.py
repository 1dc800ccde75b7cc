"""Everything that fits: lines, combinations of columns, curves, and data that come in parts.

To copy: put this file and `arithmetic.py`, `array_compositions.py`, `array_rules.py`, `chain_rule.py`,
`curve_fitting.py`, `double_double.py`, `dual.py`, `dual_rules.py`, `fit.py`, `gradient.py`, `gradient_check.py`,
`inputs.py`, `levels.py`, `levenberg_marquardt.py`, `linear_regression.py`, `recording.py`, `rules.py`, `slope.py`,
`sparse_dual.py`, `stand_in.py`, `summary.py`, `tape.py`, `variable.py` into a folder `mmlbook` beside your program.

Where you need only some of it, take the module that holds it, with the files that its first lines name:

- `fit_line`, `fit_linear`, `polynomial_columns`, from `mmlbook.linear_regression`
- `LeastSquares`, from `mmlbook.summary`: data larger than memory, or on many machines
- `fit_curve`, `least_squares`, from `mmlbook.curve_fitting`: models that are not linear in their parameters
- `Fit`, from `mmlbook.fit`: what all of them return
"""

from mmlbook.curve_fitting import fit_curve, least_squares
from mmlbook.fit import Fit
from mmlbook.linear_regression import fit_line, fit_linear, polynomial_columns
from mmlbook.summary import LeastSquares

__all__ = ["Fit", "LeastSquares", "fit_curve", "fit_line", "fit_linear", "least_squares", "polynomial_columns"]
