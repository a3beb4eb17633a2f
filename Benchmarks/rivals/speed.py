"""Series per second per core of `simulate forecast` beside statsforecast and R forecast, in one run.

usage: speed.py SETS SIMULATE [--rivals PYTHON] [--set m3_quarterly] [--count 60]
  SETS      folder of the sets, with tools/run_peer.py
  PYTHON    an interpreter that has statsforecast 2.1.1; R needs the package forecast
Each method forecasts the first COUNT series on one thread, with 80% and 95% bands, --calibrate series (one fit per series). Ours is
the CPU time of the whole process, reading and writing included; the rivals' is that of the warm call alone.
"""
import argparse, csv, gzip, json, os, resource, subprocess, sys, tempfile

parser = argparse.ArgumentParser()
parser.add_argument("sets")
parser.add_argument("simulate")
parser.add_argument("--rivals", default=sys.executable)
parser.add_argument("--set", default="m3_quarterly")
parser.add_argument("--count", type=int, default=60)
arguments = parser.parse_args()
meta = {one["name"]: one for one in json.load(open(os.path.join(arguments.sets, "datasets.json")))}[arguments.set]

def cpu(command, **options):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    output = subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, output

with tempfile.TemporaryDirectory() as folder:
    ids, rows = [], []
    with gzip.open(os.path.join(arguments.sets, arguments.set + "_train.csv.gz"), "rt") as file:
        reader = csv.reader(file)
        header = next(reader)
        for row in reader:
            if row[0] not in ids[-1:]:
                if len(ids) == arguments.count:
                    break
                ids.append(row[0])
            rows.append(row)
    path, list_path = os.path.join(folder, "in.csv"), os.path.join(folder, "ids.txt")
    with open(path, "w", newline="") as file:
        csv.writer(file).writerows([header] + rows)
    open(list_path, "w").write("\n".join(ids) + "\n")
    def ours(method):
        return min(cpu([arguments.simulate, "forecast", "--input", path, "--horizon", str(meta["horizon"]), "--season",
                        str(meta["season"]), "--method", method, "--calibrate", "series", "--threads", "1", "--quiet",
                        "--output", os.path.join(folder, "f.csv")])[0] for _ in range(3))
    def rival(peer, model):
        record = os.path.join(folder, "r.json")
        subprocess.run([arguments.rivals, os.path.join(arguments.sets, "tools", "run_peer.py"), "--peer", peer, "--model", model,
                        "--set", os.path.join(arguments.sets, arguments.set), "--ids", list_path, "--out",
                        os.path.join(folder, "p.csv"), "--n-jobs", "1", "--json", record], check=True, capture_output=True)
        return json.load(open(record))["cpu_s"]
    print(f"| {arguments.set}, {len(ids)} series | ours, series/s | rival, series/s | ratio |\n|---|---:|---:|---:|")
    for method, peers in (("theta", [("statsforecast", "DynamicOptimizedTheta"), ("r", "thetaf")]),
                          ("ets", [("statsforecast", "AutoETS"), ("r", "ets")]),
                          ("ces", [("statsforecast", "AutoCES")]),
                          ("arima", [("statsforecast", "AutoARIMA"), ("r", "auto.arima")])):
        mine = ours(method)
        for peer, model in peers:
            theirs = rival(peer, model)
            print(f"| {method} vs {peer} {model} | {len(ids) / mine:.0f} | {len(ids) / theirs:.1f} | {theirs / mine:.0f}x |", flush=True)
    mine = ours("combination")
    print(f"| combination | {len(ids) / mine:.0f} | | |")
