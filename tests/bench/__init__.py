"""Benchmarks: each module here measures something and records it in book/measurements.json.

`make bench` runs every module as `python -m tests.bench.NAME`, over the built site in _build/html.
"""

import datetime
import json
import os
import platform
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "book" / "measurements.json"


def record(section, values):
    """Puts `values` (a dict that JSON can hold) under `section`, with the day and the machine they come from."""
    data = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    data[section] = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        **values,
    }
    FILE.write_text(json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
