# Makes ../reconciliation.json: python reconciliation.py BENCHMARK_FOLDER > ../reconciliation.json
# (numpy, scipy, hierarchicalforecast). Independent forms: explicit inverses of W, lambda by loops, scipy's nnls.
import gzip, csv, json, sys
import numpy as np
from scipy.optimize import nnls
import hierarchicalforecast
from hierarchicalforecast.methods import BottomUp, MinTrace, TopDown

d = {}
for part in ("train", "test"):
    for r in list(csv.reader(gzip.open(f"{sys.argv[1]}/au_tourism_quarterly_{part}.csv.gz", "rt")))[1:]:
        d.setdefault(r[0], []).append(float(r[2]))
keep = ("South Australia", "Tasmania")
ids = sorted((k for k in d if k.split("_")[1] in keep), key=lambda k: (k.split("_")[1], k.split("_")[0], k.split("_")[2]))
ids = [k for k in ids if sum(o.split("_")[0] == k.split("_")[0] for o in ids) > 1]  # no region that is its only purpose
paths = [[k.split("_")[1], k.split("_")[0], k.split("_")[2]] for k in ids]
y = np.array([d[k] for k in ids]); h = 8; train, test = y[:, :-h], y[:, -h:]
states = list(dict.fromkeys(p[0] for p in paths)); regions = list(dict.fromkeys((p[0], p[1]) for p in paths))
C = np.array([[1.0] * len(ids)] + [[float(p[0] == s) for p in paths] for s in states]
             + [[float((p[0], p[1]) == r) for p in paths] for r in regions])
S = np.vstack([C, np.eye(len(ids))]); n, nb = S.shape; na = n - nb
Y = S @ train

