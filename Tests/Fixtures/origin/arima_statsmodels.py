"""Makes Tests/Fixtures/arima_statsmodels.json:  python arima_statsmodels.py arima.json arima_statsmodels.json"""
import json, sys, warnings
import numpy as np, statsmodels
from statsmodels.tsa.statespace.sarimax import SARIMAX
warnings.filterwarnings("ignore")
series = {s["id"]: s for s in json.load(open(sys.argv[1]))["series"]}
cases = [("m3_yearly M3_N0003", (2, 0, 1), (0, 0, 0), 1), ("m3_quarterly M3_N0945", (1, 1, 1), (0, 1, 1), 4),
         ("m3_monthly M3_N2001", (0, 1, 1), (0, 1, 1), 12), ("m3_monthly M3_N2351", (2, 0, 1), (1, 1, 0), 12)]
out = []
for name, order, seasonal, m in cases:
    y = np.array(series[name]["y"])
    scale = np.abs(np.diff(y)).mean()
    model = SARIMAX(y / scale, order=order, seasonal_order=seasonal + ((m,) if m > 1 else (0,)), simple_differencing=True,
                    concentrate_scale=True)
    r = model.fit(disp=False, maxiter=500, method="bfgs", gtol=1e-8)
    n = model.nobs
    forecast = SARIMAX(y / scale, order=order, seasonal_order=seasonal + ((m,) if m > 1 else (0,)),
                       concentrate_scale=True, initialization=None).smooth(r.params).get_forecast(8)
    out.append({"id": name, "order": order, "seasonal": seasonal, "m": m, "params": list(r.params),
                "loglik": r.llf - n * np.log(scale), "mean": list(forecast.predicted_mean * scale)})
json.dump({"origin": {"software": "statsmodels " + statsmodels.__version__,
                      "call": "SARIMAX(y / mean |diff y|, order, seasonal_order, simple_differencing=True, concentrate_scale=True)"
                              ".fit(); loglik in the unit of y; mean: 8 steps with the same parameters, approximately diffuse start"},
           "cases": out}, open(sys.argv[2], "w"), indent=1)
