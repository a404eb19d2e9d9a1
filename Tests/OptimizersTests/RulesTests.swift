import ConfigurationSchema
import Foundation
import Kernels
import Testing

@testable import Optimizers

/// Twenty steps of every rule, from its section of the configuration, against PyTorch in Double.
@Suite struct RulesTests {
  /// A case of Expected/rules.json, which Expected/rules.py made.
  struct Case: Decodable, Sendable {
    let start: [Float]
    let gradients: [[Float]]
    let parameters: [[Double]]
  }

  private static let cases: [(section: JSONValue, values: Case)] = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected/rules.json")
    guard let data = try? Data(contentsOf: file), let values = try? JSONDecoder().decode([Case].self, from: data),
      case .array(let cases)? = try? JSONValue(parsing: data, file: "rules.json")
    else { return [] }
    return zip(cases, values).compactMap { json, values in
      guard case .object(let members) = json, let section = members["section"] else { return nil }
      return (section, values)
    }
  }()

  private func optimizer(_ section: JSONValue) throws -> Optimizer {
    let issues = IssueCollector()
    let configuration = Section.read(section, issues: issues) {
      OptimizerConfiguration($0, Schedule.Surroundings(epochs: 1, metric: .string))
    }.result
    #expect(issues.issues.isEmpty)
    return try #require(configuration).optimizer
  }

  /// The greatest difference of a parameter after any step, relative to it and to the length of a step.
  private func distance(
    _ optimizer: Optimizer, _ expected: Case, firstStep: Int = 0, isWeight: Bool = true, kernels: Kernels = .best
  ) -> Double {
    let samples: Float = 4
    let parameters = FloatBuffer(expected.start)
    let slots = optimizer.rule.slots.map { _ in FloatBuffer(count: expected.start.count) }
    var distance = 0.0
    for (step, (gradient, exact)) in zip(expected.gradients, expected.parameters).enumerated() {
      let sum = FloatBuffer(gradient.map { $0 * samples })
      withExtendedLifetime((parameters, slots, sum)) {
        kernels.update(
          parameters.all, gradientSum: sum.all,
          UpdateSlots(first: slots.first?.all, second: slots.dropFirst().first?.all),
          optimizer.update(StepTime(step: firstStep + step, stepsPerEpoch: 1), scale: 1 / samples, isWeight: isWeight))
      }
      for (w, exact) in zip(parameters.all.array, exact) {
        distance = max(
          distance,
          abs(Double(w) - exact)
            / max(abs(exact), optimizer.learningRate(StepTime(step: firstStep + step, stepsPerEpoch: 1))))
      }
    }
    return distance
  }

  @Test func everyRuleIsCompared() {
    let kinds = Self.cases.map { $0.section.compactText }
    for kind in OptimizerConfiguration.Kind.allCases {
      #expect(kinds.count { $0.contains("\"\(kind.rawValue)\"") } >= 3, "\(kind)")
    }
    #expect(Self.cases.allSatisfy { $0.values.parameters.count == 20 })
  }

  @Test(arguments: InstructionSet.available) func twentySteps(_ set: InstructionSet) throws {
    let kernels = try #require(Kernels(set))
    for (section, values) in Self.cases {
      let found = distance(try optimizer(section), values, kernels: kernels)
      #expect(found < 1e-5, "\(section.compactText): \(found)")
    }
  }

  /// Another value of any key is noticed, and another number of the step where the rule counts.
  @Test func otherRulesAreNoticed() throws {
    for (section, values) in Self.cases {
      let optimizer = try optimizer(section)
      guard case .object(var members) = section else { continue }
      for (key, value) in members {
        switch value {
        case .bool: members[key] = .bool(false)
        case .number(let number): members[key] = .number(number * 0.98)
        case .integer(let integer): members[key] = .number(integer == 0 ? 0.02 : Double(integer) * 0.98)
        default: continue
        }
        let found = distance(try self.optimizer(.object(members)), values)
        // A change of ε by 2 % may be smaller than that of a float.
        #expect(found > 1e-5 || key == "epsilon", "\(section.compactText), \(key): \(found)")
        members[key] = value
      }
      if optimizer.rule is Adam || optimizer.rule is AdamW || optimizer.rule is NAdam {
        #expect(distance(optimizer, values, firstStep: 1) > 1e-3)
      }
      if !optimizer.isPlainDescent && optimizer.regularization != Regularization() {
        #expect(distance(optimizer, values, isWeight: false) > 1e-5)
      }
    }
  }

  /// What is no weight has no penalty and no decay, unless `decayBiases` says so.
  @Test func biasesDecayWhereTheyShould() throws {
    func after(_ regularization: Regularization, isWeight: Bool) -> [Float] {
      let optimizer = Optimizer(SGD(), learningRate: 0.5, regularization)
      let (w, sum) = (FloatBuffer([Float](repeating: 2, count: 16)), FloatBuffer([Float](repeating: 1, count: 16)))
      Kernels.best.update(
        w.all, gradientSum: sum.all, UpdateSlots(),
        optimizer.update(StepTime(step: 0, stepsPerEpoch: 1), scale: 1, isWeight: isWeight))
      return withExtendedLifetime((w, sum)) { w.all.array }
    }
    let all = Regularization(l1: 0.25, l2: 0.125, weightDecay: 0.5)
    // 2 · (1 − ½ · ½) − ½ (1 + ⅛ · 2 + ¼)
    #expect(after(all, isWeight: true) == .init(repeating: 0.75, count: 16))
    #expect(after(all, isWeight: false) == .init(repeating: 1.5, count: 16))
    let biases = Regularization(l1: 0.25, l2: 0.125, weightDecay: 0.5, decaysBiases: true)
    for isWeight in [true, false] { #expect(after(biases, isWeight: isWeight) == after(all, isWeight: true)) }
  }

  /// The product of NAdam's momenta, which has a closed form, after many steps, against the product itself.
  @Test(arguments: [(0.9, 0.004), (0.9999, 0.004), (0.5, 0), (0.99, 1e-9), (0.9, 3)])
  func momentaOfNAdam(beta1: Double, decay: Double) {
    var (product, ratio) = (1.0, 1.0)
    for t in 1...3000 {
      ratio *= exponential(decay * -0.040821994520255166)
      product *= beta1 * (1 - 0.5 * ratio)
      guard [1, 2, 7, 100, 3000].contains(t) else { continue }
      let found = NAdam(beta1: beta1, momentumDecay: decay).productOfMomenta(t)
      #expect(abs(found - product) <= 1e-13 * product + 1e-20)
    }
  }
}
