"""Reference values for the decision methods: Sobol points from SciPy, Sobol indices from SALib, a PRIM trajectory from the EMA
workbench. Run where numpy, scipy, SALib and (for PRIM) ema_workbench are installed:

    python decisions.py salib > decisions_sobol.json
    python decisions.py prim  > decisions_prim.json
"""
import json
import sys
import warnings

import numpy as np

warnings.filterwarnings("ignore")


def salib():
    import scipy
    from importlib.metadata import version
    from scipy.stats import qmc
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample
    from SALib.test_functions import Ishigami, Sobol_G

    points = qmc.Sobol(d=256, scramble=False, bits=32).random(64)
    picked = [0, 1, 2, 3, 9, 36, 99, 159, 199, 200, 255]
    out = {
        "origin": {
            "software": f"scipy {scipy.__version__} qmc.Sobol(scramble=False, bits=32); SALib {version('SALib')}",
            "script": "Tests/Fixtures/origin/decisions.py salib",
        },
        "points": [{"dimension": d, "values": points[:, d].tolist()} for d in picked],
        "point_sums": points.sum(axis=0).tolist(),
        "cases": [],
    }

    def case(name, problem, count, function):
        x = sample.sample(problem, count, calc_second_order=False, scramble=False, skip_values=0)
        y = function(x)
        found = analyze.analyze(problem, y, calc_second_order=False, num_resamples=100, seed=1)
        groups = list(dict.fromkeys(problem.get("groups") or problem["names"]))
        owner = problem.get("groups") or problem["names"]
        step = len(groups) + 2
        out["cases"].append({
            "name": name, "count": count, "inputs": problem["num_vars"],
            "groups": [[i for i, g in enumerate(owner) if g == group] for group in groups],
            "sample_sum": [float(x[k::step].sum()) for k in range(step)],
            "outputs": [y[k::step].tolist() for k in range(step)],
            "s1": np.asarray(found["S1"]).tolist(), "st": np.asarray(found["ST"]).tolist(),
            "s1_conf": np.asarray(found["S1_conf"]).tolist(), "st_conf": np.asarray(found["ST_conf"]).tolist(),
        })

    ishigami = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[0, 1]] * 3}
    case("ishigami", ishigami, 256, lambda u: Ishigami.evaluate(-np.pi + 2 * np.pi * u))
    g = {"num_vars": 8, "names": [f"x{i}" for i in range(8)], "bounds": [[0, 1]] * 8}
    case("sobol_g", g, 128, Sobol_G.evaluate)
    grouped = dict(g, groups=["a", "b", "a", "b", "c", "c", "c", "c"])
    case("sobol_g_grouped", grouped, 128, Sobol_G.evaluate)
    print(json.dumps(out))


def prim_data(n, d):
    """A box in inputs 0 and 1, and noise by formula: points of a Kronecker sequence with square roots of primes."""
    primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71]
    k = np.arange(1, n + 1)[:, None]
    x = np.mod(k * np.sqrt(np.array(primes[:d], dtype=float))[None, :], 1.0)
    inside = (x[:, 0] > 0.62) & (x[:, 1] < 0.41)
    noise = np.mod(np.arange(1, n + 1) * np.sqrt(73.0), 1.0)
    return x, np.where(noise < 0.1, ~inside, inside)


def prim():
    import pandas as pd
    import ema_workbench
    from ema_workbench.analysis import prim as ema

    out = {
        "origin": {
            "software": f"EMA workbench {ema_workbench.__version__}, Prim(threshold=0.5, peel_alpha=0.05)",
            "data": "x_kj = frac(k sqrt(p_j)), k = 1..n, p_j the j-th prime; a case of interest if x_k1 > 0.62 and x_k2 < 0.41, "
            "turned round if frac(k sqrt 73) < 0.1",
            "script": "Tests/Fixtures/origin/decisions.py prim",
        },
        "cases": [],
    }
    for objective in ("LENIENT1", "ORIGINAL"):
        n, d = 1000, 5
        x, y = prim_data(n, d)
        names = [f"x{j}" for j in range(d)]
        algorithm = ema.Prim(
            pd.DataFrame(x, columns=names), y, threshold=0.5, peel_alpha=0.05, mass_min=0.05,
            obj_function=ema.PRIMObjectiveFunctions[objective])
        algorithm._paste = lambda box: box  # the trajectory of the peeling alone
        box = algorithm.find_box()
        t = box.peeling_trajectory
        limits = []
        for frame in box.box_lims:
            limits.append([[float(frame[c].iloc[0]), float(frame[c].iloc[1])] for c in names])
        unrestricted = limits[0]
        last = len(limits) - 1
        restricted = [c for j, c in enumerate(names) if limits[last][j] != unrestricted[j]]
        qp = box._calculate_quasi_p(last, restricted)
        out["cases"].append({
            "objective": objective, "n": n, "inputs": d, "cases_of_interest": int(y.sum()),
            "coverage": t["coverage"].tolist(), "density": t["density"].tolist(), "mass": t["mass"].tolist(),
            "limits": limits, "qp": {k: list(v) for k, v in qp.items()},
        })
    print(json.dumps(out))


if __name__ == "__main__":
    {"salib": salib, "prim": prim}[sys.argv[1]]()
