// swift-tools-version: 6.2
import PackageDescription

let plugin: [Target.PluginUsage] = [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
let benchmark: Target.Dependency = .product(name: "Benchmark", package: "benchmark")
let lockstep: Target.Dependency = .product(name: "Lockstep", package: "lockstep")

// A package of its own, so that the trainer depends on nothing.
let package = Package(
  name: "LockstepBenchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "lockstep", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .target(name: "MachinePeak"),
    .target(name: "Workloads", dependencies: [lockstep, "MachinePeak"]),
    .executableTarget(name: "accuracy", dependencies: [lockstep], path: "Sources/Accuracy"),
    .executableTarget(name: "optimizers", dependencies: ["Workloads", lockstep], path: "Sources/Optimizers"),
    .executableTarget(name: "scaling", dependencies: ["Workloads", lockstep], path: "Sources/Scaling"),
    .executableTarget(
      name: "KernelBenchmarks", dependencies: [benchmark, "Workloads", lockstep], path: "Benchmarks/KernelBenchmarks",
      plugins: plugin),
    .executableTarget(
      name: "StepBenchmarks", dependencies: [benchmark, "Workloads", lockstep], path: "Benchmarks/StepBenchmarks",
      plugins: plugin),
  ]
)
