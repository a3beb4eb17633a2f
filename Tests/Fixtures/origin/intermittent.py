# Makes ../intermittent.json: python intermittent.py BENCHMARK_FOLDER > ../intermittent.json (statsforecast).
# Demand is made of real series: what exceeds the series' own 70% (60%, 85%) quantile, in whole units of a tenth of its deviation.
import json, sys
import numpy as np
import statsforecast
from statsforecast.models import TSB, CrostonClassic, CrostonSBA
sys.path.insert(0, sys.argv[1])
import score
out = []
for name, count in (("m3_monthly", 15), ("au_tourism_quarterly", 10), ("m1_monthly", 10)):
    train = score.read_series(f"{sys.argv[1]}/{name}_train.csv.gz")
    for i, k in enumerate(sorted(train)[:: len(train) // count][:count]):
        x = train[k]; q = np.quantile(x, (0.7, 0.6, 0.85)[i % 3])
        y = np.round(np.maximum(x - q, 0) / (0.1 * x.std()))
        v = {n: float(m.forecast(y=y, h=1)["mean"][0]) for n, m in (("classic", CrostonClassic()), ("syntetos_boylan", CrostonSBA()),
             ("teunter_syntetos_babai", TSB(alpha_d=0.2, alpha_p=0.15)))}
        f = {n: m.forecast(y=y, h=1, fitted=True)["fitted"].tolist() for n, m in (("classic", CrostonClassic()),)}
        out.append(dict(id=f"{name} {k}", y=y.tolist(), fitted=[None if not np.isfinite(u) else u for u in f["classic"]], **v))
json.dump(dict(origin=dict(software="statsforecast", version=statsforecast.__version__, calls="CrostonClassic(), CrostonSBA(), TSB(alpha_d=0.2, alpha_p=0.15)",
               series="exceedances of real series over their own quantile"), series=out), sys.stdout)
