"""A process that has imported what pages need, and forks a kernel for each request: see cells/warm_kernels.py.

A request is one message on the socket whose number is the first argument: the kernel's arguments, environment and
folder, and with them a second socket, which is that kernel's own. On it the kernel tells its number. When the other
end of a kernel's socket closes, that kernel is ended; when that of the first does, all are, and so is this process.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import warnings

# What a kernel imports, in part when it has already begun; then what nearly every page needs. Not matplotlib_inline:
# it joins the running kernel when it is imported, and without one, no figure would be shown.
PACKAGES = """
    ipykernel.kernelapp ipykernel.debugger IPython.core.completerlib IPython.core.debugger IPython.core.logger
    IPython.core.oinspect IPython.core.pylabtools IPython.extensions.storemagic
    psutil sqlite3 tornado.platform.asyncio
    numpy numpy.random matplotlib.pyplot matplotlib.backends.backend_svg
""".split()


def import_packages() -> None:
    """Import PACKAGES; never `mmlbook`, which changes while it is written."""
    # Both as in a kernel: where ipykernel looks for its parent, and what it does before Matplotlib is imported.
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # else the debugger, which nobody uses, warns at its import
    for name in PACKAGES:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()  # kernels need not look through all this again


def serve(requests: socket.socket) -> dict:
    """Fork kernels until `requests` closes. Returns in each kernel, and there alone, what was asked for."""
    kernels: dict[socket.socket, int] = {}
    while True:
        for ready in select.select([requests, *kernels], [], [])[0]:
            if ready is not requests:
                with ready:
                    end(kernels.pop(ready))
                continue
            message, files, *_ = socket.recv_fds(requests, 1 << 20, 1)
            if not message:
                for pid in kernels.values():
                    end(pid)
                sys.exit()
            if "ipykernel" not in sys.modules:
                import_packages()
            kernel = socket.socket(fileno=files[0])
            with warnings.catch_warnings(action="ignore"):  # of threads: BLAS ends its own before a fork
                pid = os.fork()
            if pid == 0:
                os.setsid()
                kernel.send(str(os.getpid()).encode())
                for inherited in (requests, kernel, *kernels):
                    inherited.close()
                return json.loads(message)
            kernels[kernel] = pid


def end(pid: int) -> None:
    """End a kernel and what it started. Until then it is not reaped, so its number belongs to nobody else."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has not come as far as setsid
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def become(request: dict) -> None:
    """Turn this process into the kernel that a new one would be with these arguments, environment and folder."""
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"], JPY_PARENT_PID=str(os.getppid()))
    sys.argv[:] = request["argv"]
    sys.modules["numpy"].random.seed()  # Python's own generator does so by itself
    sys.modules["ipykernel.kernelapp"].launch_new_instance()


if __name__ == "__main__":
    del sys.path[0]  # the folder of this file, which is on no kernel's path
    become(serve(socket.socket(fileno=int(sys.argv[1]))))
