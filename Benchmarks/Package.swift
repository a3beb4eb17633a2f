// swift-tools-version: 6.1
import PackageDescription

// Measurements, apart from the toolkit: nothing here is built by `make build`. Run with
//   swift run --package-path Benchmarks -c release kernels
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "thanhhoa", path: "..")],
  targets: [
    .executableTarget(
      name: "decisions",
      dependencies: [
        .product(name: "Scenarios", package: "thanhhoa"), .product(name: "NumericKernels", package: "thanhhoa"),
      ]),
    .executableTarget(
      name: "kernels", dependencies: [.product(name: "NumericKernels", package: "thanhhoa")]),
    .executableTarget(
      name: "regression",
      dependencies: [
        .product(name: "Forecast", package: "thanhhoa"), .product(name: "NumericKernels", package: "thanhhoa"),
      ]),
    .executableTarget(
      name: "yearly-bands",
      dependencies: [
        .product(name: "Forecast", package: "thanhhoa"), .product(name: "NumericKernels", package: "thanhhoa"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
