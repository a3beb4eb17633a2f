"""Factors of the engine's yearly bands (YearlyCalibration), with and without the tempered upper tail.

    swift build --package-path Benchmarks -c release --product yearly-bands
    python3 Benchmarks/rivals/yearly_calibration.py SETS Benchmarks/.build/release/yearly-bands

SETS: the folder of benchmark sets (m1_yearly, m3_yearly, m4_yearly_dev: *_train.csv.gz, *_test.csv.gz). Prints Markdown. Needs NumPy.
"""
import collections
import csv
import gzip
import subprocess
import sys

import numpy as np

NAMES = ["m1_yearly", "m3_yearly", "m4_yearly_dev"]
LENGTHS = [6, 8, 10, 12, 15, 20]
LEVELS = [(0.80, 1.2815515655446004), (0.95, 1.959963984540054)]
HORIZON = 6
CAP = 300.0  # of a single scaled interval score: one exploding bound must not rule the mean


def read(path):
    series = collections.OrderedDict()
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            series.setdefault(row["unique_id"], []).append(float(row["y"]))
    return series


def tempered(d):
    return 2 * np.log1p(np.maximum(d, 0) / 2) if d > 0 else d


def untempered(d):
    return 2 * np.expm1(d / 2) if d > 0 else d


class Sample:
    """Forecasts of one set from its last n values, with outcomes."""

    def __init__(self, folder, program, name, n):
        train, test = read(f"{folder}/{name}_train.csv.gz"), read(f"{folder}/{name}_test.csv.gz")
        self.series = {k: v[-n:] for k, v in train.items() if len(v) >= n}
        text = "unique_id,t,y\n" + "".join(
            f"{k},{t},{y!r}\n" for k, v in self.series.items() for t, y in enumerate(v))
        output = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout
        self.rows = []
        for row in csv.DictReader(output.splitlines()):
            step, outcomes = int(row["step"]), test[row["unique_id"]]
            deviation = float(row["deviation"])
            if step <= len(outcomes) and deviation > 0:
                self.rows.append((row["unique_id"], step, float(row["mean"]), deviation,
                                  row["is_logarithm"] == "1", outcomes[step - 1]))

    def errors(self, step, temper):
        result = []
        for _, own, mean, deviation, logarithm, outcome in self.rows:
            if min(own, 4) != step:
                continue
            error = outcome - mean
            if logarithm:
                error = np.log(outcome) - mean if outcome > 0 else -50.0
                error = untempered(error) if temper else error
            result.append(abs(error) / deviation)
        return result

    def scores(self, factors, temper):
        held, score, count = [0, 0], [0.0, 0.0], 0
        for id, step, mean, deviation, logarithm, outcome in self.rows:
            values = self.series[id]
            scale = np.mean(np.abs(np.diff(values)))
            if scale == 0:
                continue
            count += 1
            for i, (level, z) in enumerate(LEVELS):
                width = z * factors[i][min(step, 4) - 1] * deviation
                high, low = mean + (tempered(width) if temper and logarithm else width), mean - width
                if logarithm:
                    high, low = np.exp(high), np.exp(low)
                held[i] += low <= outcome <= high
                penalty = 2 / (1 - level)
                own = high - low + penalty * max(low - outcome, 0) + penalty * max(outcome - high, 0)
                score[i] += min(own / scale, CAP)
        return [held[0] / count, held[1] / count, score[0] / count, score[1] / count]


def factors(samples, temper):
    """By level: factors at steps 1, 2, 3 and 4 to 6, sets weighted by the root of their size, non-decreasing."""
    result = []
    for level, z in LEVELS:
        steps = []
        for step in (1, 2, 3, 4):
            weights = [len(s.series) ** 0.5 for s in samples]
            quantiles = [np.quantile(s.errors(step, temper), level) / z for s in samples]
            steps.append(float(np.average(quantiles, weights=weights)))
        result.append(list(np.maximum.accumulate(steps)))
    return result


def main():
    folder, program = sys.argv[1:]
    samples = {(name, n): Sample(folder, program, name, n) for name in NAMES for n in LENGTHS}
    for temper in (False, True):
        print(f"\n### {'Tempered' if temper else 'Plain'}: factors of all three sets, steps 1, 2, 3, 4-6\n")
        print("| n | 80% | 95% |\n|---:|---|---|")
        for n in LENGTHS:
            own = factors([samples[name, n] for name in NAMES], temper)
            print(f"| {n} | " + " | ".join(" ".join(f"{x:.2f}" for x in level) for level in own) + " |")
    print("\n### Leave one set out\n")
    print("| n | set | plain: cov80 / cov95, score 80%, 95% | tempered |\n|---:|---|---|---|")
    total = {False: [], True: []}
    for n in LENGTHS:
        for name in NAMES:
            cells = []
            for temper in (False, True):
                own = samples[name, n].scores(factors([samples[o, n] for o in NAMES if o != name], temper), temper)
                total[temper].append(own)
                cells.append(f"{own[0]:.3f} / {own[1]:.3f}, {own[2]:.2f}, {own[3]:.2f}")
            print(f"| {n} | {name} | " + " | ".join(cells) + " |")
    means = [np.mean(total[t], axis=0) for t in (False, True)]
    print("| | mean | " + " | ".join(f"{m[0]:.3f} / {m[1]:.3f}, {m[2]:.2f}, {m[3]:.2f}" for m in means) + " |")


main()
