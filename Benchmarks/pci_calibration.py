"""Why the bands of the PCI race missed: measurements on the published scores, apart from the toolkit.

usage: pci_calibration.py [notebooks-data]      (needs numpy and scipy; some minutes)

Prints the tables of results/pci-calibration.md that speak of causes. The model is that of AR1PlusNoise: a level of each
province, a persistent shock, survey noise, here with any scale of the variances by year. The coverage before and after
is that of the command (`simulate backtest`), not of this script.
"""
import csv, sys
import numpy as np
from scipy.optimize import minimize
from scipy.stats import kurtosis, norm

ROOT = sys.argv[1] if len(sys.argv) > 1 else "notebooks-data"
SUBS = ("entry_costs land_access transparency time_costs informal_charges policy_bias proactivity business_support "
        "labor_policy law_order").split()
FIRST, LAST = 2006, 2022

rows = [r for r in csv.DictReader(open(f"{ROOT}/observations/pci.csv")) if r["preferred"] == "yes" and len(r["period"]) == 4]
editions = [(int(r["first_year"]), int(r["last_year"]), np.array([float(r[s]) for s in SUBS]))
            for r in csv.DictReader(open(f"{ROOT}/reference/pci_weights.csv"))]
provinces = sorted({r["area"] for r in rows if r["indicator"] == "pci_score" and r["area"] != "vietnam"})
scores = np.full((len(provinces), LAST - FIRST + 1), np.nan)
subs = np.full((*scores.shape, 10), np.nan)
for r in rows:
    year = int(r["period"])
    if r["area"] not in provinces or not FIRST <= year <= LAST:
        continue
    i, t, name = provinces.index(r["area"]), year - FIRST, r["indicator"][4:]
    if name == "score":
        scores[i, t] = float(r["value"])
    elif name in SUBS:
        subs[i, t, SUBS.index(name)] = float(r["value"])


def edition(year):
    return next(e for e in editions if e[0] <= year <= e[1])


def weighted(year, weights):
    x = subs[:, year - FIRST][:, weights > 0]
    return 10 * x @ weights[weights > 0]


def at_weights(year, e):
    return scores[:, year - FIRST] if year >= e[0] else weighted(year, e[2])


def logit(s):
    return np.log(s / (100 - s))


def slope(m):
    p = 1 / (1 + np.exp(-m))
    return 100 * p * (1 - p)


def history(last, first):
    """Deviations to `last` at the weights then in force; as published where they cannot be recomputed."""
    result = []
    for year in range(first, last + 1):
        s = at_weights(year, edition(last))
        if np.sum(~np.isnan(s)) < 60:
            s = scores[:, year - FIRST]
        m = np.nanmedian(logit(s))
        result.append(logit(s) - m)
    return np.array(result).T, m


def actual(year):
    z = logit(scores[:, year - FIRST]) if year <= LAST else np.array([np.nan])
    return z - np.nanmedian(z) if np.sum(~np.isnan(z)) >= 60 else None


def kalman(data, tau2, phi, q, r, innovation, noise):
    """Log-likelihood, state at the end and one-step errors; the variances of each year times the given factors."""
    n, periods = data.shape
    level, shock, cross = np.zeros(n), np.zeros(n), np.zeros(n)
    vl, vs = np.full(n, tau2), np.full(n, q * innovation[0] / (1 - phi * phi))
    total, errors = 0.0, np.full((n, periods), np.nan)
    for t in range(periods):
        if t:
            shock, cross, vs = shock * phi, cross * phi, phi * phi * vs + q * innovation[t]
        known = ~np.isnan(data[:, t])
        ls, ss = vl + cross, vs + cross
        f = ls + ss + r * noise[t]
        e = np.where(known, data[:, t] - level - shock, 0)
        total += np.where(known, -0.5 * (np.log(2 * np.pi * f) + e * e / f), 0).sum()
        errors[:, t] = np.where(known, e / np.sqrt(f), np.nan)
        level, shock = level + ls / f * e, shock + ss / f * e
        vl, vs, cross = (np.where(known, vl - ls * ls / f, vl), np.where(known, vs - ss * ss / f, vs),
                         np.where(known, cross - ls * ss / f, cross))
    return total, (level, shock, vl, vs, cross), errors


RHO, OMEGA = 0.7, 0.3


def parameters(p, scale):
    p = np.clip(p, -13.8, 10)
    return scale**2 * np.exp(2 * p[3]), 0.995 / (1 + np.exp(-2 * p[0])), scale**2 * np.exp(2 * p[1]), scale**2 * np.exp(2 * p[2])


