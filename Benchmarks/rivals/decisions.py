"""SALib on the functions of Benchmarks/Sources/decisions, single-threaded: the fastest of five repeats.

usage: decisions.py      (an interpreter that has SALib 1.6.0)
"""
import os

os.environ.update({name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")})
import time
from importlib.metadata import version

import numpy as np
from SALib.analyze import sobol as analyze
from SALib.sample import sobol as sample


def best(body, rounds=5):
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        body()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


def g(x):
    a = np.arange(30) / 3
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)


def ishigami(x):
    x = (2 * x - 1) * np.pi
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol(inputs, count, function):
    problem = {"num_vars": inputs, "names": [f"x{i}" for i in range(inputs)], "bounds": [[0, 1]] * inputs}
    points = sample.sample(problem, count, calc_second_order=False, scramble=True, seed=1)
    analyze.analyze(problem, function(points), calc_second_order=False, num_resamples=100, seed=1)


print(f"SALib {version('SALib')}, NumPy {np.__version__}")
print(f"g, 30 inputs, N = 1,024: {best(lambda: sobol(30, 1024, g)):.1f} ms")
print(f"Ishigami, N = 16,384: {best(lambda: sobol(3, 16384, ishigami)):.1f} ms")
