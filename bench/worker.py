"""A process that computes cases by Python's libraries, as it is told on standard input. `rust-peers serve` is its like.

A request is a line of words between tabs, and so is the reply, which starts with `ok` or `failed`:

    load NAME FOLDER            ->  ok PEER PEER ...         reads FOLDER/x and FOLDER/w, makes everything ready
    result PEER                 ->  ok SECONDS               one call; the result goes to FOLDER/y as plain numbers
    time PEER TOGETHER SAMPLES  ->  ok SECONDS SECONDS ...   so many samples, each the mean of calls one after the other

    python worker.py THREADS [PEERS]        PEERS: a regular expression
"""

import math
import os
import pathlib
import re
import sys
import time
import warnings

warnings.filterwarnings("ignore", message="TF32")

import numpy as np  # noqa: E402

import cases  # noqa: E402
import layers  # noqa: E402, F401: its ways are among those of libraries
import libraries  # noqa: E402


def plain(y):
    """A result as an array of NumPy's."""
    return y.numpy() if hasattr(y, "numpy") and not isinstance(y, np.ndarray) else np.asarray(y)


class Worker:
    def __init__(self, threads, peers):
        self.threads, self.peers = threads, peers
        self.calls, self.folder = {}, None
        libraries.settle(threads)

    def load(self, name, folder):
        self.calls, self.folder = {}, pathlib.Path(folder)
        case = cases.read(name)
        shape, of_weights = case.given
        x = np.fromfile(self.folder / "x", case.dtype).reshape(shape)
        w = np.fromfile(self.folder / "w")
        pairs = w.size == 2 * math.prod(of_weights)
        w = (w.view(np.complex128) if pairs else w).reshape(of_weights)
        for name, kinds, make in libraries.WAYS:
            if case.kind in kinds and re.search(self.peers, name):
                try:
                    call = make(case, x, w, self.threads)
                except Exception as reason:  # what a library cannot do is a finding
                    print(f"{case.name}: {name}: {reason}", file=sys.stderr)
                else:
                    self.calls.update({name: call} if call else {})
        return self.calls

    def result(self, peer):
        start = time.perf_counter()
        y = self.calls[peer]()
        seconds = time.perf_counter() - start
        np.ascontiguousarray(plain(y)).tofile(self.folder / "y")
        return [seconds]

    def time(self, peer, together, samples):
        call, seconds, together = self.calls[peer], [], int(together)
        for _ in range(int(samples)):
            start = time.perf_counter()
            for _ in range(together):
                call()
            seconds.append((time.perf_counter() - start) / together)
        return seconds


def main():
    worker = Worker(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what libraries print is no reply
    for line in sys.stdin:
        request, *words = line.rstrip("\n").split("\t")
        try:
            reply = ["ok", *getattr(worker, request)(*words)]
        except Exception as reason:
            reply = ["failed", " ".join(f"{type(reason).__name__}: {reason}".split())[:200]]
        print(*reply, sep="\t", file=replies, flush=True)


if __name__ == "__main__":
    main()
