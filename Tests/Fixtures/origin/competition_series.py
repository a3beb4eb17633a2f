"""Makes ../competition_series.json: every k-th series of three M3 sets, training and test part.

usage: competition_series.py FOLDER   (with m3_*_train.csv.gz and m3_*_test.csv.gz: unique_id,t,y and unique_id,step,y)
"""
import csv, gzip, json, os, sys

def read(path):
    series = {}
    with gzip.open(path, "rt", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for key, _, value in rows:
            series.setdefault(key, []).append(float(value))
    return series

sets = []
for name, season, step in (("m3_yearly", 1, 10), ("m3_quarterly", 4, 12), ("m3_monthly", 12, 60)):
    train = read(os.path.join(sys.argv[1], name + "_train.csv.gz"))
    test = read(os.path.join(sys.argv[1], name + "_test.csv.gz"))
    chosen = list(train)[::step]
    sets.append({"name": name, "season": season,
                 "series": [{"id": key, "train": train[key], "test": test[key]} for key in chosen]})
origin = "M3 competition, R package Mcomp 2.8; every 10th yearly, 12th quarterly and 60th monthly series"
with open(os.path.join(os.path.dirname(__file__), "..", "competition_series.json"), "w") as file:
    json.dump({"origin": origin, "sets": sets}, file, indent=1)
    file.write("\n")
