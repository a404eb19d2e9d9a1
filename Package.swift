// swift-tools-version: 6.2
import PackageDescription

// Every target is optimised in debug builds too, because `swift run` is a debug build and must train fast.
// The kernels go further: they are compiled without overflow and bounds checks in every configuration; shapes are
// checked once, in the facade.
let kernelSettings: [SwiftSetting] = [.unsafeFlags(["-Ounchecked"])]
// The facade makes those checks, so they must stay in.
let facadeSettings: [SwiftSetting] = [
  .unsafeFlags(["-O"], .when(configuration: .debug)), .treatAllWarnings(as: .error),
]
let settings: [SwiftSetting] = [
  .unsafeFlags(["-O"], .when(configuration: .debug)),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
]
let testSettings: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// One source, several instruction sets: the kernels are extensions of a protocol in `KernelInterface`, inlined into one
// conformance a target, which names its tiles and is compiled with the flags below. Flags of another processor are
// errors, so the manifest decides which variants exist. On arm64 the compiler's baseline is NEON, and `KernelsPortable` is that variant.
#if arch(x86_64)
  let kernelVariants: [(name: String, flags: [String])] = [
    ("KernelsPortable", []),
    ("KernelsAVX2", ["avx2", "fma"]),
    ("KernelsAVX512", ["avx512f", "avx512vl", "avx512dq", "avx512bw", "fma"]),
  ]
#else
  let kernelVariants: [(name: String, flags: [String])] = [("KernelsPortable", [])]
#endif

let package = Package(
  name: "Lockstep",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "trainer", targets: ["trainer"]),
    .library(
      name: "Lockstep",
      targets: [
        "Training", "DataParallel", "NeuralNetworks", "Optimizers", "Datasets", "Metrics", "Kernels",
        "ConfigurationSchema",
      ]),
  ],
  targets: [
    // Kernels: arithmetic on contiguous buffers.
    .target(name: "ProcessorFeatures"),
    .target(name: "KernelInterface", dependencies: ["ProcessorFeatures"], swiftSettings: kernelSettings),
  ]
    + kernelVariants.map { variant in
      .target(
        name: variant.name, dependencies: ["KernelInterface", "ProcessorFeatures"],
        swiftSettings: [.unsafeFlags(["-Ounchecked"] + variant.flags.flatMap { ["-Xcc", "-m" + $0] })])
    } + [
      .target(
        name: "Kernels",
        dependencies: ["ProcessorFeatures", "KernelInterface"] + kernelVariants.map { .init(stringLiteral: $0.name) },
        swiftSettings: facadeSettings,
        // fmaf, for processors without a fused multiply-add.
        linkerSettings: [.linkedLibrary("m")]),

      // Words.
      .target(name: "ConfigurationSchema", swiftSettings: settings),

      // Rooms that never import each other.
      .target(name: "Datasets", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
      .target(name: "NeuralNetworks", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
      .target(name: "Optimizers", dependencies: ["Kernels", "ConfigurationSchema"], swiftSettings: settings),
      .target(name: "Metrics", swiftSettings: settings),

      // The loop.
      .target(
        name: "DataParallel",
        dependencies: [
          "Kernels", "ConfigurationSchema", "Datasets", "NeuralNetworks", "Optimizers", "Metrics", "ProcessorFeatures",
        ],
        swiftSettings: settings),
      .target(
        name: "Training",
        dependencies: ["Kernels", "ConfigurationSchema", "Datasets", "NeuralNetworks", "Optimizers", "DataParallel"],
        swiftSettings: settings),
      .executableTarget(
        name: "trainer",
        dependencies: ["Training", "ConfigurationSchema"],
        swiftSettings: settings),

      // Tests mirror sources. Folders named Expected hold values that other software computed, with the scripts that did.
      .testTarget(
        name: "KernelsTests", dependencies: ["Kernels"], exclude: ["Expected"], swiftSettings: testSettings),
      .testTarget(name: "ConfigurationSchemaTests", dependencies: ["ConfigurationSchema"], swiftSettings: testSettings),
      .testTarget(
        name: "DatasetsTests", dependencies: ["Datasets", "ConfigurationSchema", "Kernels"],
        swiftSettings: testSettings),
      .testTarget(
        name: "NeuralNetworksTests", dependencies: ["NeuralNetworks", "Optimizers", "Kernels", "ConfigurationSchema"],
        swiftSettings: testSettings),
      .testTarget(
        name: "OptimizersTests", dependencies: ["Optimizers", "Kernels", "ConfigurationSchema"],
        swiftSettings: testSettings),
      .testTarget(
        name: "MetricsTests", dependencies: ["Metrics"], exclude: ["Expected"], swiftSettings: testSettings),
      .testTarget(
        name: "DataParallelTests",
        dependencies: ["DataParallel", "Datasets", "NeuralNetworks", "Optimizers", "Kernels", "ConfigurationSchema"],
        swiftSettings: testSettings),
      .testTarget(
        name: "TrainingTests",
        dependencies: [
          "Training", "DataParallel", "Datasets", "NeuralNetworks", "Optimizers", "Kernels", "ConfigurationSchema",
        ], exclude: ["Expected"], swiftSettings: testSettings),
      .testTarget(
        name: "trainerTests", dependencies: ["trainer", "Training", "ConfigurationSchema"],
        swiftSettings: testSettings),
    ]
)
