"""Forecasts benchmark sets with every method of `simulate forecast` and scores them beside the rivals' figures.

usage: accuracy.py SETS SIMULATE OUTPUT.md [--methods a,b] [--only set,set]
  SETS      folder of the sets: datasets.json, NAME_train.csv.gz, NAME_test.csv.gz, score.py, peers.csv
  SIMULATE  the built command
numpy is needed (score.py). Every forecast is made by the command as a user would; the score is that of score.py.
"""
import argparse, csv, json, os, resource, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("sets")
parser.add_argument("simulate")
parser.add_argument("output")
parser.add_argument("--methods", default="combination,ets,theta,ces,arima,structural,snaive,drift,naive")
parser.add_argument("--only", default="")
arguments = parser.parse_args()

def cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

peers = {}
for row in csv.DictReader(open(os.path.join(arguments.sets, "peers.csv"))):
    peers.setdefault(row["dataset"], []).append(row)
sets = json.load(open(os.path.join(arguments.sets, "datasets.json")))
wanted = [name for name in arguments.only.split(",") if name]
lines, summary = [], []
for one in sets:
    name, horizon, season = one["name"], one["horizon"], one["season"]
    if wanted and name not in wanted:
        continue
    lines += ["", f"### {name} ({one['n_series']} series, horizon {horizon}, season {season})", "",
              "| method | OWA | sMAPE | MASE | cov. 80% | cov. 95% | MSIS | CPU s | wall s |",
              "|---|---:|---:|---:|---:|---:|---:|---:|---:|"]
    ours = None
    for method in arguments.methods.split(","):
        with tempfile.TemporaryDirectory() as folder:
            path, score = os.path.join(folder, "f.csv"), os.path.join(folder, "s.json")
            before, start = cpu(), time.perf_counter()
            subprocess.run(
                [arguments.simulate, "forecast", "--input", os.path.join(arguments.sets, name + "_train.csv.gz"),
                 "--horizon", str(horizon), "--season", str(season), "--method", method, "--output", path,
                 "--threads", "2", "--quiet"], check=True)
            wall, used = time.perf_counter() - start, cpu() - before
            subprocess.run(
                [sys.executable, os.path.join(arguments.sets, "score.py"), "--set", os.path.join(arguments.sets, name),
                 "--forecast", path, "--json", score], check=True, stdout=subprocess.DEVNULL)
            result = json.load(open(score))
            result = result.get("forecast", result)
        if method == "combination":
            ours = result
        bold = "**" if method == "combination" else ""
        lines.append(
            f"| {bold}{method}{bold} | {result['owa']:.4f} | {result['smape']:.3f} | {result['mase']:.3f} | "
            f"{result['cov80']:.3f} | {result['cov95']:.3f} | {result['msis']:.2f} | {used:.2f} | {wall:.2f} |")
        print(name, method, round(result["owa"], 4), round(used, 2), flush=True)
    full = [row for row in peers.get(name, []) if row["owa"] and "sub" not in ",".join(row.values())]
    for row in sorted(full, key=lambda row: float(row["owa"]))[:8]:
        peer = row["peer"] + " " + row["model"]
        lines.append(
            f"| {peer} | {float(row['owa']):.4f} | {float(row['smape']):.3f} | {float(row['mase']):.3f} | "
            f"{float(row['cov80']):.3f} | {float(row['cov95']):.3f} | {float(row['msis']):.2f} | "
            f"{row.get('cpu_s') or ''} | {row.get('wall_s') or ''} |")
    if ours and full:
        owa, msis = min(float(row["owa"]) for row in full), min(float(row["msis"]) for row in full)
        summary.append(
            (name, one["n_series"], ours["owa"], owa, ours["cov80"], ours["cov95"], ours["msis"], msis))
head = ["| set | series | OWA | best rival | difference | cov. 80% | cov. 95% | MSIS | best rival | difference |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"]
for name, count, owa, rival, c80, c95, msis, msis_rival in summary:
    head.append(
        f"| {name} | {count} | {owa:.4f} | {rival:.4f} | {100 * (owa / rival - 1):+.1f}% | {c80:.3f} | {c95:.3f} | "
        f"{msis:.2f} | {msis_rival:.2f} | {100 * (msis / msis_rival - 1):+.1f}% |")
def mean(rows, a, b):
    return 100 * (sum(row[a] / row[b] for row in rows) / len(rows) - 1)
large = [row for row in summary if row[1] >= 400]
if large:
    head += ["", f"Sets of 400 series and more: OWA {mean(large, 2, 3):+.1f}%, MSIS {mean(large, 6, 7):+.1f}% on average. "
             f"All sets: OWA {mean(summary, 2, 3):+.1f}%, MSIS {mean(summary, 6, 7):+.1f}%."]
template = open(arguments.output).read() if os.path.exists(arguments.output) else "<!-- figures -->\n"
text = template.split("<!-- figures -->")[0] + "<!-- figures -->\n" + "\n".join(head + lines) + "\n"
open(arguments.output, "w").write(text)