def fit(data, mode):
    """mode: which variances a yearly factor scales: none, both, innovation, noise. Penalised as in CommonVolatility."""
    scale, periods = np.sqrt(np.nanmean(data**2)), data.shape[1]
    ones = np.ones(periods)

    def factors(v):
        c = np.exp(2 * v)
        return (c if mode in ("both", "innovation") else ones, c if mode in ("both", "noise") else ones)

    def split(p):
        return parameters(p[:4], scale), (p[4:] if mode != "none" else np.zeros(periods))

    def objective(p):
        par, v = split(p)
        value = -kalman(data, *par, *factors(v))[0]
        if mode != "none":
            d = v[2:] - RHO * v[1:-1]
            value += 0.5 * (v[0] ** 2 + v[1] ** 2 * (1 - RHO**2) / OMEGA**2 + (d @ d) / OMEGA**2 + 100 * v[1:].mean() ** 2)
        return value

    best = min((minimize(objective, np.array(s + ([0.0] * periods if mode != "none" else [])), method="BFGS")
                for s in ([0.6, -0.9, -1, -0.6], [1.2, -1.2, -1.2, -1])), key=lambda found: found.fun)
    par, v = split(best.x)
    return best.x, scale, par, v, factors(v)


def finite(x):
    return x[~np.isnan(x)]


print("## Spread over provinces of the yearly change, points: of the score at the weights of the later year, and of the sub-indices")
for year in range(2007, LAST + 1):
    e = edition(year)
    earlier = scores[:, year - 1 - FIRST] if e[0] <= year - 1 else weighted(year - 1, e[2])
    if np.sum(~np.isnan(earlier)) < 60:
        earlier = np.full(len(provinces), np.nan)
    now = scores[:, year - FIRST]
    published = scores[:, year - 1 - FIRST]
    change = lambda a, b: finite((a - np.nanmedian(finite(a))) - (b - np.nanmedian(finite(b)))).std() if len(finite(b)) else np.nan
    by_sub = [change(subs[:, year - FIRST, k], subs[:, year - 1 - FIRST, k])
              if min(np.sum(~np.isnan(subs[:, t - FIRST, k])) for t in (year, year - 1)) >= 60 else np.nan for k in range(10)]
    print(year, "same weights %.2f, published %.2f," % (change(now, earlier), change(now, published)), "sub-indices",
          " ".join("%.2f" % x for x in by_sub))

print("\n## Log-likelihood by what the factor of a year scales (editions 2006-2021, then 2013-2021)")
for first in (2006, 2013):
    data, m = history(2021, first)
    for mode in ("none", "both", "innovation", "noise"):
        _, _, par, v, f = fit(data, mode)
        ll, _, _ = kalman(data, *par, *f)
        print(first, mode, "%.1f;" % ll, "points: level %.2f, innovation %.2f, noise %.2f; persistence %.2f;" % (
            slope(m) * par[0]**.5, slope(m) * par[2]**.5, slope(m) * par[3]**.5, par[1]), "log factors", np.round(v, 2))

print("\n## Standardised one-step errors, from the third edition on (editions from 2006)")
for last in (2013, 2017, 2019, 2021):
    data, _ = history(last, 2006)
    for mode in ("none", "both"):
        _, _, par, v, f = fit(data, mode)
        z = kalman(data, *par, *f)[2][:, 2:]
        within = z / np.sqrt(np.nanmean(z**2, 0))
        spread = np.log(np.sqrt(np.nanmean(within[np.sum(~np.isnan(z), 1) == z.shape[1]] ** 2, 1)))
        chance = 0.5 / z.shape[1] * (1 + kurtosis(finite(within)) / 2)
        print(last, mode, "excess kurtosis pooled %.2f, within years %.2f;" % (kurtosis(finite(z)), kurtosis(finite(within))),
              "variance of a province's log deviation %.3f (by chance %.3f);" % (spread.var(), chance),
              "root mean square by year", np.round(np.sqrt(np.nanmean(z**2, 0)), 2))

