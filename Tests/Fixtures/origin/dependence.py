"""Writes dependence.json: what the block `correlations` of model.yaml must find in the shipped observations.

numpy and scipy, an implementation of its own: two-way means are projected off with dummy columns and the pseudo-inverse of the normal
equations, not by alternating means; the clustered variances are sums over masks. Run in this folder: python3 dependence.py
"""

import csv
import glob
import json
import math
import pathlib

import numpy as np
import scipy
from scipy import stats

DATA = pathlib.Path(__file__).resolve().parents[3] / "notebooks-data"
ROWS, YEARS, RATE = 250, 5, 0.05


def log(v):
    return math.log(v) if v > 0 else math.nan


def logit(upper):
    return lambda v: math.log(v / (upper - v)) if 0 < v < upper else math.nan


SERIES = [("pci_score", "pci_score", logit(100), 2009, 2022, 0), ("fdi_new_projects", "fdi_new_projects", log, 2015, 2023, 0.5)]
for name in ["d1_participation", "d2_transparency", "d3_vertical_accountability", "d4_corruption_control",
             "d5_admin_procedures", "d6_public_services"]:
    SERIES.append(("papi_" + name, "papi_" + name, logit(10), 2011, 2024, 0))
SERIES += [
    ("fishery_output", "fishery_output", log, 2005, 2016, 0), ("aquaculture_output", "aquaculture_output", log, 2005, 2018, 0),
    ("paddy_output", "cereal_output", log, 2005, 2016, 0), ("budget_revenue", "budget_revenue", log, 2006, 2014, 0),
    ("state_budget_investment", "state_budget_investment", log, 2011, 2024, 0), ("population", "population", log, 2011, 2022, 0),
    ("iip_growth", "iip_index", lambda v: v, 2012, 2016, 0),
    ("industrial_employment_index", "industrial_employment_index_december", log, 2019, 2024, 0),
]
FIRST, LAST = 2005, 2024

provinces = sorted(row["province_before"] for row in csv.DictReader(open(DATA / "reference/province_crosswalk.csv")))
wanted = {s[1] for s in SERIES} | {"gdp_growth"}
found = {}
for path in glob.glob(str(DATA / "observations/*.csv")):
    for row in csv.DictReader(open(path)):
        if (row["indicator"] in wanted and row["preferred"] == "yes" and row["status"] != "plan" and len(row["period"]) == 4):
            found[row["indicator"], row["area"], int(row["period"])] = float(row["value"])


def matrix(series):
    _, observed, scale, start, end, plus = series
    result = np.full((len(provinces), LAST - FIRST + 1), np.nan)
    for i, province in enumerate(provinces):
        for year in range(start, end + 1):
            if (observed, province, year) in found:
                result[i, year - FIRST] = scale(found[observed, province, year] + plus)
    return result


def residual_of_effects(values, usable):
    i, t = np.nonzero(usable)
    dummies = np.hstack([np.eye(len(provinces))[i], np.eye(values.shape[1])[t]])
    y = values[usable]
    fit = dummies @ np.linalg.lstsq(dummies, y, rcond=None)[0]
    out = np.full(values.shape, np.nan)
    out[usable] = y - fit
    return out


def innovations(values):
    before = np.full(values.shape, np.nan)
    before[:, 1:] = values[:, :-1]
    usable = ~np.isnan(values) & ~np.isnan(before)
    usable &= (usable.sum(0) >= 15)[None, :]
    usable &= (usable.sum(1) >= 3)[:, None]
    now, lag = residual_of_effects(values, usable), residual_of_effects(before, usable)
    phi = np.nansum(now * lag) / np.nansum(lag * lag)
    news = now - phi * lag
    scores = np.full(values.shape, np.nan)
    for t in range(values.shape[1]):
        rows = usable[:, t]
        if rows.sum() >= 15:
            scores[rows, t] = stats.norm.ppf((stats.rankdata(news[rows, t].round(10)) - 0.5) / rows.sum())
    effects = {FIRST + t: (values - phi * before)[usable[:, t], t].mean()
               for t in range(values.shape[1]) if usable[:, t].sum() >= 15}
    return scores, phi, effects


