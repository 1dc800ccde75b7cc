"""Kernels forked from one warm process, which has imported ipykernel, NumPy and Matplotlib once for all pages.

A kernel of its own costs a page 0.9 s of the processor before its first cell, and 0.6 s more for the imports. The warm
process (kernel/warm_process.py) is started before the pages are read, so that Sphinx's workers share it, and imports
when the first kernel is asked for. What asks is a provisioner of Jupyter's, which gets a forked kernel in place of a
started one; all else, such as signals and time limits, is Jupyter's own.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from importlib.metadata import EntryPoint
from importlib.util import find_spec
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from sphinx.application import Sphinx
from sphinx.util import logging

NAME, ORDINARY = "warm-provisioner", "local-provisioner"
PROGRAM = Path(__file__).parent / "kernel" / "warm_process.py"
PATIENCE = 30  # seconds for the imports, after which an ordinary kernel is started
LOG = logging.getLogger(__name__)


class WarmProcess:
    """The process that forks kernels. It ends when nobody holds the other end of its socket any more."""

    def __init__(self):
        self.requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            # In a session of its own, out of reach of Ctrl-C: a kernel must not miss its parent while it ends.
            self.process = subprocess.Popen(
                [sys.executable, str(PROGRAM), str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def fork(self, arguments: list[str], env: dict[str, str], cwd: str) -> "ForkedKernel":
        """Ask for a kernel. Raises OSError when there is none to be had.

        A request is one message, so those of several workers do not mix.
        """
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            message = json.dumps({"argv": arguments, "env": env, "cwd": cwd}).encode()
            try:
                socket.send_fds(self.requests, [message], [theirs.fileno()])
            except OSError:
                ours.close()
                raise
        return ForkedKernel(ours)

    def close(self) -> None:
        """Let the process end, and wait for it."""
        self.requests.close()
        self.process.wait()


class ForkedKernel:
    """A kernel that is not this process's child, with what `LocalProvisioner` asks of a `Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, own: socket.socket):
        self.own, self.handle, self.returncode = own, None, None
        own.settimeout(PATIENCE)
        try:
            self.pid = int(own.recv(20) or b"0")
            if not self.pid:
                raise ConnectionError("the warm process has ended")
            self.handle = os.pidfd_open(self.pid)
        except OSError:
            own.close()
            raise

    def poll(self) -> int | None:
        """Return None while it lives, then a status, which is not the real one: only a parent learns that."""
        if self.returncode is None and select.select([self.handle], [], [], 0)[0]:
            self.close()
        return self.returncode

    def wait(self) -> int:
        """Wait for its end."""
        if self.returncode is None:
            select.select([self.handle], [], [])
            self.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.handle, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Let the warm process end it, if it has not ended, and forget its number."""
        if self.returncode is None:
            self.returncode = 1
            self.own.close()
            os.close(self.handle)


class WarmProvisioner(LocalProvisioner):
    """Gives Jupyter forked kernels, or ordinary ones where what it wants is not the warm process's kernel."""

    warm: WarmProcess | None = None

    async def launch_kernel(self, cmd: list[str], **kwargs) -> dict:
        """Fork what `cmd` would start."""
        program, *arguments = cmd
        as_usual = program == sys.executable and arguments[:2] == ["-m", "ipykernel_launcher"]
        if not self.warm or not as_usual or not kwargs.keys() <= {"env", "cwd", "kernel_id"}:
            return await super().launch_kernel(cmd, **kwargs)
        folder = os.fspath(kwargs.get("cwd") or Path.cwd())
        argv = [find_spec("ipykernel_launcher").origin, *arguments[2:]]
        try:
            self.process = self.warm.fork(argv, kwargs["env"], folder)
        except OSError as error:
            LOG.info("An ordinary kernel is started, because there is no warm one: %s", error)
            return await super().launch_kernel(cmd, **kwargs)
        self.pid = self.pgid = self.process.pid
        self.cwd = folder
        return self.connection_info

    async def cleanup(self, restart: bool = False) -> None:
        """Forget a kernel that died without being waited for."""
        if isinstance(self.process, ForkedKernel):
            self.process.close()
        await super().cleanup(restart)


def possible() -> bool:
    """Whether this system can hold a process that is not its parent's by a handle: Linux can.

    macOS cannot, and its Accelerate must not be used after a fork.
    """
    try:
        os.close(os.pidfd_open(os.getpid()))
    except (AttributeError, OSError):
        return False
    return True


def start(app: Sphinx, *_) -> None:
    """Start the warm process and make it the source of kernels."""
    stop()
    if possible():
        WarmProvisioner.warm = WarmProcess()
        factory = KernelProvisionerFactory.instance()
        factory.provisioners[NAME] = EntryPoint(NAME, f"{__name__}:{WarmProvisioner.__name__}", factory.GROUP_NAME)
        factory.default_provisioner_name = NAME


def stop(*_) -> None:
    """End the warm process, and with it whatever kernel is left."""
    if WarmProvisioner.warm:
        KernelProvisionerFactory.instance().default_provisioner_name = ORDINARY
        WarmProvisioner.warm.close()
        WarmProvisioner.warm = None
