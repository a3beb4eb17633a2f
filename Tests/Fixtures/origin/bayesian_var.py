"""Writes bayesian_var.json: the closed forms in numpy and scipy, least squares from statsmodels."""
import json, sys
import numpy as np, scipy, statsmodels
from scipy.stats import multivariate_t
from statsmodels.datasets import macrodata
from statsmodels.tsa.api import VAR

frame = macrodata.load_pandas().data
frame["loggdp"] = 100 * np.log(frame.realgdp)
frame["logcons"] = 100 * np.log(frame.realcons)
CASES = [
    ("levels", frame[["loggdp", "infl", "tbilrate"]].to_numpy()[-60:], 2, 0.2, 1.0, 1.0, 1000.0, None),
    ("yearly", frame[["loggdp", "logcons", "unemp", "tbilrate"]].to_numpy()[::4][-16:], 2, 0.1, 2.0, 1.0, 100.0, None),
    ("growth", np.diff(frame[["loggdp", "logcons", "unemp"]].to_numpy(), axis=0)[-40:], 3, 0.5, 1.0, 0.0, 10.0, None),
    ("sums", frame[["loggdp", "infl", "tbilrate"]].to_numpy()[::4][-20:], 2, 0.2, 1.0, 1.0, 1000.0, 1.0),
    ("tiny", frame[["infl", "unemp"]].to_numpy()[::4][-7:], 1, 0.3, 1.0, 1.0, 10.0, None),
]


def scales(data):
    out = []
    for y in data.T:
        x = np.column_stack([np.ones(len(y) - 1), y[:-1]])
        residual = y[1:] - x @ np.linalg.lstsq(x, y[1:], rcond=None)[0]
        out.append(np.sqrt(residual @ residual / (len(y) - 3)))
    return np.array(out)


def posterior(data, p, tight, decay, own, constant, sums):
    n, k = data.shape
    sigma, center = scales(data), data.mean(0)
    z = (data - center) / sigma
    m = k * p + 1
    y = z[p:]
    x = np.column_stack([z[p - l : n - l] for l in range(1, p + 1)] + [np.ones(n - p)])
    xd = np.zeros((k * p + k + 1, m))
    yd = np.zeros((k * p + k + 1, k))
    xd[: k * p, : k * p] = np.kron(np.diag(np.arange(1.0, p + 1) ** decay), np.eye(k)) / tight
    yd[:k] = own * np.eye(k) / tight
    yd[k * p : k * p + k] = np.eye(k)
    xd[-1, -1] = 1 / constant
    if sums is not None:
        early = np.diag(z[:p].mean(0)) / sums
        xd = np.vstack([xd, np.hstack([np.kron(np.ones((1, p)), early), np.zeros((k, 1))])])
        yd = np.vstack([yd, own * early])
    b0, *_ = np.linalg.lstsq(xd, yd, rcond=None)
    k0, s0, nu = xd.T @ xd, (yd - xd @ b0).T @ (yd - xd @ b0), k + 2
    # The marginal likelihood as the product of one-step predictive densities.
    log_likelihood = -len(y) * np.log(sigma).sum()
    b, prec, s, v = b0, k0, s0, nu
    for row, out in zip(x, y):
        spread = 1 + row @ np.linalg.solve(prec, row)
        log_likelihood += multivariate_t(b.T @ row, s * spread / (v - k + 1), df=v - k + 1).logpdf(out)
        new = prec + np.outer(row, row)
        b1 = np.linalg.solve(new, prec @ b + np.outer(row, out))
        s = s + np.outer(out, out) + b.T @ prec @ b - b1.T @ new @ b1
        b, prec, v = b1, new, v + 1
    xa, ya = np.vstack([xd, x]), np.vstack([yd, y])
    mean, *_ = np.linalg.lstsq(xa, ya, rcond=None)
    scale = (ya - xa @ mean).T @ (ya - xa @ mean)
    cov = scale / (nu + len(y) - k - 1)
    lags = [mean[l * k : (l + 1) * k].T * np.outer(sigma, 1 / sigma) for l in range(p)]
    const = center + sigma * mean[-1] - sum(lag @ center for lag in lags)
    one = np.concatenate([z[n - l] for l in range(1, p + 1)] + [[1.0]])
    spread = 1 + one @ np.linalg.solve(xa.T @ xa, one)
    return lags, const, cov * np.outer(sigma, sigma), log_likelihood, cov * np.outer(sigma, sigma) * spread


def brute(data, lags, const, cov, horizon, constraints):
    n, k = data.shape
    size = horizon * k
    operator, offset = np.eye(size), np.zeros(size)
    for s in range(horizon):
        offset[s * k : (s + 1) * k] = const
        for l, lag in enumerate(lags, 1):
            if l <= s:
                operator[s * k : (s + 1) * k, (s - l) * k : (s - l + 1) * k] -= lag
            else:
                offset[s * k : (s + 1) * k] += lag @ data[n + s - l]
    inverse = np.linalg.inv(operator)
    mean, var = inverse @ offset, inverse @ np.kron(np.eye(horizon), cov) @ inverse.T
    if constraints:
        rows = np.zeros((len(constraints), size))
        for i, (j, step, _) in enumerate(constraints):
            rows[i, (step - 1) * k + j] = 1
        gain = var @ rows.T @ np.linalg.inv(rows @ var @ rows.T)
        mean = mean + gain @ (np.array([c[2] for c in constraints]) - rows @ mean)
        var = var - gain @ rows @ var
        for i in range(len(constraints)):
            var[rows[i] == 1] = 0
    return mean.reshape(horizon, k), np.sqrt(np.maximum(np.diag(var), 0)).reshape(horizon, k)


out = []
for name, data, p, tight, decay, own, constant, sums in CASES:
    lags, const, cov, log_likelihood, one_step = posterior(data, p, tight, decay, own, constant, sums)
    last = data[-1]
    constraints = [(1, 1, float(last[1] + 0.5)), (1, 3, float(last[1] + 1)), (0, 4, float(last[0] + 1))]
    mean, deviations = brute(data, lags, const, cov, 5, [])
    given_mean, given_deviations = brute(data, lags, const, cov, 5, constraints)
    root = np.linalg.cholesky(cov)
    responses = [np.eye(len(last))]
    for s in range(1, 5):
        responses.append(sum(lags[l - 1] @ responses[s - l] for l in range(1, p + 1) if l <= s))
    entry = dict(
        name=name, data=data.tolist(), lags=p, tightness=tight, decay=decay, own=own, constant=constant, sums=sums,
        coefficients=[lag.tolist() for lag in lags], constants=const.tolist(), covariance=cov.tolist(),
        log_marginal_likelihood=float(log_likelihood), mean=mean.tolist(), deviations=deviations.tolist(),
        constraints=constraints, given_mean=given_mean.tolist(), given_deviations=given_deviations.tolist(),
        responses=[(psi @ root).tolist() for psi in responses],
        one_step_deviations=np.sqrt(np.diag(one_step)).tolist(),
    )
    if len(data) >= 40:
        fit = VAR(data).fit(p, trend="c")
        entry["least_squares"] = dict(
            coefficients=[lag.tolist() for lag in fit.coefs], constants=fit.intercept.tolist(),
            forecast=fit.forecast(data[-p:], 5).tolist())
    out.append(entry)

origin = (f"numpy {np.__version__} (augmented least squares, dense conditioning), scipy {scipy.__version__} (products of "
          f"multivariate t densities), statsmodels {statsmodels.__version__} tsa.api.VAR; data: statsmodels.datasets.macrodata")
json.dump({"origin": origin, "cases": out}, sys.stdout, separators=(",", ":"))