def pair(a, b):
    both = ~np.isnan(a) & ~np.isnan(b)
    n = both.sum()
    if n < 3:
        return None
    x, y = a[both], b[both]
    r = np.corrcoef(x, y)[0, 1]
    u, v = (x - x.mean()) / x.std(), (y - y.mean()) / y.std()
    influence = np.zeros(a.shape)
    influence[both] = u * v - r / 2 * (u * u + v * v)

    def clustered(axis):
        groups = (both.sum(axis) > 0).sum()
        return (influence.sum(axis) ** 2).sum() / n**2 * groups / (groups - 1) if groups > 1 else 0

    unit, period = clustered(1), clustered(0)
    su, sv = (x - x.mean()) / x.std(ddof=1), (y - y.mean()) / y.std(ddof=1)
    w = su * sv
    independent = n / (n - 1) ** 3 * ((w - w.mean()) ** 2).sum()
    variance = max(unit, period, unit + period - (influence**2).sum() / n**2, independent)
    years, units = (both.sum(0) > 0).sum(), (both.sum(1) > 0).sum()
    p = 2 * stats.t.sf(abs(r) / math.sqrt(variance), max(min(years, units) - 1, 1))
    return dict(value=r, standard_error=math.sqrt(variance), rows=int(n), years=int(years), p_value=p)


# The driver's news: an autoregression over neighbouring years without those that world.yaml declares exceptional.
growth = {y: v for (i, a, y), v in found.items() if i == "gdp_growth" and a == "vietnam" and y not in (2020, 2021, 2022)}
neighbours = [y for y in sorted(growth) if y - 1 in growth]
now, past = np.array([growth[y] for y in neighbours]), np.array([growth[y - 1] for y in neighbours])
line = stats.linregress(past, now)
news_of_growth = dict(zip(neighbours, now - line.intercept - line.slope * past))


def macro(effects):
    years = [y for y in effects if y in news_of_growth]
    if len(years) < 6:
        return dict(macro_years=len(years), macro=None, macro_low=None, macro_high=None)

    def detrended(v):
        return v - np.polyval(np.polyfit(np.array(years) - 2015.0, v, 1), np.array(years) - 2015.0)

    r = np.corrcoef(detrended(np.array([effects[y] for y in years])), detrended(np.array([news_of_growth[y] for y in years])))[0, 1]
    half = stats.norm.ppf(0.975) / math.sqrt(len(years) - 4)
    return dict(macro_years=len(years), macro=r, macro_low=math.tanh(math.atanh(r) - half),
                macro_high=math.tanh(math.atanh(r) + half))


scores, series = [], []
for item in SERIES:
    s, phi, effects = innovations(matrix(item))
    scores.append(s)
    series.append(dict(indicator=item[0], persistence=phi, rows=int((~np.isnan(s)).sum()), **macro(effects)))
pairs = []
for j in range(len(SERIES)):
    for i in range(j):
        found_pair = pair(scores[i], scores[j]) or dict(value=None, standard_error=None, rows=0, years=0, p_value=None)
        pairs.append(dict(first=SERIES[i][0], second=SERIES[j][0], **found_pair))
tested = [p for p in pairs if p["rows"] >= ROWS and p["years"] >= YEARS]
intensity = sum(p["standard_error"] ** 2 for p in tested) / sum(p["value"] ** 2 for p in tested)
kept = stats.false_discovery_control([p["p_value"] for p in tested]) <= RATE
for p, is_kept in zip(tested, kept):
    p["kept"] = int(is_kept)
out = dict(
    origin=f"numpy {np.__version__}, scipy {scipy.__version__}: origin/dependence.py on the shipped observations",
    intensity=intensity, series=series, pairs=[p for p in pairs if "kept" in p])
path = pathlib.Path(__file__).resolve().parents[1] / "dependence.json"
path.write_text(json.dumps(out, indent=1) + "\n")
print(len(provinces), len(tested), sum(kept), intensity)
