import NumericKernels

/// Nanoseconds per element, the least of several rounds.
func time(_ name: String, elements: Int, rounds: Int = 9, repeats: Int = 100, _ body: () -> Void) {
  let clock = ContinuousClock()
  var best = Double.infinity
  for _ in 0..<rounds {
    let duration = clock.measure { for _ in 0..<repeats { body() } }
    let (seconds, attoseconds) = duration.components
    best = min(best, (Double(seconds) + Double(attoseconds) * 1e-18) * 1e9 / Double(repeats) / Double(elements))
  }
  let hundredths = Int((best * 100).rounded())
  print("\(name): \(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) ns")
}

let count = 10_000
var input = (0..<count).map { Double($0) / 5000 - 1 }
var positive = (0..<count).map { Double($0 + 1) / 5000 }
var output = [Double](repeating: 0, count: count)
let stream = RandomStream(seed: 1, id: "benchmark", purpose: .innovation)

input.withUnsafeBufferPointer { x in
  output.withUnsafeMutableBufferPointer { y in
    time("exp, C kernel", elements: count) { VectorMath.exp(x, into: y) }
    time("exp, pure Swift SIMD8", elements: count) { SwiftExp.exp(x, into: y) }
  }
}
positive.withUnsafeBufferPointer { x in
  output.withUnsafeMutableBufferPointer { y in time("log", elements: count) { VectorMath.log(x, into: y) } }
}
output.withUnsafeMutableBufferPointer { y in
  time("uniform (Philox)", elements: count) { stream.uniforms(item: 1, firstDraw: 0, into: y) }
  time("normal (Philox and inverse)", elements: count) { stream.normals(item: 1, firstDraw: 0, into: y) }
}
let normals = output
time("nine quantiles by selection", elements: count, repeats: 10) {
  _ = Quantiles.of(normals, [0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975])
}
time("sort", elements: count, repeats: 10) { _ = normals.sorted() }
