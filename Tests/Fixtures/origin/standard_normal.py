"""Reference values of the standard normal law from mpmath with 40 digits, rounded once:

    python standard_normal.py > ../standard_normal.json
"""
import json

import mpmath

mpmath.mp.dps = 40
# Exactly representable points, dense where the approximations change over.
points = sorted(
    {k / 8 for k in range(-296, 65)}
    | {s * (0.67448975 + k / 1024) for k in (-2, -1, 0, 1, 2) for s in (-1, 1)}
    | {s * (5.65685424949238 + k / 1024) for k in (-2, -1, 0, 1, 2) for s in (-1, 1)}
    | {-1e-300, -1e-10, 1e-10, -37.5, 8.25}
)
values = [float(mpmath.ncdf(mpmath.mpf(z))) for z in points]
json.dump(
    {
        "origin": {"software": f"mpmath {mpmath.__version__}", "script": "Tests/Fixtures/origin/standard_normal.py"},
        "z": points,
        "cumulative": values,
    },
    __import__("sys").stdout,
)
