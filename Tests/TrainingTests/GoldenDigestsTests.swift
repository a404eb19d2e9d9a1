import ConfigurationSchema
import Datasets
import Files
import Foundation
import Kernels
import NeuralNetworks
import Optimizers
import Testing

@testable import Training

/// The models of a few short runs that together use every feature, pinned to the bit: by this program, for this program.
/// A change that moves a digest changes the result of every run of that kind, and has to be meant.
@Suite struct GoldenDigestsTests {
  private static let digests = [
    "adagrad": "56db855d1e69ef0b528b84c1c10b49295d715815a331863bd9b970b4e1efe972",
    "adamw": "0a974351c1afd27f01e1b548cf0d6eb6005601eb43cd7ec2d643f0f64b6ab86f",
    "breastCancer": "79b1614bbe83e8711ca8b8acdcadd7690624f5eab917aa1392598876eeb5c51b",
    "counts": "44f4fa4a76c0a0b13dde321c8c2f37aad3e3b8dd71b8a58be29c234cae3c6811",
    "diabetes": "375c7deacf6ba25fb5db05ee14bcb2a7220e87a80bcf0f6c41bacb154142aa6e",
    "functions": "ec88ed6b7b819eb9a9deac6a1ab4d81ceb81b691848ca8b7fdcc789dd2fdacda",
    "gates": "4a5b3b7d652cfa349272a6cb50aec8ec1a0e674e77f38f3328f6cb80073a8044",
    "groups": "ff7666882fc2ccfb4a576d456b9ff23d30772f84aac8088089243c2459fc0843",
    "halfSquaredError": "40adfb364addfe009ce13271d433c8e1c11493e37fe04e764b907290b11be293",
    "hinge": "2c978ecdd8fc46b06b422966a01af9057a170aa14b88c6ecf3f2501137bdec20",
    "huber": "e26b28f93dd996ad900ad6c446e4eff39727ea962f46a1a5903123ed572e422a",
    "idx": "4e61f3350f1aff6df90b7bbb408ad0ecdda84c482066e4442ebc6dbb092d28b1",
    "inline": "e4cef96ff5b69cd023ab074a70872e200ae0e00ba42b15a62760fb53fe8fbd78",
    "linear": "d7e85e060ec96c0111869085f61dfcbc5a66f9a72b01bff730a7b4a04646fe4d",
    "momentum": "4d2d10c233e2f7337b49e4471128324fab5b6d0bc65aa8a0a53ddff20aa83b77",
    "nadam": "97078287f5f50070f24fe0d8d3646a49cde5b6ee68d7bc9370b7b96600a9ba03",
    "normalized": "dc5f5e1a6f104c2d739fb5693adadc011d488743d831766294c9990d41a8f5d7",
    "norms": "21c205fed23a2076a3f56652dba1ca3ded692a24eb4a07e8c87ee5b3240f90cc",
    "numbers": "6c0c9deef519aa6c069ccfdfc3dc46be4a9806cfffefd1374ad5327637acc150",
    "rmsprop": "9a00410ce027e6aabb9192416845a5e6d38c0d84d94c32bfed1032e2130f66d8",
    "robust": "e06ff5635bd75c13db343893d18bc0ee80ddde723325f83423ca315296176071",
    "spirals": "36885f99612eea8e2d994cb9d7e76d10745b2dfeb750ed11e63475cec4f0511a",
    "weights": "93082dfa619bea8efb7215e36098685a20b27b046677efb35ac8f423f70ad204",
  ]

