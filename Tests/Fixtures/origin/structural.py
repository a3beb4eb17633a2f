"""Writes structural.json: statsmodels' UnobservedComponents with exact diffuse initialisation.

Usage: structural.py DIRECTORY_WITH_COMPETITION_SERIES > structural.json
"""
import json, sys, warnings
import numpy as np, pandas as pd, statsmodels
from statsmodels.tsa.statespace.initialization import Initialization
from statsmodels.tsa.statespace.structural import UnobservedComponents

warnings.simplefilter("ignore")
LEVELS = {"localLevel": "local level", "localLinear": "local linear trend", "smooth": "smooth trend",
          "fixedSlope": "local linear deterministic trend"}
SETS = [("m3_yearly", 1, 6), ("m3_quarterly", 4, 8), ("m3_monthly", 12, 12)]


def cases(directory):
    for name, season, horizon in SETS:
        groups = list(pd.read_csv(f"{directory}/{name}_train.csv.gz").groupby("unique_id", sort=True))
        for index, (key, frame) in enumerate(groups[7 :: len(groups) // 12][:12]):
            y = frame.sort_values("t").y.to_numpy(float)
            trend = list(LEVELS)[index % 4]
            kind = "none" if season == 1 else ("trigonometric" if index % 3 == 2 else "dummy")
            yield key, y, season, horizon, trend, kind, index


series = []
for key, y, season, horizon, trend, kind, index in cases(sys.argv[1]):
    data = y.copy()
    if index % 4 == 3:
        data[[len(y) // 3, len(y) // 2]] = np.nan
    n = len(data)
    steps = np.arange(n + horizon, dtype=float)
    exog = np.column_stack([steps >= n // 2, np.sin(steps)]).astype(float) if index % 6 == 5 else None
    options = {"level": LEVELS[trend], "use_exact_diffuse": True}
    if kind == "dummy":
        options["seasonal"] = season
    if kind == "trigonometric":
        options["freq_seasonal"] = [{"period": season}]
    if index % 6 == 4:
        options.update(cycle=True, stochastic_cycle=True, damped_cycle=True)
    if exog is not None:
        options.update(exog=exog[:n], mle_regression=False)
    if "cycle" in options:
        options["cycle_period_bounds"] = (2.5, max(n, 8))
    model = UnobservedComponents(data, **options)
    if "cycle" in options:
        # A damped cycle is stationary; the class would start it diffuse.
        first = model.k_states - 2 - (0 if exog is None else exog.shape[1])
        start = Initialization(model.k_states)
        start.set((0, first), "diffuse")
        start.set((first, first + 2), "stationary")
        model.ssm.initialization = start
        model.initialize_default = lambda *arguments: None
    fits = [model.fit(disp=0, maxiter=500, method=method) for method in ("lbfgs", "powell")]
    fit = max(fits, key=lambda one: one.llf)
    # Away from the boundary, so that every component is at work.
    given = fit.params.copy()
    for k, parameter in enumerate(model.param_names):
        if parameter.startswith("sigma2"):
            given[k] = max(given[k], 0.01 * np.nanvar(np.diff(y)))
        if parameter == "damping.cycle":
            given[k] = min(given[k], 0.95)
    at = model.smooth(given)
    ahead = at.get_forecast(horizon, exog=None if exog is None else exog[n:])
    level = at.level
    # Errors are compared after the diffuse phase, which a step regressor prolongs.
    since = (n // 2 if exog is not None else 0) + season + 6
    picked = list(range(0, n, 5))
    entry = {
        "id": key, "y": [None if np.isnan(v) else v for v in data], "trend": trend, "season": kind, "period": season,
        "cycle": "cycle" in options, "parameter_names": model.param_names, "fitted": list(map(float, fit.params)),
        "fitted_log_likelihood": float(fit.llf), "given": list(map(float, given)), "log_likelihood": float(at.llf),
        "mean": ahead.predicted_mean.tolist(), "deviations": ahead.se_mean.tolist(), "picked": picked,
        "level": level.smoothed[picked].tolist(), "level_variance": level.smoothed_cov[picked].tolist(),
        "errors": at.filter_results.forecasts_error[0].tolist()[since:], "errors_from": since,
    }
    if kind != "none":
        part = at.seasonal if kind == "dummy" else at.freq_seasonal[0]
        entry["seasonal"] = part.smoothed[picked].tolist()
        # The class adds up the harmonics' variances without their covariances, so from the states.
        first = 1 if trend == "localLevel" else 2
        row = np.zeros(model.k_states)
        row[first : first + season - 1] = model["design"][0, first : first + season - 1] if exog is None else \
            [1.0 if kind == "trigonometric" and k % 2 == 0 or k == 0 else 0.0 for k in range(season - 1)]
        entry["seasonal_variance"] = [float(row @ at.smoothed_state_cov[:, :, t] @ row) for t in picked]
    if "cycle" in options:
        entry["cycle_values"] = at.cycle.smoothed[picked].tolist()
    if exog is not None:
        entry["regressors"] = exog.tolist()
        entry["coefficients"] = at.smoothed_state[-2:, -1].tolist()
        entry["coefficient_variances"] = [float(at.smoothed_state_cov[k, k, -1]) for k in (-2, -1)]
    series.append(entry)

# Sums of periods by conditioning one dense Gaussian vector: level 0, trends by columns with a flat prior (least squares).
def brute(n, observations, variances, trend):
    irregular, level, slope = variances
    times = np.arange(n)
    # y[t] = l0 + b0 t + sum of level shocks + sum of sums of slope shocks + irregular
    a = np.tril(np.ones((n, n)), -1)
    b = a @ a
    cov = irregular * np.eye(n) + level * a @ a.T + (slope * b @ b.T if trend == "localLinear" else 0)
    flat = np.column_stack([np.ones(n), times]) if trend == "localLinear" else np.ones((n, 1))
    rows = np.array([[1.0 if first <= t <= last else 0.0 for t in range(n)] for first, last, _ in observations])
    y = np.array([value for _, _, value in observations])
    omega = rows @ cov @ rows.T
    inverse = np.linalg.inv(omega)
    x = rows @ flat
    gram = np.linalg.inv(x.T @ inverse @ x)
    beta = gram @ x.T @ inverse @ y
    gain = cov @ rows.T @ inverse
    mean = flat @ beta + gain @ (y - x @ beta)
    rest = flat - gain @ x
    var = cov - gain @ rows @ cov + rest @ gram @ rest.T
    return mean, var


sums = []
AGGREGATES = [
    ("localLevel", 12, (1.0, 0.5, 0.0), [(0, 0, 10.0), (1, 1, 11.5), (2, 4, 36.0), (5, 5, 12.25), (6, 8, 41.0)]),
    ("localLevel", 12, (0.3, 2.0, 0.0), [(0, 2, 30.0), (0, 5, 66.0), (0, 8, 104.0), (9, 9, 14.0)]),
    ("localLinear", 14, (0.5, 0.4, 0.1), [(0, 2, 31.0), (3, 5, 37.5), (4, 4, 12.0), (6, 8, 44.0), (1, 8, 101.0),
                                           (9, 9, 16.0), (10, 10, 17.0)]),
    ("localLinear", 12, (2.0, 0.0, 0.3), [(0, 3, 8.0), (2, 5, 14.0), (6, 6, 5.0), (5, 7, 13.0), (8, 8, 6.5)]),
]
for trend, n, variances, observations in AGGREGATES:
    mean, var = brute(n, observations, variances, trend)
    total = np.ones(n)
    half = np.array([1.0 if 4 <= t <= 9 else 0.0 for t in range(n)])
    sums.append({
        "trend": trend, "periods": n, "variances": variances, "observations": observations, "values": mean.tolist(),
        "value_variances": np.diag(var).tolist(), "total": [float(total @ mean), float(total @ var @ total)],
        "half": [float(half @ mean), float(half @ var @ half)],
    })

origin = (f"statsmodels {statsmodels.__version__}, tsa.statespace.structural.UnobservedComponents(use_exact_diffuse=True), "
          "on every so-many-th series of the M3 competition; 'sums' by numpy: generalised least squares and dense conditioning")
def clean(value):
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(item) for item in value]
    return None if isinstance(value, float) and np.isnan(value) else value


json.dump(clean({"origin": origin, "series": series, "sums": sums}), sys.stdout, separators=(",", ":"))
