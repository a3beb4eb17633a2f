# Makes ../accuracy.json: python accuracy.py BENCHMARK_FOLDER > ../accuracy.json (numpy, scipy, properscoring not needed).
# 30 real series, simple forecasts of them and the figures of the benchmark's own score.py (functions evaluate, naive2).
import json, os, sys
import numpy as np
from scipy import stats, integrate

bench = sys.argv[1]
sys.path.insert(0, bench)
import score

sets = []
for name, count in (("m3_yearly", 10), ("m3_quarterly", 10), ("m3_monthly", 6), ("au_pbs_monthly", 4)):
    season = {d["name"]: d for d in json.load(open(f"{bench}/datasets.json"))}[name]["season"]
    train = score.read_series(f"{bench}/{name}_train.csv.gz")
    test = score.read_series(f"{bench}/{name}_test.csv.gz")
    ids = sorted(test)[:: max(1, len(test) // count)][:count]
    if name == "au_pbs_monthly":
        ids = [min(test, key=lambda k: np.count_nonzero(test[k]))] + ids[1:]
    test = {k: test[k] for k in ids}
    fc = {}
    for k in ids:  # drift forecasts with its Gaussian bands
        x, h = train[k], len(test[k])
        d = np.diff(x); drift = d.mean(); s = d.std(ddof=1); step = np.arange(1, h + 1)
        mean = x[-1] + step * drift; sd = s * np.sqrt(step * (1 + step / (len(x) - 1)))
        fc[k] = np.array([mean] + [mean + z * sd for z in stats.norm.ppf([.1, .9, .025, .975])])
    res, per = score.evaluate(train, test, season, fc)
    clean = lambda v: None if isinstance(v, float) and not np.isfinite(v) else float(v)
    sets.append(dict(name=name, season=season, result={k: clean(v) for k, v in res.items()}, series=[
        dict(id=k, train=list(train[k]), test=list(test[k]), mean=list(fc[k][0]), lo80=list(fc[k][1]), hi80=list(fc[k][2]),
             lo95=list(fc[k][3]), hi95=list(fc[k][4]), naive2=[float(v) for v in score.naive2(train[k], season, len(test[k]))],
             **{"per_" + c: clean(float(v)) for c, v in per[k].items()}) for k in ids]))

g = np.random.default_rng(7)
crps = []
for y, mu, sd in ((0.3, 0, 1), (-2, 1, 0.5), (40, 3, 2), (1000.5, 1000, 0.25), (0, 0, 3), (1e6, 1.1e6, 3e4)):
    f = lambda x: (stats.norm.cdf(x, mu, sd) - (x >= y)) ** 2
    a, b = min(y, mu) - 12 * sd, max(y, mu) + 12 * sd
    v = sum(integrate.quad(f, p, q, limit=500, epsabs=0, epsrel=1e-13)[0]
            for p, q in zip(sorted([a, mu - 3 * sd, mu, mu + 3 * sd, y])[:], sorted([a, mu - 3 * sd, mu, mu + 3 * sd, y])[1:] + [b]))
    z = (y - mu) / sd
    closed = sd * (z * (2 * stats.norm.cdf(z) - 1) + 2 * stats.norm.pdf(z) - 1 / np.sqrt(np.pi))
    crps.append(dict(y=y, mean=mu, sd=sd, integral=v, closed=closed, pit=float(stats.norm.cdf(z))))
samples = []
for m, y in ((1, .3), (2, .5), (7, -1), (50, .1), (200, 3)):
    x = np.round(g.normal(size=m), 2)
    pairs = float(np.abs(x[:, None] - x[None, :]).sum())
    samples.append(dict(y=y, draws=list(x), ordinary=float(np.abs(x - y).mean() - pairs / (2 * m * m)),
                        fair=float(np.abs(x - y).mean() - pairs / (2 * m * (m - 1))) if m > 1 else None,
                        pit=float((np.sum(x < y) + .5 * np.sum(x == y) + .5) / (m + 1))))
origin = dict(software="the benchmark's score.py (numpy) and scipy " + __import__("scipy").__version__,
              series="M3 competition (R package Mcomp) and Australian pharmaceutical benefits (tidyverts/tsibbledata)",
              sets="drift forecasts; result and per_* are evaluate()'s", crps="Gaussian score by adaptive quadrature and in closed form",
              samples="scores by the double sum")
json.dump(dict(origin=origin, sets=sets, crps=crps, samples=samples), sys.stdout, indent=1)
