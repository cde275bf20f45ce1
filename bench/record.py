"""Records: what was measured, as Markdown with a date, and as charts.

    python record.py peers | growth | planner | memory  MEASURED  [--into FOLDER]

Writes FOLDER/YYYY-MM-DD-KIND.md (and .svg), by default into `records` beside this file. It only reads what was measured, so a
record can be written again.
"""

import argparse
import itertools
import json
import math
import pathlib
import time
from typing import NamedTuple

import chart
import machine
from markdown import heading, mean, table

HERE = pathlib.Path(__file__).parent
CLIFF = 2.0  # times what an output costs in a signal half as long
NEAR = 1.15  # times the best algorithm that a choice may take


def lines_of(path):
    return [line.split("\t") for line in path.read_text().splitlines() if "\t" in line]


class Point(NamedTuple):
    """One signal of `growth`: nanoseconds an output, with a plan that is kept and with one made for each call."""

    samples: int
    weights: int
    algorithm: str
    kept: float
    anew: float

    def __str__(self):
        return f"2^{math.log2(self.samples):.0f}"


def growth_record(rows):
    """Markdown and chart of how cost grows, and where it jumps."""
    series = {}
    for name, samples, weights, algorithm, kept, anew in rows:
        series.setdefault(name, []).append(Point(int(samples), int(weights), algorithm, float(kept), float(anew)))
    head = ["samples", "weights", "algorithm", "ns an output, plan kept", "plan made anew", "beside half as many"]
    tables, cliffs = [], []
    for name, points in series.items():
        steps = [None, *[after.kept / before.kept for before, after in itertools.pairwise(points)]]
        shown = []
        for point, step in zip(points, steps, strict=True):
            cliff = step is not None and not 1 / CLIFF < step < CLIFF
            if cliff:
                cliffs.append(f"- kernel of {name}, {point} samples: {step:.2f} times the one before")
            told = f"{step:.2f}{', a cliff' if cliff else ''}" if step else None
            shown.append([point, point.weights, point.algorithm, f"{point.kept:.3f}", f"{point.anew:.3f}", told])
        tables += [f"## Kernel of {name} samples", table(head, shown)]
    intro = "f32, one thread, mode `same`; nanoseconds for each output, least of all calls."
    told = "\n".join(cliffs) or "Neighbours differ by less than twice everywhere."
    lines = [
        (f"kernel of {name}", [(point.samples, point.kept) for point in points]) for name, points in series.items()
    ]
    return [intro, "## Cliffs", told, *tables], chart.growth(lines)


class Timed(NamedTuple):
    """One algorithm on one case of `planner`, in nanoseconds."""

    case: str
    algorithm: str
    predicted: float
    measured: float
    chosen: bool


class Lost(NamedTuple):
    """What a choice costs: times the best algorithm's."""

    times: float
    case: str
    chosen: str
    best: str


def planner_record(rows):
    """Markdown of how well the planner chooses, and what it predicts."""
    timed = [Timed(*row[:2], float(row[2]), float(row[3]), row[4:] == ["chosen"]) for row in rows if row[3] != "-"]
    losses = []
    for case, some in itertools.groupby(timed, lambda one: one.case):
        some = list(some)
        best = min(some, key=lambda one: one.measured)
        chosen = next(one for one in some if one.chosen)
        losses.append(Lost(chosen.measured / best.measured, case, chosen.algorithm, best.algorithm))
    losses.sort(reverse=True)
    near = sum(lost.times <= NEAR for lost in losses)
    return [
        f"{len(losses)} cases, one thread. Within 15 % of the best algorithm: **{near} ({100 * near / len(losses):.1f} %)**;\n"
        f"on average (geometric) {mean([lost.times for lost in losses]):.3f} times the best, at worst {losses[0].times:.2f}.",
        "## Worst choices",
        table(
            ["case", "times the best", "chosen", "best"],
            [[lost.case, f"{lost.times:.2f}", lost.chosen, lost.best] for lost in losses[:30] if lost.times > NEAR],
        ),
        "## By kind",
        by_kind(losses),
        "## Predicted beside measured",
        "Predicted time by measured time: quantiles of all cases that the algorithm takes, and the cases at both ends.",
        predictions(timed),
        "## Every case",
        table(
            ["case", "algorithm", "predicted ns", "measured ns", "predicted by measured", "choice"],
            [
                [one.case, one.algorithm, f"{one.predicted:.0f}", f"{one.measured:.0f}"]
                + [f"{one.predicted / one.measured:.2f}", "chosen" if one.chosen else None]
                for one in timed
            ],
        ),
    ], None


def by_kind(losses):
    kinds = {}
    for lost in losses:
        kinds.setdefault(" ".join(lost.case.split("-")[:2]), []).append(lost.times)
    rows = [[kind, len(all_), sum(times <= NEAR for times in all_), f"{max(all_):.2f}"] for kind, all_ in kinds.items()]
    return table(["kind", "cases", "within 15 %", "worst"], sorted(rows))


def predictions(timed):
    algorithms = {}
    for one in timed:
        algorithms.setdefault(one.algorithm, []).append((one.predicted / one.measured, one.case))
    rows = []
    for algorithm, values in algorithms.items():
        values.sort()
        quantiles = (values[round(share * (len(values) - 1))][0] for share in (0, 0.1, 0.5, 0.9, 1))
        rows.append([algorithm, len(values), *[f"{value:.2f}" for value in quantiles], values[0][1], values[-1][1]])
    return table(["algorithm", "cases", "least", "10 %", "median", "90 %", "most", "least for", "most for"], rows)


def memory_record(rows):
    """Markdown of memory beyond input and output."""
    text = (
        "Peak of resident memory during the call, less what was there before and less the output; a fresh process each."
    )
    head = ["case", "library", "beyond input and output, MiB", "output, MiB", "of the output"]
    shown = [
        [
            case,
            who,
            f"{int(extra) / 2**20:.1f}",
            f"{int(output) / 2**20:.1f}",
            f"{100 * int(extra) / int(output):.1f} %",
        ]
        for case, who, extra, output in rows
    ]
    return [text, table(head, shown)], None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["peers", "growth", "planner", "memory"])
    parser.add_argument("measured", type=pathlib.Path)
    parser.add_argument("--into", type=pathlib.Path, default=HERE / "records")
    options = parser.parse_args()
    day = time.strftime("%Y-%m-%d")
    if options.kind == "peers":
        measured = json.loads(options.measured.read_text())
        day = measured["when"][:10]
        import comparison  # needs NumPy, which the other records do without

        text, picture = comparison.record(measured)
    else:
        titles = {"growth": "How cost grows", "planner": "The planner's choices", "memory": "Memory"}
        make = {"growth": growth_record, "planner": planner_record, "memory": memory_record}[options.kind]
        parts, picture = make(lines_of(options.measured))
        head = heading(titles[options.kind], day, machine.described(), f"cargo xtask bench {options.kind}")
        text = "\n\n".join([head, *parts]) + "\n"
    options.into.mkdir(parents=True, exist_ok=True)
    path = options.into / f"{day}-{options.kind}.md"
    path.write_text(text)
    print(text.partition("\n## Every")[0] if options.kind != "peers" else "")
    print(path)
    if picture:
        path.with_suffix(".svg").write_text(picture)
        print(path.with_suffix(".svg"))


if __name__ == "__main__":
    main()
