// swift-tools-version: 6.2
import PackageDescription

// Every target is optimised in debug builds too, because `swift run` is a debug build and must train fast.
// The kernels go further: they are compiled without overflow and bounds checks in every configuration; shapes are
// checked once, in the facade.
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"])]
// The facade makes those checks, so they must stay in.
let facadeSettings: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
let settings: [SwiftSetting] = facadeSettings + [.strictMemorySafety()]
// A module compiled file by file tells an incremental build what of its interface has changed, and the body of a function to be
// inlined is no part of that: variants would keep old kernels. Of a module compiled as a whole any change counts.
let sourceSettings: [SwiftSetting] =
  kernelSettings + [.unsafeFlags(["-wmo", "-num-threads", "2", "-disable-batch-mode"], .when(configuration: .debug))]

/// The kernels of one instruction set. One source, several instruction sets: the kernels are extensions of a protocol in
/// `KernelSource`, inlined into one conformance a target, which names its tiles and is compiled for `features`.
///
/// A manifest can ask for the processor of the machine that builds, not for that of the machine that the program is built
/// for. So every variant is always declared. Those of another processor are empty there (`#if arch`), and features are
/// given to the code generator by name, which it passes over where it does not know them; `-mavx2` would be an error.
func kernels(_ name: String, features: [String]) -> Target {
  let flags: [String] = features.flatMap { ["-Xclang", "-target-feature", "-Xclang", "+" + $0] }
  return .target(
    name: name, dependencies: ["KernelSource", "ProcessorFeatures"],
    swiftSettings: kernelSettings + [.unsafeFlags(flags.flatMap { ["-Xcc", $0] })])
}

let package = Package(
  name: "Lockstep",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "trainer", targets: ["trainer"]),
    .library(
      name: "Lockstep",
      targets: [
        "Training", "Models", "DataParallel", "NeuralNetworks", "Optimizers", "Datasets", "Metrics", "Files", "Kernels",
        "ConfigurationSchema",
      ]),
  ])

// Targets are added in short lists: the compiler of Swift 6.2 gives up on one long expression.

// Kernels: arithmetic on contiguous buffers. On arm64 the compiler's baseline is NEON, and `KernelsPortable` is that variant.
package.targets += [
  .target(name: "ProcessorFeatures"),
  .target(name: "KernelSource", dependencies: ["ProcessorFeatures"], swiftSettings: sourceSettings),
  kernels("KernelsPortable", features: []),
  kernels("KernelsAVX2", features: ["avx2", "fma"]),
  kernels("KernelsAVX512", features: ["avx512f", "avx512vl", "avx512dq", "avx512bw", "fma"]),
  .target(
    name: "Kernels",
    dependencies: ["ProcessorFeatures", "KernelSource", "KernelsPortable", "KernelsAVX2", "KernelsAVX512"],
    swiftSettings: facadeSettings,
    // fmaf, for processors without a fused multiply-add.
    linkerSettings: [.linkedLibrary("m")]),
]

// Words, and files.
package.targets += [
  .target(name: "ConfigurationSchema", swiftSettings: settings),
  .target(name: "Files", dependencies: ["ConfigurationSchema", "ProcessorFeatures"], swiftSettings: settings),
]

// Rooms that never import each other.
package.targets += [
  .target(name: "Datasets", dependencies: ["Kernels", "ConfigurationSchema", "Files"], swiftSettings: settings),
  .target(name: "NeuralNetworks", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
  .target(name: "Optimizers", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
  .target(name: "Metrics", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
]

// The loop.
package.targets += [
  .target(
    name: "DataParallel",
    dependencies: [
      "Kernels", "ConfigurationSchema", "Datasets", "NeuralNetworks", "Optimizers", "Metrics", "ProcessorFeatures",
    ],
    swiftSettings: settings),
  // A trained model, used without what made it.
  .target(
    name: "Models", dependencies: ["Kernels", "ConfigurationSchema", "Files", "Datasets", "NeuralNetworks", "Metrics"],
    swiftSettings: settings),
  .target(
    name: "Training",
    dependencies: [
      "Kernels", "ConfigurationSchema", "Files", "Datasets", "NeuralNetworks", "Optimizers", "Metrics", "DataParallel",
      "Models",
    ],
    swiftSettings: settings),
  .executableTarget(
    name: "trainer",
    dependencies: ["Training", "Models", "DataParallel", "Datasets", "Metrics", "Files", "ConfigurationSchema"],
    swiftSettings: settings),
]

// Tests mirror sources. Folders named Expected hold values that other software computed, with the scripts that did.
package.targets += [
  .testTarget(name: "KernelsTests", dependencies: ["Kernels"], exclude: ["Expected"]),
  .testTarget(name: "ConfigurationSchemaTests", dependencies: ["ConfigurationSchema"]),
  .testTarget(name: "FilesTests", dependencies: ["Files"]),
  .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "ConfigurationSchema", "Files", "Kernels"]),
  .testTarget(
    name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "Optimizers", "Kernels", "ConfigurationSchema"],
    exclude: ["Expected"]),
  .testTarget(
    name: "OptimizersTests", dependencies: ["Optimizers", "Kernels", "ConfigurationSchema"], exclude: ["Expected"]),
  .testTarget(name: "MetricsTests", dependencies: ["Metrics", "ConfigurationSchema"], exclude: ["Expected"]),
  .testTarget(
    name: "DataParallelTests",
    dependencies: [
      "DataParallel", "Datasets", "NeuralNetworks", "Optimizers", "Metrics", "Kernels", "ConfigurationSchema",
      "ProcessorFeatures",
    ]),
  .testTarget(
    name: "ModelsTests",
    dependencies: ["Models", "Files", "Datasets", "NeuralNetworks", "Metrics", "Kernels", "ConfigurationSchema"],
    exclude: ["Expected"]),
  .testTarget(
    name: "TrainingTests",
    dependencies: [
      "Training", "Models", "DataParallel", "Files", "Datasets", "NeuralNetworks", "Optimizers", "Metrics", "Kernels",
      "ConfigurationSchema",
    ],
    exclude: ["Expected"]),
  .testTarget(
    name: "trainerTests", dependencies: ["trainer", "Training", "Metrics", "Files", "ConfigurationSchema"],
    exclude: ["Expected"]),
]
