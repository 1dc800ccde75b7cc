"""Named arrays in a file that is replaced as a whole, and read without trusting it.

To copy: put this file into a folder `mmlbook` beside your program, with the module
that uses it. It needs nothing else but NumPy.

NumPy's .npz is a zip archive of arrays. With pickle off, reading one cannot run any code.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     write(folder + "/some.npz", length=3, name="ruler")
...     read(folder + "/some.npz", "length", "name")
{'length': 3, 'name': 'ruler'}
>>> read(3)
Traceback (most recent call last):
...
TypeError: path: expected the path of a file, got 3
"""

import contextlib
import os

import numpy as np


def write(path, **entries):
    """Write numbers, texts and arrays under their names, beside the path first, then move the file there.

    Raises TypeError if path is no path, OSError if the file cannot be written; then nothing is left behind.
    """
    path = _path(path)
    folder, name = os.path.split(path)
    beside = os.path.join(folder, f".{name}.{os.getpid()}.part")
    try:
        with open(beside, "wb") as file:
            np.savez(file, **entries)
            file.flush()
            os.fsync(file.fileno())  # on the disk before it takes the other's place
        os.replace(beside, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(beside)


def read(path, *names):
    """The entries of these names, as arrays or, where they are single, as numbers and texts.

    Raises TypeError if path is no path, OSError if the file cannot be read, ValueError, naming what is
    missing, if it is no .npz file with these entries.
    """
    import zipfile  # here, since they would double the time that the package takes to import
    import zlib

    path = _path(path)
    try:
        with open(path, "rb") as file, zipfile.ZipFile(file) as archive:
            missing = [name for name in names if f"{name}.npy" not in archive.namelist()]
        if missing:
            raise ValueError(f"it lacks {', '.join(missing)}")
        with np.load(path, allow_pickle=False) as entries:
            found = {name: entries[name] for name in names}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"path: expected a file with {', '.join(names)}, but {path} is none: {error}") from error
    return {name: entry if entry.ndim else entry.item() for name, entry in found.items()}


def _path(path):
    if not isinstance(path, str | os.PathLike):
        raise TypeError(f"path: expected the path of a file, got {path!r}")
    if "\0" in os.fspath(path):
        raise ValueError(f"path: expected the path of a file, got {path!r} with a character that no path can have")
    return os.fspath(path)
