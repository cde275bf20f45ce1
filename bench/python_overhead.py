"""What the Python package costs besides computing: its import, its wheel, and a call on few samples.

Usage: python bench/python_overhead.py [ROUNDS]   (needs numpy, scipy and the installed wheel; `cargo xtask python`
makes such an environment in target/python/venv). Peers run in the same process, alternating; least of all runs.
"""

import subprocess
import sys
import timeit
from pathlib import Path

import faltung
import numpy as np
import scipy
from scipy import signal

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 30
CALLS = 2000
rng = np.random.default_rng(0)
LONG, SHORT = rng.normal(size=64), rng.normal(size=5)
CALLERS = {
    "numpy.convolve": lambda: np.convolve(LONG, SHORT),
    "scipy.signal.convolve": lambda: signal.convolve(LONG, SHORT),
    "faltung.numpy.convolve": lambda: faltung.numpy.convolve(LONG, SHORT),
    "faltung.convolve": lambda: faltung.convolve(LONG, SHORT),
    'faltung.convolve, "same"': lambda: faltung.convolve(LONG, SHORT, "same"),
}


def import_times():
    """Milliseconds to import NumPy, and to import faltung where NumPy is loaded, in a fresh process."""
    command = [sys.executable, "-X", "importtime", "-c", "import numpy; import faltung"]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stderr.splitlines()
    # import time: self [us] | cumulative | package, indented by how deep the import is nested
    rows = (line.removeprefix("import time:").split("|") for line in lines if line.startswith("import time:"))
    cumulative = {name[1:].rstrip(): int(time) / 1e3 for _, time, name in rows if time.strip().isdigit()}
    return {name: cumulative[name] for name in ("numpy", "faltung")}


def wheels():
    """Size in bytes of the wheels that were built."""
    return {path.name: path.stat().st_size for path in (ROOT / "target/python/wheels").glob("*.whl")}


def call_times():
    """Least microseconds of each call."""
    least = dict.fromkeys(CALLERS, float("inf"))
    for _ in range(ROUNDS):
        for name, call in CALLERS.items():
            least[name] = min(least[name], timeit.timeit(call, number=CALLS) / CALLS * 1e6)
    return least


def main():
    config = faltung.show_config("dicts")
    print(f"faltung {config['version']} ({config['instruction_set']}, {config['threads']} threads), ", end="")
    print(f"numpy {np.__version__}, scipy {scipy.__version__}, Python {sys.version.split()[0]}\n")
    imports = [import_times() for _ in range(ROUNDS)]
    numpy_ms, ours_ms = (min(times[name] for times in imports) for name in ("numpy", "faltung"))
    print("| import | ms |\n|---|---|")
    print(f"| numpy | {numpy_ms:.1f} |\n| faltung, NumPy being there | {ours_ms:.1f} |\n")
    print("| wheel | MB |\n|---|---|")
    for name, size in wheels().items():
        print(f"| {name} | {size / 1e6:.2f} |")
    print("\n| call on 64 by 5 samples, float64 | microseconds | beside numpy.convolve |\n|---|---|---|")
    times = call_times()
    for name, microseconds in times.items():
        print(f"| {name} | {microseconds:.2f} | {microseconds / times['numpy.convolve']:.2f} |")


if __name__ == "__main__":
    main()