def base(x):  # seasonal medians moved by a smoothed level: not linear in x, so not coherent
    best = None
    for a in np.linspace(0.05, 0.95, 91):
        s = np.array([np.median(x[i::4]) for i in range(4)]); s = np.tile(s - s.mean(), len(x) // 4 + 1)[:len(x)]
        l, e = x[0] - s[0], []
        for v, q in zip(x, s): e.append(v - l - q); l += a * e[-1]
        sse = np.sum(np.square(e[4:]))
        if best is None or sse < best[0]: best = (sse, np.array(e[4:]), [l + s[i % 4] for i in range(h)])
    return best[1], best[2]

fits = [base(x) for x in Y]
E = np.round(np.array([f[0] for f in fits]), 6); B = np.round(np.array([f[1] for f in fits]), 6)
E = np.round(E - E.mean(1, keepdims=True) + 1e-5, 6); T = E.shape[1]

def G(W):
    Wi = np.linalg.inv(W); return np.linalg.solve(S.T @ Wi @ S, S.T @ Wi)
def lam(E):
    X = E / np.sqrt(np.mean(E ** 2, 1, keepdims=True)); num = den = 0.0
    for i in range(n):
        for j in range(n):
            if i != j:
                w = X[i] * X[j]; num += np.sum((w - w.mean()) ** 2) / (T * (T - 1)); den += w.mean() ** 2
    return min(1, num / den)
L = lam(E); cov = E @ E.T / T; shrunk = (1 - L) * cov + L * np.diag(np.diag(cov))
W = dict(ordinary_least_squares=np.eye(n), structural=np.diag(S.sum(1)), variances=np.diag(np.diag(cov)), shrunk=shrunk)
values, deviations, nonneg = {}, {}, {}
sd = np.sqrt(np.mean(E ** 2, 1))
shifted = B[:, 0] - 0.35 * S.sum(1) * np.abs(B[:, 0]).mean() / S.sum(1).mean()   # pushes small series below zero
for k, w in W.items():
    g = G(w); values[k] = (S @ g @ B).tolist()
    r = w / np.sqrt(np.outer(np.diag(w), np.diag(w))); v = r * np.outer(sd, sd)
    deviations[k] = np.sqrt(np.diag(S @ g @ v @ g.T @ S.T)).tolist()
    c = np.linalg.cholesky(np.linalg.inv(w)).T; b, _ = nnls(c @ S, c @ shifted, maxiter=10000); nonneg[k] = (S @ b).tolist()
# a sample covariance needs more times than aggregates: here W itself is singular, so its form without inverse is the only one
U = np.hstack([np.eye(na), -C]).T
values["sample"] = (S @ (B[na:] - cov[na:] @ U @ np.linalg.solve(U.T @ cov @ U, U.T @ B))).tolist()
theirs, insample = {}, dict(y_insample=Y[:, 4:], y_hat_insample=Y[:, 4:] - E)
for k, m in (("ordinary_least_squares", "ols"), ("structural", "wls_struct"), ("variances", "wls_var"), ("shrunk", "mint_shrink")):
    # it centres, and refuses errors whose sums are all 0: hence the mean of 1e-5 above
    f = MinTrace(method=m, **({"mint_shr_ridge": 0.0} if m == "mint_shrink" else {})).fit_predict(S=S, y_hat=B, **insample)
    theirs[k] = np.asarray(f["mean"]).tolist()
    print(k, "numpy against hierarchicalforecast", np.max(np.abs(np.array(values[k]) - f["mean"])) / np.max(np.abs(B)), file=sys.stderr)
print("relative size of what does not add up", np.sort(np.linalg.norm(U.T @ E, axis=1) / np.linalg.norm(E[:na], axis=1))[:4], file=sys.stderr)
print("lambda", L, "negative", {k: int(np.sum((S @ G(w) @ shifted)[na:] < 0)) for k, w in W.items()}, n, nb, T, file=sys.stderr)
tags = {"t": np.array([0]), "s": np.arange(1, 1 + len(states)), "r": np.arange(1 + len(states), na), "b": np.arange(na, n)}
top = {}
for k, m in (("average_proportions", "average_proportions"), ("proportions_of_averages", "proportion_averages"), ("forecast_proportions", "forecast_proportions")):
    try: top[k] = np.asarray(TopDown(method=m).fit_predict(S=S, y_hat=B, y_insample=Y, tags=tags)["mean"]).tolist()
    except Exception as e: print(k, repr(e), file=sys.stderr)
temporal = []   # one series, factors 4, 2, 1
x = np.round(Y[0], 6)
levels = [x.reshape(-1, k).sum(1) for k in (4, 2, 1)]
tb = [np.round(np.array([l[-(4 // k):].tolist() * 2]).ravel() * f, 4) for l, k, f in zip(levels, (4, 2, 1), (1.03, 0.99, 1.05))]
TS = np.vstack([np.ones((1, 4)), [[1, 1, 0, 0], [0, 0, 1, 1]], np.eye(4)])
lv = [900.0, 400.0, 250.0]
out = {}
for k, w in (("ordinary_least_squares", np.eye(7)), ("structural", np.diag(TS.sum(1))), ("level_variances", np.diag([900, 400, 400, 250, 250, 250, 250.]))):
    wi = np.linalg.inv(w); g = np.linalg.solve(TS.T @ wi @ TS, TS.T @ wi); rows = []
    for c in range(2):
        v = np.concatenate([tb[0][c:c + 1], tb[1][2 * c:2 * c + 2], tb[2][4 * c:4 * c + 4]]); rows.append(TS @ g @ v)
    out[k] = [[r[0] for r in rows], [q for r in rows for q in r[1:3]], [q for r in rows for q in r[3:]]]
origin = dict(software=f"numpy {np.__version__}, scipy nnls, hierarchicalforecast {hierarchicalforecast.__version__}",
              calls="MinTrace(ols, wls_struct, wls_var, mint_shrink with ridge 0), TopDown; values, deviations, nonnegative by explicit formulas",
              series="Australian domestic tourism (tidyverts/tsibble), South Australia and Tasmania by region and purpose, nights in thousands")
r6 = lambda a: np.round(a, 6).tolist()
json.dump(dict(origin=origin, paths=paths, train=r6(train), base=B.tolist(), residuals=E.tolist(), shrinkage=L, deviations_in=sd.tolist(),
               values=values, hierarchicalforecast=theirs, top_down=top, deviations=deviations, shifted=shifted.tolist(),
               nonnegative=nonneg, temporal=dict(base=[v.tolist() for v in tb], level_variances=lv, values=out)), sys.stdout)