print("\n## Estimation error of the parameters: the constant model on editions from 2013, its law averaged over parameters")
random = np.random.default_rng(1)
for label, draws in (("parameters as known", 1), ("over 200 draws", 200)):
    hits = {}
    for last in range(2017, LAST):
        data, m = history(last, 2013)
        point, scale, par, _, f = fit(data, "none")
        objective = lambda p: -kalman(data, *parameters(p, scale), *f)[0]
        if draws == 1:
            sample = [point]
        else:
            # Random walk Metropolis under the flat prior of the search's coordinates, kept where the search may go.
            sample, current, value, step = [], point.copy(), objective(point), np.array([0.25, 0.06, 0.12, 0.25])
            for k in range(20 * draws + 1000):
                proposal = current + step * random.standard_normal(4)
                new = objective(proposal) if np.all(np.abs(proposal) < 4) else np.inf
                if np.log(random.random()) < value - new:
                    current, value = proposal, new
                if k >= 1000 and k % 20 == 0:
                    sample.append(current.copy())
        moments = []
        for p in sample:
            tau2, phi, q, r = parameters(p, scale)
            level, shock, vl, vs, cross = kalman(data, tau2, phi, q, r, *f)[1]
            row = []
            for h in (1, 2, 3):
                vs, cross, shock = phi * phi * vs + q, phi * cross, phi * shock
                row.append((level + shock, np.sqrt(np.maximum(vl + 2 * cross + vs, 0) + r)))
            moments.append(row)
        for h in (1, 2, 3):
            a = actual(last + h)
            if a is None:
                continue
            mean = np.array([row[h - 1][0] for row in moments])
            sd = np.array([row[h - 1][1] for row in moments])
            u = norm.cdf((a - mean) / sd).mean(0)
            ok = ~np.isnan(u)
            for level_ in (0.8, 0.95):
                hits.setdefault((h, level_), []).extend(np.abs(u[ok] - 0.5) <= level_ / 2)
    print(label, "; ".join("step %d: 80%% held %.3f, 95%% %.3f" % (h, np.mean(hits[h, 0.8]), np.mean(hits[h, 0.95])) for h in (1, 2, 3)))

print("\n## Scores of the bands at origins that know earlier editions only, points (futures drawn here: 20,000)")
N = 20_000


def law(data, par, v, factors, common):
    """Means of the provinces, and by the variance of their filter the errors of N futures at steps 1 to 3."""
    tau2, phi, q, r = par
    level, shock, vl, vs, cross = kalman(data, *par, *factors)[1]
    numbers = np.random.default_rng(3)
    turbulence = np.zeros(N)
    omega = 0.0
    if common:
        d = v[2:] - RHO * v[1:-1]
        omega = np.sqrt((4 * OMEGA**2 + d @ d) / (4 + len(d) - 2))
        turbulence = v[-1] + numbers.standard_normal(N) / np.sqrt(2 * np.sum(~np.isnan(data[:, -1])))
    scales = []
    for _ in range(3):
        turbulence = RHO * turbulence + omega * numbers.standard_normal(N)
        scales.append(np.exp(2 * turbulence))
    normals = numbers.standard_normal((3, N))
    keys = np.round(vl + 2 * cross + vs, 12)
    errors = {}
    for key in np.unique(keys):
        i = np.argmax(keys == key)
        for h in (1, 2, 3):
            moved = sum(phi ** (2 * (h - 1 - j)) * q * scales[j] for j in range(h))
            errors[key, h] = np.sqrt(vl[i] + 2 * phi**h * cross[i] + phi ** (2 * h) * vs[i] + moved + r * scales[h - 1]) * normals[h - 1]
    return [level + phi**h * shock for h in (1, 2, 3)], keys, errors


for label, common in (("one variance (as before: from 2013, early origins from 2006)", False), ("common turbulence, from 2006", True)):
    table = {}
    for last in range(2008, LAST):
        early = last < 2017
        data, m = history(last, 2006 if early or common else 2013)
        _, _, par, v, f = fit(data, "both" if common else "none")
        means, keys, errors = law(data, par, v, f, common)
        for h in (1, 2, 3):
            a = actual(last + h)
            if a is None:
                continue
            for key in np.unique(keys):
                e = np.sort(errors[key, h]) * slope(m)
                width = np.sort(np.abs(e))
                half = [width[int(p * N)] for p in (0.5, 0.8, 0.95)]
                spread = 2 * np.sum((2 * np.arange(1, N + 1) - N - 1) * e) / N**2
                for i in np.where((keys == key) & ~np.isnan(a) & ~np.isnan(data[:, -1]))[0]:
                    miss = abs(a[i] - means[h - 1][i]) * slope(m)
                    scores_ = [2 * w + 2 / (1 - p) * max(0, miss - w) for w, p in zip(half, (0.5, 0.8, 0.95))]
                    row = [miss, *(miss <= w for w in half), *scores_, np.abs(e - miss).mean() - spread / 2]
                    for pool in ("early" if early else "now", "all"):
                        table.setdefault((pool, h), []).append(row)
    print(label)
    for (pool, h), rows_ in sorted(table.items()):
        r = np.mean(np.array(rows_, float), axis=0)
        print(f"  {pool} step {h} (n = {len(rows_)}): mae {r[0]:.3f}; held {r[1]:.3f} {r[2]:.3f} {r[3]:.3f}; "
              f"interval score 80% {r[5]:.2f}, 95% {r[6]:.2f}; CRPS {r[7]:.4f}")
