"""The rivals of Benchmarks/Sources/regression, one thread each: python3 Benchmarks/rivals/regression.py"""
import os

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")
import time

import numpy as np
import pandas as pd
import pyfixest
import statsmodels.api as sm

rng = np.random.default_rng(1)
n = 1_000_000
x = rng.normal(size=(n, 20))
y = x @ np.arange(20) + rng.normal(size=n)


def best(name, body, rounds=3):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    print(f"{name}: {min(times):.3f} s", flush=True)


design = np.column_stack([np.ones(n), x])
best("numpy lstsq (coefficients only)", lambda: np.linalg.lstsq(design, y, rcond=None))


def numpy_qr():
    q, r = np.linalg.qr(design)
    b = np.linalg.solve(r, q.T @ y)
    e = y - design @ b
    inverse = np.linalg.inv(r)
    return b, np.sqrt(np.diag(inverse @ inverse.T) * (e @ e) / (n - 21))


best("numpy qr with standard errors", numpy_qr)
best("statsmodels OLS", lambda: sm.OLS(y, design).fit().bse)
best("statsmodels OLS hc1", lambda: sm.OLS(y, design).fit(cov_type="HC1").bse)
frame = pd.DataFrame({"y": y, "x1": x[:, 0], "x2": x[:, 1]})
frame["unit"] = (np.arange(n) * 7919) % 10_000
frame["period"] = (np.arange(n) * 31) % 10
pyfixest.feols("y ~ x1 + x2 | unit + period", frame, vcov={"CRV1": "unit"})
best(
    "pyfixest two-way effects, clustered",
    lambda: pyfixest.feols("y ~ x1 + x2 | unit + period", frame, vcov={"CRV1": "unit"}),
)