  private static let drafts: [String: Draft] = [
    // A last smaller mini-batch, shards smaller than a mini-batch, a part for validation and one for the test.
    "spirals": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 100, "noise": 0.05}, "# + fractions
        + #", "scaling": "standardize"}"#,
      [
        layer(17, "relu", #", "initializer": "heNormal""#), layer(9, "tanh", #", "initializer": "glorotNormal""#),
        layer(2, "softmax"),
      ], "crossEntropy", training: #", "batchSize": 16"#, more: #", "parallel": {"shardRows": 5}"#),
    // Two classes with one output, in file order.
    "breastCancer": draft(
      csv("breast-cancer", "diagnosis", "standardize"),
      [
        layer(6, "leakyRelu", #", "slope": 0.2, "initializer": "heUniform""#),
        layer(1, "sigmoid", #", "initializer": "glorotUniform""#),
      ], "binaryCrossEntropy", l2: "0.01", training: #", "batchSize": 50, "shuffle": false"#),
    "diabetes": draft(
      csv("diabetes", "progression", "minMax"),
      [layer(5, "sigmoid", #", "initializer": "uniform""#), layer(1, "identity", #", "initializer": "zeros""#)],
      "meanSquaredError", rate: "0.001", training: #", "dropLast": true"#),
    // Several outputs, probabilities as targets.
    "inline": draft(
      """
      {"train": {"format": "inline", "features": [[0,0,1],[0,1,0.5],[1,0,-2],[1,1,0.1],[2,3,4]], \
      "targets": [[0,1],[0.5,0.25],[1,0],[0,0],[1,1]]}, "scaling": "none"}
      """, [layer(4, "tanh"), layer(2, "sigmoid")], "binaryCrossEntropy", training: #", "batchSize": 2"#),
    "halfSquaredError": draft(
      #"{"train": {"format": "synthetic", "kind": "circles", "samples": 30}, "test": {"format": "synthetic", "kind": "circles"}}"#,
      [layer(8, "leakyRelu"), layer(1, "sigmoid")], "halfSquaredError", training: #", "batchSize": 1"#,
      more: #", "seed": 12345678901"#),
    "linear": draft(
      #"{"train": {"format": "synthetic", "kind": "linear", "samples": 64, "noise": 0.1}, "scaling": "minMax"}"#,
      [layer(1, "identity")], "squaredError", rate: "0.05", l2: "0.001",
      training: #", "batchSize": 64"#, more: #", "parallel": {"shardRows": 7}"#),
    // Bytes, and weights from a file.
    "idx": draft(
      #"{"train": {"format": "idx", "features": "f.idx", "labels": "l.idx"}, "validation": {"fraction": 0.25}}"#,
      [layer(3, "softmax")], "crossEntropy", training: #", "batchSize": 8"#,
      initialWeights: #", "initialWeights": "w.safetensors""#),
    // The newer activations and initializers, without biases.
    "functions": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 100, "noise": 0.05}, "# + fractions + "}",
      [
        layer(33, "elu", #", "initializer": "leCunUniform", "bias": false"#), layer(9, "selu"),
        layer(9, "gelu", #", "initializer": "orthogonal""#),
        layer(9, "mish", #", "initializer": "truncatedNormal", "bias": false"#),
        layer(9, "softplus"), layer(9, "softsign"), layer(9, "hardSigmoid"), layer(2, "softmax"),
      ], "crossEntropy", training: #", "batchSize": 16"#, more: #", "parallel": {"shardRows": 5}"#),
    // Layer normalization, noise, and the keys of batch normalization.
    "norms": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 100, "noise": 0.05}, "# + fractions + "}",
      [
        layer(33, "gelu", #", "bias": false"#), #"{"type": "layerNorm"}"#,
        #"{"type": "gaussianNoise", "standardDeviation": 0.125}"#, layer(9, "identity", #", "bias": false"#),
        #"{"type": "batchNorm", "momentum": 0.25, "epsilon": 0.001}"#,
        #"{"type": "activation", "activation": "mish"}"#, layer(2, "softmax"),
      ], "crossEntropy", training: #", "batchSize": 16"#, more: #", "parallel": {"shardRows": 5}"#),
    // The losses of numbers, with their activations.
    "numbers": draft(
      #"{"train": {"format": "synthetic", "kind": "linear", "samples": 64, "noise": 0.1}, "scaling": "minMax"}"#,
      [layer(5, "tanh"), layer(1, "identity")], "meanAbsoluteError", rate: "0.05"),
    "huber": draft(
      #"{"train": {"format": "synthetic", "kind": "linear", "samples": 64, "noise": 0.1}, "scaling": "minMax"}"#,
      [layer(5, "tanh"), layer(1, "identity")], #"{"type": "huber", "delta": 0.5}"#, rate: "0.05"),
    "counts": draft(
      """
      {"train": {"format": "inline", "features": [[0,0,1],[0,1,0.5],[1,0,-2],[1,1,0.1],[2,3,4]], \
      "targets": [[0,1],[2,3],[1,0],[7,0],[1,1]]}}
      """, [layer(4, "tanh"), layer(2, "exponential")], "poisson", rate: "0.01", training: #", "batchSize": 2"#),
    "hinge": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 100, "noise": 0.05}, "# + fractions + "}",
      [layer(17, "relu"), layer(2, "identity")], #"{"type": "hinge", "classWeights": {"0": 1, "1": 3}}"#,
      training: #", "batchSize": 16"#, more: #", "parallel": {"shardRows": 5}"#),
    // Weights of samples and classes, smoothed labels.
    "weights": draft(
      """
      {"train": {"format": "inline", "features": [[0,0,1],[0,1,0.5],[1,0,-2],[1,1,0.1],[2,3,4]], \
      "targets": ["a", "b", "a", "c", "b"], "weights": [1, 0.5, 2, 0, 3]}}
      """, [layer(4, "tanh"), layer(3, "softmax")],
      #"{"type": "crossEntropy", "labelSmoothing": 0.125, "classWeights": "balanced"}"#, training: #", "batchSize": 2"#),
    "robust": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 100, "noise": 0.5}, "scaling": "robust", "#
        + fractions + "}",
      [layer(17, "tanh"), layer(2, "softmax")], "crossEntropy", training: #", "batchSize": 16"#),
    "gates": draft(
      #"{"train": {"format": "synthetic", "kind": "xor"}, "validation": {"format": "synthetic", "kind": "xor"}}"#,
      [layer(4, "relu"), layer(2, "softmax")], "crossEntropy", rate: "1", training: #", "batchSize": 4"#),
    // Statistics of mini-batches of several shards, dropout, moments, and clipping.
    "normalized": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 120, "noise": 0.1}, "# + fractions + "}",
      [
        #"{"type": "batchNorm"}"#, layer(40, "identity"), #"{"type": "batchNorm"}"#,
        #"{"type": "activation", "activation": "silu"}"#, #"{"type": "dropout", "rate": 0.25}"#, layer(9, "silu"),
        layer(2, "softmax"),
      ], "crossEntropy", training: #", "batchSize": 20"#, more: #", "parallel": {"shardRows": 6}"#,
      optimizer: #"{"type": "adam", "learningRate": 0.01, "l2": 0.001, "clipping": {"norm": 0.5}}"#),
    // Groups with statistics of their own, which the average's are computed anew from.
    "groups": draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 120, "noise": 0.1}, "# + fractions + "}",
      [
        #"{"type": "batchNorm", "groupSize": 8}"#, layer(40, "identity", #", "bias": false"#),
        #"{"type": "batchNorm", "groupSize": 5}"#, #"{"type": "activation", "activation": "silu"}"#,
        layer(2, "softmax"),
      ], "crossEntropy", training: #", "batchSize": 21"#, more: #", "parallel": {"shardRows": 6}"#,
      optimizer: #"{"type": "adam", "averaging": {"type": "ema", "decay": 0.8}}"#),
    "adagrad": spirals(#"{"type": "adagrad", "l1": 0.001}"#),
    "adamw": spirals(#"{"type": "adamw", "decayBiases": true}"#),
    "momentum": spirals(#"{"type": "sgd", "learningRate": 0.01, "momentum": 0.9, "weightDecay": 0.1}"#),
    "nadam": spirals(#"{"type": "nadam"}"#),
    "rmsprop": spirals(#"{"type": "rmsprop", "momentum": 0.5}"#),
  ]

  /// A small network that an optimizer trains.
  private static func spirals(_ optimizer: String) -> Draft {
    draft(
      #"{"train": {"format": "synthetic", "kind": "spirals", "samples": 60, "noise": 0.1}}"#,
      [layer(20, "tanh"), layer(2, "softmax")], "crossEntropy", training: #", "batchSize": 16"#, optimizer: optimizer)
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let count = 24
    var generator = Generator()
    let features: [UInt8] = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 4, 0, 0, 0, 5]
    try folder.write(
      Data(features + (0..<20 * count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }), to: "f.idx")
    try folder.write(
      Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 3) }), to: "l.idx")
    let weights = Safetensors(
      metadata: [:],
      tensors: [
        .init(name: "layers.0.weight", shape: [3, 20], values: (0..<60).map { Float($0 % 7) / 16 - 0.1875 }),
        .init(name: "layers.0.bias", shape: [3], values: [0.5, 0, -0.5]),
      ])
    try folder.write(weights.data, to: "w.safetensors")
  }

  @Test func theModelsAreThoseOfBefore() throws {
    var found: [String: String] = [:]
    for (name, draft) in Self.drafts {
      let configuration = try draft.configuration(in: folder)
      var digests: Set<String> = []
      for (index, options) in machines.enumerated() {
        let output = folder.url.appending(path: "\(name)-\(index)")
        try train(configuration, output: output, options)
        digests.insert(try Self.digest(output.appending(path: "model.safetensors")))
      }
      #expect(digests.count == 1, "\(name) depends on the machine")
      found[name] = digests.min()
    }
    let table = found.sorted { $0.key < $1.key }.map { "    \"\($0.key)\": \"\($0.value)\",\n" }.joined()
    #expect(found == Self.digests, "if the change is meant, the table is:\n\(table)")
    #expect(Set(found.values).count == Self.drafts.count)
  }

  /// The digest of a model file without the version of the arithmetic in its metadata: files had none when the table was
  /// made, and the version tells nothing of the bits.
  private static func digest(_ model: URL) throws -> String {
    var file = try Safetensors(Data(contentsOf: model), file: "model")
    guard case .object(var members) = try JSONValue(Data((file.metadata["lockstep"] ?? "").utf8)) else { return "" }
    members["arithmeticVersion"] = nil
    file.metadata["lockstep"] = JSONValue.object(members).compactText
    return file.digest
  }

  /// Each word of the configuration is used by one of the runs at least.
  @Test func everyFeatureIsUsed() throws {
    let text = try Self.drafts.values.map { try $0.configuration(in: folder).json.text }.joined()
    let words =
      ActivationKind.allCases.map(\.rawValue) + LossKind.allCases.map(\.rawValue)
      + InitializerKind.allCases.map(\.rawValue) + ScalingKind.allCases.map(\.rawValue)
      + SourceFormat.allCases.map(\.rawValue) + LayerKind.allCases.map(\.rawValue)
      + OptimizerConfiguration.Kind.allCases.map(\.rawValue) + ["clipping"]
    for word in words { #expect(text.contains("\"\(word)\""), "\(word) is used by no run") }
    for part in [#""shuffle": false"#, #""dropLast": true"#, #""initialWeights": "#, #""l2": 0.01"#, #""slope": 0.2"#] {
      #expect(text.contains(part))
    }
    #expect(!text.contains("\"exotic\""))
  }

  // MARK: Drafts

  private static let fractions = #""validation": {"fraction": 0.1}, "test": {"fraction": 0.2}"#

  private static func layer(_ units: Int, _ activation: String, _ more: String = "") -> String {
    #"{"type": "dense", "units": \#(units), "activation": "\#(activation)"\#(more)}"#
  }

  /// A file of the folder configs/data.
  private static func csv(_ name: String, _ target: String, _ scaling: String) -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let path = root.deletingLastPathComponent().appending(path: "configs/data/\(name).csv").path
    return #"{"train": {"format": "csv", "path": "\#(path)", "target": "\#(target)"}, "# + fractions
      + #", "scaling": "\#(scaling)"}"#
  }

  private static func draft(
    _ dataset: String, _ layers: [String], _ loss: String, rate: String = "0.1", l2: String = "0",
    training: String = "",
    more: String = "", initialWeights: String = "", optimizer: String? = nil
  ) -> Draft {
    Draft(
      dataset: dataset, network: #"{"layers": [\#(layers.joined(separator: ", "))]\#(initialWeights)}"#,
      loss: loss.hasPrefix("{") ? loss : "\"\(loss)\"",
      optimizer: optimizer ?? #"{"type": "sgd", "learningRate": \#(rate), "l2": \#(l2)}"#,
      training: #"{"epochs": 2\#(training)}"#, more: more)
  }
}
