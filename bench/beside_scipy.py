"""Times of faltung beside SciPy on the same machine in the same run: alternating, minima.

Usage: python bench/beside_scipy.py [ROUNDS]   (needs numpy and scipy; builds the engine's example `speed`)
"""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import scipy
from scipy import ndimage, signal

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
rng = np.random.default_rng(0)


def noise(*shape):
    return rng.uniform(-1, 1, shape).astype(np.float32)


LONG, IMAGE = noise(1_000_000), noise(2048, 2048)
K1001, K5 = noise(1001), noise(5, 5)
PEERS = {
    "1e6x1001": ("scipy.signal.oaconvolve", lambda: signal.oaconvolve(LONG, K1001, mode="same")),
    "2048^2 5x5": ("scipy.ndimage.convolve", lambda: ndimage.convolve(IMAGE, K5)),
}


def ours(threads):
    """Name of a case to least milliseconds, by a fresh process."""
    command = [ROOT / "target/release/examples/speed", "", str(threads)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return {line[:14].strip(): float(line[27:].split()[0]) for line in lines if " ms," in line}


def least(old, new):
    return {name: min(old.get(name, float("inf")), value) for name, value in new.items()}


def main():
    build = ["cargo", "build", "--release", "--quiet", "--package", "faltung", "--example", "speed"]
    subprocess.run(build, cwd=ROOT, check=True)
    one, two, theirs = {}, {}, {}
    for _ in range(ROUNDS):
        one, two = least(one, ours(1)), least(two, ours(2))
        for name, (_, call) in PEERS.items():
            for _ in range(3):
                start = time.perf_counter()
                call()
                theirs = least({**theirs}, {**theirs, name: (time.perf_counter() - start) * 1e3})
    print(f"scipy {scipy.__version__}, numpy {np.__version__}; float32, least of all runs, milliseconds")
    print("| case | peer | peer ms | faltung, 1 thread | faltung, 2 threads | ratio, 1 thread |")
    print("|---|---|---|---|---|---|")
    for name, (peer, _) in PEERS.items():
        ratio = one[name] / theirs[name]
        print(f"| {name} | {peer} | {theirs[name]:.2f} | {one[name]:.2f} | {two[name]:.2f} | {ratio:.3f} |")


main()
