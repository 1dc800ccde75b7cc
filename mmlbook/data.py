"""The measurements that the book works with, all made by computer from a formula, a seed and errors that we chose.

To copy: put this file, `csv_table.py` and `inputs.py` into a folder `mmlbook` beside your program.
Nothing else is needed but NumPy. What it offers:

- `shadow_readings`: eight readings across the edge of a shadow, which run through the whole book
- `spring_lengths`: a straight line, with an error of its own for each point
- `battery_charge`: a straight line, with three readings that went wrong
- `kettle_temperatures`: a curve that is not linear in its parameters
- `sunflower_heights`: a sample from two overlapping normal distributions
- `read_csv`: measurements of your own

Another seed repeats the experiment, with new errors. Because we know the true parameters, you
can see whether a fit finds them, and whether its error bars are honest.
"""

import numpy as np

from mmlbook.csv_table import read_csv
from mmlbook.inputs import whole

__all__ = [
    "battery_charge",
    "kettle_temperatures",
    "read_csv",
    "shadow_readings",
    "spring_lengths",
    "sunflower_heights",
]


def shadow_readings(seed=487):
    """Eight readings of a light meter that is moved across the soft edge of a shadow.

    Made as ``tanh(0.6 * position - 2)`` plus a normal error of 0.05, rounded to two decimals.

    Parameters: seed, a whole number from 0; 487 gives the readings in the book.
    Returns position (cm), shape (8,); reading (no unit: -1 in full shade, 1 in full light),
    shape (8,); and the error of each reading, one number.
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> position, reading, error = shadow_readings()
    >>> reading
    array([-0.95, -0.84, -0.67, -0.23,  0.32,  0.85,  0.88,  0.95])
    >>> error
    0.05
    >>> shadow_readings(seed=0.5)
    Traceback (most recent call last):
    ...
    TypeError: seed: expected a whole number, got 0.5
    """
    random = np.random.default_rng(whole(seed, "seed"))
    error = 0.05
    position = np.arange(8.0)
    reading = np.tanh(0.6 * position - 2) + error * random.normal(size=8)
    return position, reading.round(2), error


def spring_lengths(seed=1):
    """The length of a spring with a load hung from it, read by eye for the small loads and by a gauge for the large.

    Made as ``80 + 0.25 * load`` plus normal errors of 1.5 mm up to 100 g and 0.4 mm above, rounded to 0.1 mm.

    Parameters: seed, a whole number from 0.
    Returns load (g), length (mm) and the error of each length (mm), all of shape (10,).
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> load, length, error = spring_lengths()
    >>> length
    array([ 85.5,  91.2,  95.5,  98. , 106.4, 110.2, 114.8, 120.2, 125.1,
           130.1])
    >>> error
    array([1.5, 1.5, 1.5, 1.5, 1.5, 0.4, 0.4, 0.4, 0.4, 0.4])
    """
    random = np.random.default_rng(whole(seed, "seed"))
    load = np.arange(20.0, 201.0, 20.0)
    error = np.where(load <= 100, 1.5, 0.4)
    length = 80 + 0.25 * load + error * random.normal(size=10)
    return load, length.round(1), error


def battery_charge(seed=2):
    """The charge that a telephone shows while it plays films: three of the readings were noted down wrongly.

    Made as ``96 - 7.5 * time`` plus a normal error of 1 per cent, rounded to whole per cents. Then, in the readings
    at 2, 6 and 9.5 hours, the two digits have changed places.

    Parameters: seed, a whole number from 0.
    Returns time (hours) and charge (per cent), shape (24,), and the error of each good reading (per cent), one number.
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> time, charge, error = battery_charge()
    >>> charge
    array([96., 92., 88., 82., 38., 78., 73., 71., 66., 62., 59., 54., 15.,
           46., 44., 40., 37., 32., 29., 42., 22., 17., 14., 10.])
    """
    random = np.random.default_rng(whole(seed, "seed"))
    error = 1.0
    time = np.arange(0.0, 12.0, 0.5)
    charge = (96 - 7.5 * time + error * random.normal(size=24)).round()
    wrong = np.isin(time, [2, 6, 9.5])
    charge[wrong] = 10 * (charge[wrong] % 10) + charge[wrong] // 10
    return time, charge, error


def kettle_temperatures(seed=3):
    """The temperature of water in a kettle that has been switched off.

    Made as ``21 + 74 * exp(-time / 28)`` plus a normal error of 0.4 degrees Celsius, rounded to one decimal.

    Parameters: seed, a whole number from 0.
    Returns time (minutes) and temperature (degrees Celsius), shape (19,), and the error of each
    temperature (degrees Celsius), one number.
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> time, temperature, error = kettle_temperatures()
    >>> temperature
    array([95.8, 81.9, 72.9, 64.1, 57. , 51.2, 45.5, 42.1, 38.4, 37.2, 33.5,
           31.2, 29.6, 28. , 26.7, 25.9, 25.4, 24.5, 24.4])
    """
    random = np.random.default_rng(whole(seed, "seed"))
    error = 0.4
    time = np.arange(0.0, 91.0, 5.0)
    temperature = 21 + 74 * np.exp(-time / 28) + error * random.normal(size=19)
    return time, temperature.round(1), error


def sunflower_heights(seed=4):
    """The heights of 600 sunflowers in a field where the seeds of two varieties were mixed.

    Each flower is of the low variety with probability 0.6, of the tall one otherwise. Heights
    are normal, with mean 148 cm and standard deviation 9 cm for the low, 184 cm and
    12 cm for the tall variety, rounded to whole centimetres.

    Parameters: seed, a whole number from 0.
    Returns the heights (cm), shape (600,).
    Raises TypeError or ValueError, naming the argument, otherwise.

    >>> heights = sunflower_heights()
    >>> heights[:6], float(heights.min()), float(heights.max())
    (array([193., 160., 174., 141., 182., 146.]), 111.0, 214.0)
    """
    random = np.random.default_rng(whole(seed, "seed"))
    low = random.random(600) < 0.6
    return np.where(low, 148 + 9 * random.normal(size=600), 184 + 12 * random.normal(size=600)).round()
