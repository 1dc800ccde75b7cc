"""Running other programs: their output when it matters, a time limit, and one plain sentence when they fail."""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Stop(Exception):
    """Ends the run; its text is the sentence that says what failed and what to do."""


def say(line):
    print(line, flush=True)


def quiet(command, env, limit=900):
    """Runs a command without a word. Returns whether it succeeded, and all that it wrote."""
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit,
        )
    except OSError as error:
        return False, str(error)
    except subprocess.TimeoutExpired:
        return False, f"no end after {limit} seconds"
    return done.returncode == 0, done.stdout


def shown(command, env, limit, on_line=None, lock=None):
    """Runs a command in a process group of its own and ends the whole group at the time limit or on Ctrl-C.

    Its output goes to the terminal, or line by line to `on_line`. It holds `lock` as long as any of it lives.
    Returns its exit status, or None when its time was up.
    """
    child = subprocess.Popen(
        command,
        env=env,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        pass_fds=[lock.fileno()] if lock else [],
        text=True,
        errors="replace",
        **({"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} if on_line else {}),
    )
    if lock:
        lock.write(str(child.pid))
        lock.flush()
    reader = threading.Thread(target=lambda: [on_line(line) for line in child.stdout], daemon=True)
    if on_line:
        reader.start()
    try:
        return child.wait(limit)
    except subprocess.TimeoutExpired:
        return None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        if on_line:
            reader.join(10)  # not for ever: a program that left the group may still hold the pipe
            if not reader.is_alive():
                child.stdout.close()


def last_lines(text, count=12):
    print("\n".join(text.rstrip().splitlines()[-count:]), file=sys.stderr, flush=True)


@contextlib.contextmanager
def alone(name):
    """Holds the lock `_build/NAME.lock`: two runs in one folder would spoil each other's work.

    The file names the process group that holds it, where there is one.
    """
    path = ROOT / "_build" / f"{name}.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            group = file.read()
            raise Stop(
                "Another make is at work in this folder: wait until it has ended"
                + (f" (or end it: kill -9 -- -{group})" if group else "")
                + ", then run the same command again."
            ) from None
        file.truncate(0)
        yield file
