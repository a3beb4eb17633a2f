// swift-tools-version: 6.1
import PackageDescription

// The documentation plugin is only needed to build the documentation, so an ordinary build does not fetch it.
let documentation: [Package.Dependency] =
  Context.environment["BUILD_DOCUMENTATION"] == nil
  ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0")]

// Links the Swift runtime into the command: the run path of a dynamic build points into the toolchain. Only the link differs, so
// that build and test compile alike (--static-swift-stdlib compiles every file in another way, and `swift test` does not know it).
// Nothing may depend on the target `simulate`, tests neither: the settings would reach their link too.
let runtimeInside = [
  "-static-stdlib", "-lFoundation", "-lCoreFoundation", "-lFoundationInternationalization", "-lFoundationEssentials",
  "-l_FoundationCollections", "-l_FoundationCShims", "-l_FoundationICU",
]

let package = Package(
  name: "thanhhoa",
  products: [
    .executable(name: "simulate", targets: ["simulate"]),
    .library(name: "NumericKernels", targets: ["NumericKernels"]),
    .library(name: "Forecast", targets: ["Forecast"]),
    .library(name: "Scenarios", targets: ["Scenarios"]),
    .library(name: "Reports", targets: ["Reports"]),
    .library(name: "Store", targets: ["Store"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ] + documentation,
  targets: [
    .systemLibrary(
      name: "CLapack", pkgConfig: "openblas",
      providers: [.apt(["liblapack-dev", "liblapacke-dev", "libopenblas-dev"])]),
    .systemLibrary(name: "CNLopt", pkgConfig: "nlopt", providers: [.apt(["libnlopt-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CXLSXWriter", pkgConfig: "xlsxwriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .target(name: "CSignals"),
    .target(name: "CFolders"),
    .target(name: "CVectorMath", linkerSettings: [.linkedLibrary("m")]),
    .target(name: "NumericKernels", dependencies: ["CLapack", "CVectorMath"]),
    .target(name: "Forecast", dependencies: ["NumericKernels"]),
    .target(name: "TextFiles", dependencies: ["CSignals", "CZlib"]),
    .target(
      name: "Scenarios",
      dependencies: ["CNLopt", "Forecast", "NumericKernels", "TextFiles", .product(name: "Yams", package: "Yams")]),
    .target(
      name: "Store",
      dependencies: [
        "Scenarios", "NumericKernels", "TextFiles", "CZlib", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(
      name: "Reports",
      dependencies: [
        "Scenarios", "Store", "Forecast", "TextFiles", "NumericKernels", "CFolders", "CXLSXWriter",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    .executableTarget(
      name: "simulate",
      dependencies: [
        "Scenarios", "Reports", "Store", "Forecast", "TextFiles", "NumericKernels",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      linkerSettings: [.unsafeFlags(runtimeInside, .when(platforms: [.linux]))]),
    // The reader of Tests/Fixtures, which the tests share.
    .target(name: "ReferenceValues", path: "Tests/ReferenceValues"),
    .testTarget(name: "NumericKernelsTests", dependencies: ["NumericKernels", "ReferenceValues"]),
    .testTarget(name: "ForecastTests", dependencies: ["Forecast", "NumericKernels", "ReferenceValues"]),
    .testTarget(
      name: "ScenariosTests",
      dependencies: ["Scenarios", "Forecast", "NumericKernels", "TextFiles", "ReferenceValues"]),
    .testTarget(name: "ReportsTests", dependencies: ["Reports", "TextFiles"]),
    .testTarget(name: "TextFilesTests", dependencies: ["CZlib", "TextFiles"]),
    .testTarget(
      name: "StoreTests",
      dependencies: ["Store", "Scenarios", "TextFiles", .product(name: "GRDB", package: "GRDB.swift")]),
    // Runs the built command, which `make test` builds first.
    .testTarget(
      name: "simulateTests",
      dependencies: ["Store", "TextFiles", .product(name: "GRDB", package: "GRDB.swift")],
      exclude: ["Golden", "check_pack.py"]),
  ],
  swiftLanguageModes: [.v6]
)
