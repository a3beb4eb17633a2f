// swift-tools-version: 6.1
import PackageDescription

// The documentation plugin is only needed to build the documentation, so an ordinary build does not fetch it.
let documentation: [Package.Dependency] =
  Context.environment["BUILD_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0")]

let package = Package(
  name: "thanhhoa",
  products: [
    .executable(name: "simulate", targets: ["simulate"]),
    .library(name: "NumericKernels", targets: ["NumericKernels"]),
    .library(name: "Forecast", targets: ["Forecast"]),
    .library(name: "Scenarios", targets: ["Scenarios"]),
    .library(name: "Reports", targets: ["Reports"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ] + documentation,
  targets: [
    .systemLibrary(
      name: "CLapack", pkgConfig: "openblas",
      providers: [.apt(["liblapack-dev", "liblapacke-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CSignals"),
    .target(name: "CVectorMath"),
    .target(name: "NumericKernels", dependencies: ["CLapack", "CVectorMath"]),
    .target(name: "Forecast", dependencies: ["NumericKernels"]),
    .target(name: "TextFiles", dependencies: ["CSignals", "CZlib"]),
    .target(
      name: "Scenarios",
      dependencies: ["Forecast", "NumericKernels", "TextFiles", .product(name: "Yams", package: "Yams")]),
    .target(name: "Reports", dependencies: ["Scenarios", "TextFiles"]),
    .executableTarget(
      name: "simulate",
      dependencies: [
        "Scenarios", "Reports", "TextFiles", "NumericKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .testTarget(name: "NumericKernelsTests", dependencies: ["NumericKernels"]),
    .testTarget(name: "ForecastTests", dependencies: ["Forecast", "NumericKernels"]),
    .testTarget(name: "TextFilesTests", dependencies: ["CZlib", "TextFiles"]),
    // Runs the built binary: the dependency only has it built.
    .testTarget(name: "simulateTests", dependencies: ["simulate", "TextFiles"], exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)
