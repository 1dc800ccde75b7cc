"""How long the full strict build takes, and how long it takes when nothing has changed."""

import re
import subprocess
import time

from tests.bench import ROOT, record
from tools.build import BUILD


def seconds(*targets):
    start = time.monotonic()
    subprocess.run(["make", "--no-print-directory", *targets], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return round(time.monotonic() - start, 1)


def main():
    # Without its record a build is taken for an unfinished one, so the next starts from nothing.
    (BUILD / "html.json").unlink(missing_ok=True)
    full = seconds("html")
    again = seconds("html")
    pages = sum(1 for page in (ROOT / "book").rglob("*.md") if not re.search(r"/_", str(page.relative_to(ROOT))))
    record(
        "build",
        {
            "seconds": full,
            "pages": pages,
            "seconds_per_page": round(full / pages, 2),
            "seconds_when_nothing_changed": again,
        },
    )


if __name__ == "__main__":
    main()
