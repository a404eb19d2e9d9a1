import ConfigurationSchema
import Datasets
import Files
import Foundation
import Metrics
import Models
import NeuralNetworks
import Testing

/// Models and rows whose outputs are compared with those of C: every layer, every activation, sizes about those of vectors and panels, and
/// numbers of every magnitude.
enum CExportCases {
  /// All of them, and what the program prints; the names are `m0`, `m1` and so on.
  static func all() throws -> (project: CProject, expected: String) { try made.get() }

  private static let made = Result {
    let project = try make()
    return (project: project, expected: try project.expected())
  }

  private static func make() throws -> CProject {
    var cases: [(Model, [[Float]])] = []
    for expected in try ExpectedModel.all() {
      let model = try Model(expected.file.data, file: expected.name)
      cases.append((model, Array(expected.rows.prefix(20)) + rows(features: model.network.inputs)))
    }
    for kind in ActivationKind.allCases where kind != .softmax {
      // A bias of −0 leaves −0 as it is.
      let model = try model(
        1, [#"{"type": "dense", "units": 1, "activation": "\#(kind.rawValue)"}"#], isPlain: true
      ) { name, _ in
        name.hasSuffix("weight") ? 1 : -0.0
      }
      cases.append((model, numbers.map { [$0] }))
    }
    for network in networks {
      let model = try model(
        network.inputs, network.layers, loss: network.loss, decision: Decision(temperature: network.temperature),
        hasTargetScaling: network.hasTargetScaling)
      cases.append((model, rows(features: network.inputs)))
    }
    // What is not finite: a variance below 0, a scale of 0.
    let batchNorm = [#"{"type": "batchNorm"}"#, #"{"type": "dense", "units": 2}"#]
    let negative = try model(3, batchNorm) { name, place in name.hasSuffix("running_var") && place == 1 ? -1 : 1 }
    cases += [(negative, rows(features: 3)), (try model(3, batchNorm, scale: 0), rows(features: 3))]
    return CProject(
      entries: cases.enumerated().map {
        CProject.Entry(name: "m\($0)", model: $1.0, rows: $1.1, isSwept: $1.1.count == numbers.count)
      })
  }

  struct CaseNetwork {
    var inputs = 5
    let layers: [String]
    var loss = "squaredError"
    var temperature: Float = 1
    var hasTargetScaling = false
  }

  static let networks: [CaseNetwork] = {
    func dense(_ units: Int, _ activation: String = "identity", _ more: String = "") -> String {
      #"{"type": "dense", "units": \#(units), "activation": "\#(activation)"\#(more)}"#
    }
    func layer(_ type: String, _ more: String = "") -> String { #"{"type": "\#(type)"\#(more)}"# }
    var networks = [
      // Everything in one.
      CaseNetwork(
        inputs: 40,
        layers: [
          dense(37, "relu", #", "bias": false"#), layer("batchNorm"), layer("activation", #", "activation": "silu""#),
          layer("layerNorm"), layer("dropout", #", "rate": 0.5"#), layer("gaussianNoise", #", "standardDeviation": 1"#),
          dense(70, "gelu"), layer("layerNorm", #", "epsilon": 0.25"#), dense(33, "mish", #", "bias": false"#),
          layer("batchNorm", #", "epsilon": 0.125"#), dense(3, "softmax"),
        ], loss: "crossEntropy", temperature: 1.7),
      // Products that could be fused with the sums that follow.
      CaseNetwork(
        inputs: 2,
        layers: [
          layer("batchNorm"), dense(2, "leakyRelu", #", "slope": 0.3"#), layer("batchNorm"), dense(2, "selu"),
          layer("layerNorm"), dense(2, "silu"), layer("batchNorm"), dense(2, "exponential"), layer("batchNorm"),
          dense(2, "mish"), layer("layerNorm"), dense(2, "softmax"),
        ], hasTargetScaling: true),
      // Layers without weights at the beginning and at the end.
      CaseNetwork(layers: [layer("activation", #", "activation": "tanh""#), dense(4), layer("batchNorm")]),
      CaseNetwork(layers: [layer("dropout", #", "rate": 0.5"#), layer("batchNorm")], hasTargetScaling: true),
      CaseNetwork(
        layers: [layer("layerNorm"), dense(4), layer("activation", #", "activation": "softmax""#)],
        loss: "crossEntropy",
        temperature: 0.3),
      CaseNetwork(
        layers: [layer("layerNorm"), layer("activation", #", "activation": "sigmoid""#)], loss: "binaryCrossEntropy",
        temperature: 2.5),
      CaseNetwork(layers: [dense(2, "exponential")], loss: "poisson", temperature: 3, hasTargetScaling: true),
      CaseNetwork(inputs: 300, layers: [dense(100, "elu"), dense(1)], hasTargetScaling: true),
    ]
    for width in [1, 2, 15, 16, 17, 31, 33, 64, 100] {
      networks.append(CaseNetwork(layers: [dense(width), layer("layerNorm"), dense(2)]))
      networks.append(CaseNetwork(layers: [dense(width, "softmax")]))
    }
    return networks
  }()

  /// A model whose parameters look random, unless `parameter` says what they are, by their names and places.
  ///
  /// - Parameters:
  ///   - isPlain: whether features are left as they are.
  ///   - scale: what all features are multiplied by.
  static func model(
    _ inputs: Int, _ layers: [String], loss: String = "squaredError", decision: Decision = .plain,
    isPlain: Bool = false, hasTargetScaling: Bool = false, scale: Float? = nil, features: [String]? = nil,
    parameter: ((String, Int) -> Float)? = nil
  ) throws -> Model {
    let issues = IssueCollector()
    let root = #"{"network": {"layers": [\#(layers.joined(separator: ", "))]}, "loss": "\#(loss)"}"#
    let value = try JSONValue(parsing: Data(root.utf8), file: "test")
    let configuration = Section.read(value, issues: issues) { NetworkConfiguration($0) }.result
    try #require(issues.issues.isEmpty, "\(issues.issues)")
    let network = try #require(configuration).network(inputs: inputs)
    var random = CExportRandom()
    let tensors = network.layout.blocks.map { block in
      let values = (0..<block.count).map { place -> Float in
        if let parameter { return parameter(block.name, place) }
        // Of random signs, but for variances.
        return block.name.hasSuffix("running_var") ? random.next(0.1...4) : random.next(-1...1)
      }
      return Safetensors.Tensor(name: block.name, shape: block.shape, values: values)
    }
    let outputs = network.outputs
    let schema = SampleSchema(
      featureNames: features ?? (0..<inputs).map { "x\($0)" }, targetNames: (0..<outputs).map { "y\($0)" },
      classes: nil,
      scaling: Scaling(
        shift: (0..<inputs).map { _ in isPlain ? 0 : random.next(-3...3) },
        scale: (0..<inputs).map { _ in scale ?? (isPlain ? 1 : random.next(0.3...3)) },
        clipsSmoothly: !isPlain && inputs == 40),
      targetScaling: hasTargetScaling
        ? TargetScaling(
          shift: (0..<outputs).map { _ in random.next(-50...50) },
          scale: (0..<outputs).map { _ in random.next(0.01...2) }
        ) : nil)
    let file = ModelFile.safetensors(try #require(configuration), tensors, schema, decision)
    return try Model(file.data, file: "test")
  }

  // MARK: Rows

  /// Rows of random numbers, and of those at the ends of what there is.
  static func rows(features: Int) -> [[Float]] {
    var random = CExportRandom()
    let greatest = Float.greatestFiniteMagnitude
    let special: [Float] = [
      0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0x1.7p-137, .leastNormalMagnitude, 1e-20, 1e10, -1e19,
      1e30,
      -greatest, greatest, .infinity, -.infinity, .nan,
    ]
    var rows = special.map { value in (0..<features).map { _ in value } }
    for scale: Float in [1, 1, 1, 1, 1, 1, 10, 1000, 1e-10] {
      rows.append((0..<features).map { _ in scale * random.next(-3...3) })
    }
    // One that stands out.
    for value in special {
      var row = (0..<features).map { _ in random.next(-3...3) }
      row[features / 2] = value
      rows.append(row)
    }
    rows.append((0..<features).map { special[$0 % (special.count - 3)] })
    return rows
  }

  /// Numbers of every magnitude and sign, and many where functions bend.
  static let numbers: [Float] = {
    var random = CExportRandom()
    var numbers: [Float] = [0, -0.0, .infinity, -.infinity, .nan]
    for exponent in -149...127 {
      let power = Float(sign: .plus, exponent: exponent, significand: 1)
      let other = Float(bitPattern: power.bitPattern | UInt32(random.next(0...8_388_607)))
      for value in [power, power.nextDown, other] { numbers += [value, -value] }
    }
    for bend: Float in [0.625, 1, 2.5, 3, 14.2, 15, 87, 88.72, 89, 103.98, 105, 110, 0.346_573_6, 0.693_147_2] {
      for value in [bend.nextDown, bend, bend.nextUp] { numbers += [value, -value] }
    }
    for bound: Float in [1, 4, 20, 120] { numbers += (0..<150).map { _ in random.next(-bound...bound) } }
    return numbers
  }()
}

/// Numbers that look random and are the same everywhere.
struct CExportRandom {
  private var state: UInt64 = 1

  mutating func next(_ range: ClosedRange<Float>) -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return range.lowerBound + (range.upperBound - range.lowerBound) * (Float(state >> 40) * 0x1p-24)
  }
}
