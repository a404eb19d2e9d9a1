import DataParallel
import Foundation
import Kernels
import Optimizers
import Workloads

/// Throughput of the optimizers as a share of that of plain gradient descent, on 784-512-512-10 with mini-batches of 128 (W3).
///
///     swift run -c release optimizers [workers, 1 unless given] [rounds, 15 unless given]
///
/// The optimizers take turns, round by round, half a second each; a ratio is the median over the rounds of that with plain descent
/// in the same round.
@main
enum OptimizerThroughput {
  private static let optimizers: [(name: String, optimizer: Optimizer)] = [
    ("sgd", Optimizer(SGD(), learningRate: 0.1)),
    ("sgd, momentum 0.9", Optimizer(SGD(momentum: 0.9), learningRate: 0.01)),
    ("sgd, nesterov", Optimizer(SGD(momentum: 0.9, isNesterov: true), learningRate: 0.01)),
    ("adam", Optimizer(Adam(), learningRate: 0.001)),
    ("adamw", Optimizer(AdamW(), learningRate: 0.001)),
    ("nadam", Optimizer(NAdam(), learningRate: 0.001)),
    ("rmsprop", Optimizer(RMSProp(), learningRate: 0.001)),
    ("adagrad", Optimizer(Adagrad(), learningRate: 0.01)),
  ]

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let workers = arguments.first ?? 1
    let rounds = arguments.dropFirst().first ?? 15
    let data = try Workload.w3.load()
    let set = Kernels.best.instructionSet
    let sessions = optimizers.map {
      TrainingSession(
        .w3, data, instructionSet: set, execution: .workers(.fixed(workers)), optimizer: $0.optimizer)
    }
    var rates = sessions.map { _ in [Double]() }
    for round in 0...rounds {
      for (index, session) in sessions.enumerated() {
        let rate = samplesPerSecond(session)
        // The first round warms up.
        if round > 0 { rates[index].append(rate) }
      }
    }
    print("\(Workload.w3.title), \(set.rawValue), \(workers) workers, medians of \(rounds) rounds")
    for (index, (name, _)) in optimizers.enumerated() {
      let ratio = median(zip(rates[index], rates[0]).map { $0 / $1 })
      let figures = String(format: "%9.0f samples/s  %5.2f", median(rates[index]), ratio)
      print("\(name.padding(toLength: 18, withPad: " ", startingAt: 0)) \(figures)")
    }
  }

  private static func samplesPerSecond(_ session: TrainingSession) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var samples = 0
    repeat { samples += session.train(steps: 20) } while clock.now - start < .milliseconds(500)
    return Double(samples) / ((clock.now - start) / .seconds(1))
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
