import Forecast
import NumericKernels

// The engine's yearly combination on many series: mean and standard deviation at steps 1 to 6, on logarithms where all values are
// positive. Reads `unique_id,t,y` (each series in order) from standard input; `rivals/yearly_calibration.py` calls it.
let horizon = 6
var order: [String] = []
var series: [String: [Double]] = [:]
_ = readLine()
while let line = readLine() {
  let fields = line.split(separator: ",")
  guard fields.count == 3, let value = Double(fields[2]) else { continue }
  let id = String(fields[0])
  if series[id] == nil { order.append(id) }
  series[id, default: []].append(value)
}
print("unique_id,step,mean,deviation,is_logarithm")
for id in order {
  guard let values = series[id] else { continue }
  let isLogarithm = values.allSatisfy { $0 > 0 }
  let model = try Combination(fitting: isLogarithm ? VectorMath.log(values) : values)
  let forecast = try model.linearForecast(horizon: horizon)
  for (step, pair) in zip(forecast.mean, forecast.standardDeviations).enumerated() {
    print("\(id),\(step + 1),\(pair.0),\(pair.1),\(isLogarithm ? 1 : 0)")
  }
}
