"""Values from outside the project, read where they lie beside it; tests/test_reference_data.py uses them."""

import json
import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "reference-data"
FOLDER = Path(os.environ.get("MMLBOOK_REFERENCE_DATA", BESIDE))


def load(name):
    """The contents of NAME.json, or a skip that says where it was looked for."""
    file = FOLDER / f"{name}.json"
    if not file.exists():
        pytest.skip(f"{file} is not there: MMLBOOK_REFERENCE_DATA may point to its folder")
    return json.loads(file.read_text(encoding="utf-8"))
