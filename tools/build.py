"""Builds the book: strict, executed, parallel; a build that failed or was cut short leaves nothing behind."""

import json
import os
import re
import shutil
import time

from tools.environment import PYTHON, digest
from tools.process import ROOT, Stop, alone, say, shown

BUILD = ROOT / "_build"
TIME_LIMIT = 20 * 60  # seconds; a build that hangs must end
# Sphinx knows what depends on these; the extensions tell it of the package and of a page's figures.
FOLLOWED = re.compile(r"book/(.*\.md|_static/.*|[^_].*\.(js|py))|mmlbook/.*|tools/(?!(build|code_cells)\.py).*|[^/]*")
CONFIGURATION = ("conf.py", "requirements.txt", "package-lock.json")
FAULT = re.compile(r"(?:(?P<path>[^\s:][^:]*?):(?:(?P<line>\d+):)? )?(?:WARNING|ERROR|CRITICAL|SEVERE): (?P<text>.*)")
# What kernels say of themselves at each start, which is no fault and of no use here.
NOISE = re.compile(r"\[IPKernelApp\] WARNING \| Kernel is running over TCP|# \S+ \S+ INFO ")


def sources():
    """The hash of every file that the site is made from, by its path."""
    files = [file for folder in ("book", "mmlbook", "tools") for file in (ROOT / folder).rglob("*")]
    paths = [file.relative_to(ROOT) for file in (*ROOT.iterdir(), *files) if file.is_file()]
    return {
        path.as_posix(): digest(ROOT / path)
        for path in sorted(paths)
        if "__pycache__" not in path.parts and not any(part.startswith(".") for part in path.parts)
    }


def settings(found):
    """One hash of the files that may concern any page without Sphinx's knowing it."""
    return digest(
        json.dumps(
            [item for item in found.items() if item[0] in CONFIGURATION or not FOLLOWED.fullmatch(item[0])]
            + [os.environ.get("SOURCE_DATE_EPOCH")]
        )
    )


def outputs(folder):
    """One hash of the names and sizes of the files in a folder."""
    return digest(
        json.dumps(
            sorted((str(file.relative_to(folder)), file.stat().st_size) for file in folder.rglob("*") if file.is_file())
        )
    )


def build(env, builder="html", fresh=False):
    """Builds the book into _build/BUILDER.

    `fresh` asks for what a build from nothing gives: the present one is kept only if it was built from nothing
    out of the very files that are there now. _build/BUILDER.json says what the present build was made from; it
    is missing while a build runs, so one that failed or was killed is never taken for a good one.
    """
    out, doctrees, record = BUILD / builder, BUILD / "doctrees" / builder, BUILD / f"{builder}.json"
    with alone("build") as lock:
        found = sources()
        now = {"settings": settings(found), "sources": found}
        last = json.loads(record.read_text()) if record.exists() else {}
        same = last.get("settings") == now["settings"] and last.get("sources") == found
        intact = out.is_dir() and last.get("outputs") == outputs(out)
        if same and intact and (last["from_nothing"] or not fresh):
            say(f"_build/{builder} is up to date with every file that it is made from.")
            return
        gone = last.get("sources", {}).keys() - found.keys()
        from_nothing = fresh or not intact or bool(gone) or last["settings"] != now["settings"]
        record.unlink(missing_ok=True)
        if from_nothing:
            clear(out, doctrees)
        say(
            f"Building the book into _build/{builder}: "
            + ("every page and every cell." if from_nothing else "what has changed, and what depends on it.")
        )
        start = time.monotonic()
        try:
            run_sphinx(env, builder, out, doctrees, lock)
        except BaseException:
            clear(out, doctrees)
            raise
        now |= {"outputs": outputs(out), "from_nothing": from_nothing}
        unfinished = record.with_suffix(".part")
        unfinished.write_text(json.dumps(now))
        unfinished.replace(record)  # a record exists whole or not at all
    say(f"Built _build/{builder} in {time.monotonic() - start:.1f} s, without a warning.")


def clear(*folders):
    for folder in (*folders, BUILD / "jupyter_execute"):
        shutil.rmtree(folder, ignore_errors=True)


def run_sphinx(env, builder, out, doctrees, lock):
    """Runs Sphinx and repeats the first fault that it found as the last thing said."""
    lines = []

    def line_read(line):
        if NOISE.match(line) or not line.strip():
            return
        line = line.replace(f"{ROOT}{os.sep}", "")
        lines.append(line)
        print(line, end="", flush=True)

    # Whoever outlives this process keeps the lock, so that no second build meets the rest of a first.
    # -a writes every page anew: titles and links of a changed page also stand on the others. Two workers a processor,
    # because each waits half of its time for a kernel.
    status = shown(
        [
            str(PYTHON),
            "-m",
            "sphinx",
            "-b",
            builder,
            "-W",
            "--keep-going",
            "-n",
            "-a",
            "-j",
            str(2 * (os.cpu_count() or 1)),
            "-q",
            "--no-color",
            "-c",
            ".",
            "-d",
            str(doctrees),
            "book",
            str(out),
        ],
        env,
        TIME_LIMIT,
        line_read,
        lock,
    )
    if status is None:
        raise Stop(
            f"The build was ended because it took longer than {TIME_LIMIT // 60} minutes: "
            "look for a cell or an extension that never comes to an end."
        )
    if status:
        raise Stop(f"The build failed: {first_fault(lines)}. Mend it, then run the same command again.")


def first_fault(lines):
    """The place and words of the first fault in Sphinx's output, one whose line is known before all others."""
    faults = [match for match in map(FAULT.match, lines) if match]
    if not faults:
        return "Sphinx says: " + (lines[-1].strip().rstrip(".") if lines else "nothing")
    fault = next((match for match in faults if match["line"]), faults[0])
    place = (f" in {fault['path']}" if fault["path"] else "") + (f" line {fault['line']}" if fault["line"] else "")
    return f"a fault{place}: {fault['text'].rstrip(' .')}"
