"""Writes conventions.txt: what the calls that `faltung explain --view conventions` names give in the libraries themselves.

    python3 -m venv venv && venv/bin/pip install numpy scipy torch opencv-python-headless
    cargo build && venv/bin/python golden/conventions.py target/debug/faltung > golden/conventions.txt

Each case is a line with the command's words, then a line for each call: the call, a tab, and its values. The calls are those that the
command names; each is evaluated as it stands. MATLAB is not run: its functions are written below as its documentation has them
(conv: "the central part of the convolution, the same size as u"; padarray: 'replicate', 'symmetric', 'circular').
"""

import csv
import io
import itertools
import re
import subprocess
import sys

import cv2
import numpy
import scipy
import scipy.ndimage
import scipy.signal
import torch


def conv(u, v, shape="full"):
    """MATLAB's conv. Its central part begins after ceil((K - 1) / 2) elements of the full result."""
    full = numpy.convolve(u, v)
    start = -(-(len(v) - 1) // 2)
    return {"full": full, "same": full[start : start + len(u)], "valid": full[len(v) - 1 : len(u)]}[shape]


def padarray(x, by, how=0):
    """MATLAB's padarray, of a row, on both sides."""
    modes = {"replicate": "edge", "symmetric": "symmetric", "circular": "wrap"}
    return numpy.pad(x, by[1], modes[how]) if how in modes else numpy.pad(x, by[1], constant_values=how)


def evaluated(call, x, w):
    if "cv2." in call:
        row = lambda a: numpy.array([a], numpy.float64)
        return eval(call, dict(cv2=cv2, x=row(x), w=row(w)))[0]
    if "F." in call:
        tensor = lambda a: torch.tensor([[a]], dtype=torch.float64)
        return eval(call, dict(F=torch.nn.functional, x=tensor(x), w=tensor(w)))[0, 0].numpy()
    x, w = numpy.array(x), numpy.array(w)
    if "numpy." in call or "scipy." in call:
        return eval(call, dict(numpy=numpy, scipy=scipy, x=x, w=w))
    matlab = re.sub(r"\[(\d+) (\d+)\]", r"(\1, \2)", call.removesuffix(" in MATLAB"))
    matlab = re.sub(r"^y = (.*); y\(1:(\d+):end\)$", r"(\1)[::\2]", matlab)
    return eval(matlab, dict(conv=conv, padarray=padarray, flip=numpy.flip, x=x, w=w))


def calls(binary, words):
    command = [binary, "explain", *words, "--view", "conventions", "--format", "csv"]
    tables = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\n\n")
    exact, namesakes = ([row for row in csv.reader(io.StringIO(table))][1:] for table in tables)
    named = [call for _, call in exact if not call.startswith("none")] + [call for call, *_ in namesakes]
    return list(dict.fromkeys(named))


binary = sys.argv[1]
print(f"# numpy {numpy.__version__}, scipy {scipy.__version__}, torch {torch.__version__.split('+')[0]}, cv2 {cv2.__version__}")
signals = [("1,2,3,4", "1,10,100,1000"), ("3,0,5,0,2,1", "5,4,3,2,1"), ("4,-1,2", "1,2,-3,5,7"), ("2,7,1,8,2,8", "1,-1")]
boundaries = ["constant:0", "constant:2", "nearest", "reflect", "mirror", "wrap"]
options = [["--mode", "full"], ["--mode", "valid"], ["--anchor", "0"], ["--pad", "2:1"], ["--pad", "1"], ["--mode", "full", "--stride", "2"]]
options += [["--mode", "same", "--boundary", boundary] for boundary in boundaries]
options += [["--pad", "2", "--boundary", boundary, "--stride", "2"] for boundary in boundaries]
for (x, w), more, turned in itertools.product(signals, options, [[], ["--correlate"]]):
    if "valid" in more and x.count(",") < w.count(","):
        continue
    words = [x, w, *more, *turned]
    print(" ".join(words))
    for call in calls(binary, words):
        values = evaluated(call, *([int(n) for n in text.split(",")] for text in (x, w)))
        print(call + "\t" + " ".join(f"{v:g}" for v in values))
