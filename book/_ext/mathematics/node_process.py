"""One long-lived node process for each process of the build.

Sphinx forks workers to read and write pages in parallel. Workers must not share a pipe, so the process is made on first
use and belongs to the process id that made it.
"""

import atexit
import json
import os
import selectors
import subprocess
from pathlib import Path

HELPER = Path(__file__).with_name("render.mjs")
SECONDS = 30  # for one answer; KaTeX needs milliseconds, the first answer waits for node to start

_processes: dict[int, subprocess.Popen] = {}


class NodeError(Exception):
    """Node refused a request; the message is the one that it gave."""


def ask(operation: str, **request):
    """Send one request to node and return its answer. Raises NodeError with node's own message."""
    process = _processes.get(os.getpid())
    if process is None or process.poll() is not None:
        close()
        process = _start()
    process.stdin.write(json.dumps({"operation": operation, **request}).encode() + b"\n")
    process.stdin.flush()
    line = _read_line(process)
    answer = json.loads(line)
    if "error" in answer:
        raise NodeError(answer["error"])
    return answer["result"]


def _start() -> subprocess.Popen:
    try:
        process = subprocess.Popen(["node", str(HELPER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
    except FileNotFoundError:
        raise NodeError("node was not found: run `make html`, which brings it") from None
    _processes[os.getpid()] = process
    return process


def _read_line(process: subprocess.Popen) -> bytes:
    """Read up to the end of one line, and give up rather than hang the build."""
    chunks = []
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while not chunks or not chunks[-1].endswith(b"\n"):
            if not selector.select(SECONDS):
                process.kill()
                process.wait()  # so that the next request starts another one
                raise NodeError(f"node gave no answer within {SECONDS} seconds")
            chunk = process.stdout.read(1 << 16)
            if not chunk:
                raise NodeError("node ended before it answered; is `npm ci` complete?")
            chunks.append(chunk)
    return b"".join(chunks)


def close() -> None:
    """End this process's node, if it has one."""
    process = _processes.pop(os.getpid(), None)
    if process is None:
        return
    with process.stdout:
        process.stdin.close()  # node ends where its input ends
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


atexit.register(close)
