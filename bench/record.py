"""Records: what was measured, as Markdown with a date, and as charts.

    python record.py peers | growth | planner | memory  MEASURED  [--into FOLDER]

Writes FOLDER/YYYY-MM-DD-KIND.md (and .svg), by default into `records` beside this file. It only reads what was measured, so a
record can be written again.
"""

import argparse
import json
import math
import pathlib
import time

import chart
import machine
from markdown import heading, mean, table

HERE = pathlib.Path(__file__).parent


def lines_of(path):
    return [line.split("\t") for line in path.read_text().splitlines() if "\t" in line]


def growth_record(rows):
    """Markdown and chart of how cost grows, and where it jumps."""
    CLIFF = 2.0
    text, series = [], {}
    for name, samples, weights, algorithm, reused, anew in rows:
        series.setdefault(name, []).append((int(samples), int(weights), algorithm, float(reused), float(anew)))
    cliffs = []
    for name, points in series.items():
        title = f"## Kernel of {name}" + (" samples" if name.isdigit() else "")
        found = []
        for before, point in zip([None, *points], points, strict=False):
            step = point[3] / before[3] if before else None
            mark = "cliff" if step and not 1 / CLIFF < step < CLIFF else None
            found.append(
                [
                    f"2^{math.log2(point[0]):.0f}",
                    point[1],
                    point[2],
                    f"{point[3]:.3f}",
                    f"{point[4]:.3f}",
                    step and f"{step:.2f}",
                    mark,
                ]
            )
            if mark:
                cliffs.append(f"kernel of {name}, 2^{math.log2(point[0]):.0f} samples: {step:.2f} times the one before")
        head = [
            "samples",
            "weights",
            "algorithm",
            "ns an output, plan kept",
            "plan made anew",
            "beside half as many",
            "",
        ]
        text += [title, table(head, found)]
    told = "\n".join(f"- {cliff}" for cliff in cliffs) or "Neighbours differ by less than twice everywhere."
    lines = [(f"kernel of {name}", [(p[0], p[3]) for p in points]) for name, points in series.items()]
    return [
        "f32, one thread, mode `same`; nanoseconds for each output, least of all calls.",
        "## Cliffs",
        told,
        *text,
    ], chart.growth(lines)


def planner_record(rows):
    """Markdown of how well the planner chooses, and what it predicts."""
    NEAR = 1.15
    cases = {}
    for name, algorithm, predicted, least, chosen in ([*row, ""][:5] for row in rows):
        if least != "-":
            cases.setdefault(name, []).append((algorithm, float(predicted), float(least), chosen == "chosen"))
    lost, predictions = {}, {}
    for name, found in cases.items():
        fastest = min(found, key=lambda one: one[2])
        chosen = next(one for one in found if one[3])
        lost[name] = chosen[2] / fastest[2], chosen[0], fastest[0]
        for algorithm, predicted, least, _ in found:
            predictions.setdefault(algorithm, []).append((predicted / least, name))
    near = sum(value[0] <= NEAR for value in lost.values())
    worst = sorted(lost, key=lost.get, reverse=True)
    kinds = {}
    for name, value in lost.items():
        kinds.setdefault("-".join(name.split("-")[:2]), []).append(value[0])
    text = [
        f"{len(lost)} cases, one thread. Within 15 % of the best algorithm: **{near} ({100 * near / len(lost):.1f} %)**; on average "
        f"(geometric) {mean([value[0] for value in lost.values()]):.3f} times the best, at worst {lost[worst[0]][0]:.2f}.",
        "## Worst choices",
        table(
            ["case", "times the best", "chosen", "best"],
            [[name, f"{lost[name][0]:.2f}", *lost[name][1:]] for name in worst[:25] if lost[name][0] > NEAR],
        ),
        "## By kind",
        table(
            ["kind", "cases", "within 15 %", "worst"],
            [[kind, len(v), sum(x <= NEAR for x in v), f"{max(v):.2f}"] for kind, v in kinds.items()],
        ),
        "## Predicted beside measured",
        "Predicted time divided by measured time: quantiles of all cases that the algorithm takes.",
    ]
    quantiles = []
    for algorithm, values in predictions.items():
        values = sorted(values)
        at = lambda share: values[round(share * (len(values) - 1))]  # noqa: B023, E731
        shares = [f"{at(share)[0]:.2f}" for share in (0, 0.1, 0.5, 0.9, 1)]
        quantiles.append([algorithm, len(values), *shares, at(0)[1], at(1)[1]])
    text.append(
        table(["algorithm", "cases", "least", "10 %", "median", "90 %", "most", "least for", "most for"], quantiles)
    )
    everything = [
        [name, *one[:1], f"{one[1]:.0f}", f"{one[2]:.0f}", f"{one[1] / one[2]:.2f}", "chosen" if one[3] else None]
        for name, found in cases.items()
        for one in found
    ]
    text += [
        "## Every case",
        table(["case", "algorithm", "predicted ns", "measured ns", "predicted by measured", ""], everything),
    ]
    return text, None


def memory_record(rows):
    shown_rows = [
        [
            case,
            who,
            f"{int(extra) / 2**20:.1f}",
            f"{int(output) / 2**20:.1f}",
            f"{100 * int(extra) / int(output):.1f} %",
        ]
        for case, who, extra, output in rows
    ]
    text = (
        "Peak of resident memory during the call, less what was there before and less the output; a fresh process each."
    )
    return [
        text,
        table(["case", "library", "beyond input and output, MiB", "output, MiB", "of the output"], shown_rows),
    ], None


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
