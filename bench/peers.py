"""Times every case by every library that can do it, and by us: interleaved, checked, on one and on two threads.

    python peers.py [--only REGEX] [--peers REGEX] [--ours-only] [--threads 1 2] [--quick] [--levels avx2 sse4.2 ...]
                    [--package FOLDER] [--before FOLDER] [--rust PROGRAM] [--into FILE]

`cargo xtask bench` builds what this needs and calls it. Each number of threads, each instruction set and each language has a
process of its own (`worker.py`, `rust-peers serve`), all fed with the same data. They are asked in turn, several times round,
so that what drifts on the machine hits all alike. Every result is checked as a whole before it is timed. What was measured is
kept in FILE, one JSON object, from which `record.py` makes tables and charts.
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

import cases
import comparison
import machine
from reference import Reference

HERE = pathlib.Path(__file__).parent
ROUNDS = 6
SHORT = 5e-4  # seconds: shorter calls are timed several together
LONG = 2.0  # seconds: longer calls are made once


class Process:
    """One worker: a program that answers requests, see worker.py."""

    def __init__(self, command, label="", **environment):
        self.label = label
        variables = {**os.environ, **environment}
        pipe = subprocess.PIPE
        self.program = subprocess.Popen([*map(str, command)], env=variables, stdin=pipe, stdout=pipe, text=True)
        self.peers = []

    def ask(self, *words):
        self.program.stdin.write("\t".join(map(str, words)) + "\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline().rstrip("\n")
        if not line:
            raise RuntimeError(f"{self.program.args} ended with {self.program.wait()}")
        state, *reply = line.split("\t")
        if state != "ok":
            raise ValueError(*reply)
        return reply

    def load(self, name, folder):
        self.peers = [Peer(self, word) for word in self.ask("load", name, folder)]
        return self.peers


class Peer:
    """A way of a worker to compute the case at hand; a worker may add the algorithm after an equals sign."""

    def __init__(self, process, word):
        self.process = process
        self.word, _, self.algorithm = word.partition("=")
        self.name = self.word + process.label
        self.samples = []

    def visit(self, budget):
        """Takes some samples: as many as fit into so many seconds."""
        together = max(1, int(SHORT / max(self.call, 1e-8)))
        count = max(1, min(60, int(budget / (self.call * together))))
        self.samples += map(float, self.process.ask("time", self.word, together, count))

    @property
    def ours(self):
        return self.word.startswith(("faltung", "rs:faltung"))


def environment(threads):
    names = ("OMP", "MKL", "OPENBLAS", "RAYON", "FALTUNG", "NUMEXPR")
    variables = {f"{name}_NUM_THREADS": str(threads) for name in names}
    # Workers of OpenMP that spin after a call would be in the way of the next peer.
    spin = {"KMP_BLOCKTIME": "1", "OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
    return variables | spin | {"VIPS_CONCURRENCY": str(threads), "CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu"}


def processes(options, threads):
    """The workers for so many threads."""
    some = environment(threads)

    def python(package, peers, label="", **more):
        path = os.pathsep.join(filter(None, [str(HERE), str(package or "")]))
        return Process([sys.executable, HERE / "worker.py", threads, peers], label, PYTHONPATH=path, **some, **more)

    started = []
    if not options.ours_only:
        started.append(python(None, r"^(?!faltung)"))
    if options.package:
        started.append(python(options.package, "^faltung$"))
    if options.before:
        started.append(python(options.before, "^faltung$", " before"))
    if options.package and threads == 1:
        started += [python(options.package, "^faltung$", f" {set}", FALTUNG_SIMD=set) for set in options.levels]
    if options.rust:
        started.append(Process([options.rust, "serve"], **some))
    return started


def check(peer, case, reference, folder):
    """One result, against the reference; and how long a call takes."""
    peer.call = float(peer.process.ask("result", peer.word)[0])
    kind = np.complex64 if case.dtype == np.float32 else np.complex128
    kind = kind if case.kind == "rfft" else case.dtype
    y = np.fromfile(folder / "y", kind)
    shape = reference.everywhere.shape
    peer.error, peer.agrees = reference.judged(y.reshape(shape) if y.size == reference.everywhere.size else y)
    if peer.call > LONG:
        peer.samples.append(peer.call)
    else:  # the first call makes ready what later ones use
        peer.call = min(peer.call, float(peer.process.ask("time", peer.word, 1, 1)[0]))


def measure(case, reference, workers, folder, options, threads):
    """All peers of the workers on one case."""
    peers, failed = [], {}
    for worker in workers:
        try:
            loaded = worker.load(case.name, folder)
        except ValueError as reason:
            failed[f"all of {worker.program.args[0]}"] = str(reason)
            continue
        for peer in loaded:
            if options.peers and not peer.ours and not re.search(options.peers, peer.name):
                continue
            try:
                check(peer, case, reference, folder)
                peers.append(peer)
            except ValueError as reason:
                failed[peer.name] = str(reason)
    fastest = min((peer.call for peer in peers), default=0)
    before, start = others_busy(workers), time.perf_counter()
    for turn in range(1 if options.quick else ROUNDS):
        first = turn % max(1, len(peers))
        for peer in peers[first:] + peers[:first]:
            hopeless = peer.call > 10 * fastest
            if not peer.samples or not hopeless and peer.call <= LONG:
                if threads > 1:
                    time.sleep(0.002)  # until the threads of the one before sleep
                peer.visit(options.budget / ROUNDS)
    others = (others_busy(workers) - before) / max(time.perf_counter() - start, 1e-9)
    return {
        "peers": {peer.name: summary(peer) for peer in peers},
        "failed": failed,
        "others": round(max(0.0, others), 2),
    }


def others_busy(workers):
    """Seconds that CPUs have worked for others than us."""
    ours = [os.getpid(), *(worker.program.pid for worker in workers)]
    return machine.busy() - sum(map(machine.worked, ours))


def summary(peer):
    found = {"least": min(peer.samples), "median": statistics.median(peer.samples), "samples": len(peer.samples)}
    found |= {"error": peer.error, "agrees": peer.agrees}
    return found | ({"algorithm": peer.algorithm} if peer.algorithm else {})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="cases whose name has this regular expression")
    parser.add_argument("--peers", help="peers whose name has this regular expression; we are always among them")
    parser.add_argument("--ours-only", action="store_true", help="no other libraries")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--quick", action="store_true", help="once round, short: to see that everything works")
    parser.add_argument("--levels", nargs="*", default=[], help="instruction sets with columns of their own")
    parser.add_argument("--package", type=pathlib.Path, help="folder of our Python package")
    parser.add_argument("--before", type=pathlib.Path, help="folder of an earlier one, to be beside it")
    parser.add_argument("--rust", type=pathlib.Path, help="the program `rust-peers`")
    parser.add_argument("--into", type=pathlib.Path, help="where the measured numbers are kept")
    options = parser.parse_args()
    options.budget = 0.03 if options.quick else 0.3
    return options


def main():
    options = arguments()
    names = [name for name in cases.listed() if re.search(options.only, name)]
    measured = {"machine": machine.described(), "versions": machine.versions(), "when": time.strftime("%Y-%m-%d %H:%M")}
    measured |= {"levels": options.levels, "limits": {}, "cases": {}}
    if options.rust:
        measured["limits"] = machine.limits(options.rust, options.quick)
    workers = {threads: processes(options, threads) for threads in options.threads}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name in names:
            case = cases.read(name)
            for letter, array in zip("xw", cases.data(case), strict=True):
                array.tofile(folder / letter)
            reference = Reference(case)
            found = measured["cases"][name] = {"threads": {}}
            for threads, some in workers.items():
                found["threads"][str(threads)] = measure(case, reference, some, folder, options, threads)
            comparison.complete(found, reference)
            print(comparison.shown(name, found), flush=True)
            if options.into:
                options.into.write_text(json.dumps(measured, indent=1) + "\n")


if __name__ == "__main__":
    main()
