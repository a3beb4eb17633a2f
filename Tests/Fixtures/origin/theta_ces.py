"""Writes theta_ces.json: statsforecast 2.1.1 and R forecast 8.20 on series of the M3 competition.

usage: theta_ces.py FOLDER OUT.json   (FOLDER holds M3 as NAME_train.csv.gz with columns unique_id,t,y, and score.py)
R's part runs theta_ces.R beside this file by Rscript.
"""
import csv, gzip, json, os, subprocess, sys, tempfile
import numpy as np
from scipy.stats import norm  # noqa: F401  (statsforecast needs it loaded first on some systems)
from statsforecast import ces, theta
from statsforecast._lib import theta as kernel
from statsmodels.tsa.seasonal import seasonal_decompose

folder, out = sys.argv[1:]
sys.path.insert(0, folder)
import score

def read(name):
    d = {}
    with gzip.open(f"{folder}/{name}_train.csv.gz", "rt") as f:
        for k, _, y in list(csv.reader(f))[1:]: d.setdefault(k, []).append(float(y))
    return d

series = []
for name, m, h, count in (("m3_yearly", 1, 6, 14), ("m3_quarterly", 4, 8, 14), ("m3_monthly", 12, 18, 10)):
    d = {k: v for k, v in read(name).items() if len(v) >= 3 * m}
    for k in list(d)[3 :: len(d) // count][:count]:
        y = np.array(d[k])
        one = dict(id=k, period=m, horizon=h, y=d[k], naive2=list(score.naive2(y, m, h)), theta={}, ces={})
        for v in ("STM", "OTM", "DSTM", "DOTM"):
            f = theta.auto_theta(y.copy(), m, model=v)
            p, adjusted = f["par"], y
            if f.get("decompose"):
                season = seasonal_decompose(y, model=f["decomposition_type"], period=m).seasonal
                adjusted = y / season if f["decomposition_type"] == "multiplicative" else y - season
            e = kernel.pegels_resid(adjusted, theta.switch_theta(v), p["initial_smoothed"], p["alpha"], p["theta"], 3)[1]
            one["seasonal"] = bool(f.get("decompose", False))
            one["theta"][v] = dict(alpha=p["alpha"], theta=p["theta"], level=p["initial_smoothed"],
                squares=float(np.sum(e[3:] ** 2)),
                mean=list(theta.forecast_theta(f, h)["mean"]))
        for form in "NSPF" if m > 1 else "N":
            f = ces.cesmodel(y.copy(), m, form, None, None, None, None, 3)
            p = [0.0 if np.isnan(x) else float(x) for x in f["par"].values()]
            one["ces"][form] = dict(parameters=p, squares=float(np.sum(f["residuals"] ** 2)), aicc=float(f["aicc"]),
                sigma2=float(f["sigma2"]), mean=list(ces.forecast_ces(f, h)["mean"]))
        one["ces"]["chosen"] = ces.auto_ces(y.copy(), m)["seasontype"]
        series.append(one)

with tempfile.TemporaryDirectory() as t:
    with open(f"{t}/in.csv", "w") as f:
        for s in series: f.write(",".join([s["id"], str(s["period"]), str(s["horizon"])] + [repr(x) for x in s["y"]]) + "\n")
    subprocess.run(["Rscript", os.path.join(os.path.dirname(os.path.abspath(__file__)), "theta_ces.R"), f"{t}/in.csv", f"{t}/out.csv"], check=True)
    for s, line in zip(series, open(f"{t}/out.csv")):
        x = [float(v) for v in line.split(",")]
        s["thetaf"] = dict(alpha=x[0], level=x[1], mean=x[2:])
with open(out, "w") as f:
    json.dump(dict(origin="Series of the M3 competition (R package Mcomp 2.8). theta: statsforecast 2.1.1, auto_theta with model given "
        "and forecast_theta. ces: statsforecast 2.1.1, cesmodel, forecast_ces, auto_ces. thetaf: R forecast 8.20, thetaf; alpha and level by "
        "ses. naive2: the reference method of the M4 competition, in Python. Made by origin/theta_ces.py.", series=series), f)
