"""Memory that a call takes beyond its input and its output, ours beside SciPy's.

    python memory.py [--package FOLDER]

Each call has a process of its own, whose peak of resident memory (`ru_maxrss`) is read before and after. Prints a line for
each: case, library, bytes beyond the output, bytes of the output.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys

HERE = pathlib.Path(__file__).parent
CASES = ("signal-f32-10000000-k10001-same", "image-f32-4096x4096-k15", "volume-f32-256x256x256-k5")


def filled(shape):
    """Samples that are not all the same, made in place: nothing else is to be resident."""
    import numpy as np

    x = np.empty(shape, np.float32)
    flat = x.reshape(-1)
    np.random.default_rng(0).random(out=flat, dtype=np.float32)
    return x


def call_of(case, library):
    import numpy as np

    if library == "faltung":
        import faltung

        signal, ndimage = faltung, faltung.ndimage
    else:
        from scipy import ndimage, signal
    w = np.full(case["kernel"], 0.5, np.float32)
    w.flat[0] = 1.0  # neither a box nor a product
    w.flat[-1] = -1.0
    if case["kind"] == "signal":
        convolve = signal.convolve if library == "faltung" else signal.oaconvolve
        return lambda x: convolve(x, w, "same")
    return lambda x: ndimage.convolve(x, w, mode="reflect")


def peak():
    """Bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def child(case, library):
    call = call_of(case, library)
    call(filled([2 * k + 1 for k in case["kernel"]]))  # what is made once by the first call is not the call's
    x = filled(case["shape"])
    before = peak()
    y = call(x)
    print(peak() - before - y.nbytes, y.nbytes, sep="\t")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--package", default="", help="folder of our Python package")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(json.loads(options.child[0]), options.child[1])
    environment = os.environ | {"PYTHONPATH": options.package, "OMP_NUM_THREADS": "1"}
    for name in CASES:
        kind, _, shape, kernel, *_ = name.split("-")
        shape = [int(n) for n in shape.split("x")]
        case = {"kind": kind, "shape": shape, "kernel": [int(kernel[1:])] * len(shape)}
        for threads in (1, 2):
            for library in ("faltung", "scipy")[: 2 if threads == 1 else 1]:
                command = [sys.executable, __file__, "--child", json.dumps(case), library]
                some = environment | {"FALTUNG_NUM_THREADS": str(threads)}
                shown = subprocess.run(command, env=some, capture_output=True, text=True, check=True).stdout.strip()
                who = f"{library}, {threads} thread{'s' * (threads > 1)}"
                print(name, who, shown, sep="\t", flush=True)


if __name__ == "__main__":
    main()
