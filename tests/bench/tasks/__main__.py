"""`python -m tests.bench.tasks FILE`: times every task in this one process and writes the rows to a file, as JSON."""

import importlib
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

TASKS = ("gradients", "single_numbers", "matrices", "networks", "taylor", "roots", "fits")
PEERS = ("numpy", "autograd", "mygrad", "torch", "micrograd", "jax", "scipy", "scikit-learn")


def main(file, *names):
    """Time the tasks, one thread each."""
    assert os.environ["OMP_NUM_THREADS"] == "1", "tests.bench.package starts this with one thread"
    import jax
    import numpy as np
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    jax.config.update("jax_enable_x64", True)
    # Once a block of this size has been freed, the C library keeps what is freed for the next array, as it does in any
    # program that has been running for a while. Before, arrays of 100,000 numbers may take twice as long, by chance.
    np.empty(30_000_000, dtype=np.uint8)
    measured = []
    for name in names or TASKS:
        for task, peer, ours, peers in importlib.import_module(f"tests.bench.tasks.{name}").rows():
            print(f"{task}: {peers / ours:.2f} times as fast as {peer}", flush=True)
            measured.append({"task": task, "peer": peer, "seconds": ours, "seconds_of_peer": peers})
    versions = {name: version(name) for name in PEERS}
    Path(file).write_text(json.dumps({"rows": measured, "versions": versions, "python": platform.python_version()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
