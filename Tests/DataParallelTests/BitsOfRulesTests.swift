import Kernels
import Optimizers
import Testing

@testable import DataParallel

/// The same bits, whoever computes what, of every rule of the catalogue, with and without penalties and decay.
@Suite struct BitsOfRulesTests {
  /// Small networks, the rules that train them, and what they are called.
  static let benches: [(name: String, bench: TrainingBench)] = {
    let rules =
      OptimizerConfiguration.Kind.allCases.map { ($0.rawValue, $0.example) } + [
        ("momentum", SGD(momentum: 0.9)), ("nesterov", SGD(momentum: 0.9, isNesterov: true)),
        ("rmsprop with momentum", RMSProp(momentum: 0.5)),
      ]
    let all = Regularization(l1: 0.001, l2: 0.01, weightDecay: 0.1, decaysBiases: true)
    return rules.flatMap { name, rule in
      [nil, Regularization(weightDecay: 0.1), all].enumerated().map { index, regularization in
        var bench = TrainingBench(widths: [35, 33, 5], norms: [.preActivations], rate: 0.01, l2: 0)
        (bench.rule, bench.regularization) = (rule, regularization)
        return ("\(name) \(index)", bench)
      }
    }
  }()

  @Test(arguments: benches.indices, [6, 20]) func sameForAllWorkers(index: Int, shardRows: Int) {
    var (name, bench) = Self.benches[index]
    bench.shardRows = shardRows
    var digests: Set<UInt64> = []
    for instructionSet in InstructionSet.available {
      for execution in [Execution.singleThread] + [1, 2, 3, 7].map({ .workers(.fixed($0)) }) {
        (bench.instructionSet, bench.execution, bench.threadLimit) = (instructionSet, execution, 7)
        digests.insert(bench.trained(epochs: 1))
      }
    }
    #expect(digests.count == 1, "\(name), \(shardRows) rows a shard")
  }

  /// Each has bits of its own.
  @Test func othersAreNoticed() {
    #expect(Set(Self.benches.map { $0.bench.trained(epochs: 1) }).count == Self.benches.count)
  }
}

extension OptimizerConfiguration.Kind {
  /// A rule of the kind; all of them differ.
  fileprivate var example: any UpdateRule {
    switch self {
    case .sgd: SGD()
    case .adam: Adam()
    case .adamw: AdamW(beta1: 0.8)
    case .nadam: NAdam()
    case .rmsprop: RMSProp()
    case .adagrad: Adagrad()
    }
  }
}
