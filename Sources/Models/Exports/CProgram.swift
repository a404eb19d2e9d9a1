import NeuralNetworks

/// What the network of a model does to one sample at inference, as statements of C, with the tables that they read.
///
/// Two arrays suffice: a dense layer reads one and writes the other, and everything else works in place. Dropout and noise
/// do nothing here.
struct CProgram {
  /// The tables, a template of `CText.named`.
  private(set) var tables = ""
  /// The functions that the statements call.
  private(set) var functions: Set<CFunction> = [.fusedMultiplyAdd, .product, .bits]
  /// Bytes of the tables.
  private(set) var flashBytes = 0
  private var statements: [String] = []
  /// The lengths of the two arrays; 0 where there is only one.
  private var lengths = [0, 0]
  /// The array that holds the numbers, and how many they are.
  private var array = 0
  private var width: Int
  private let model: Model

  init(_ model: Model) {
    self.model = model
    width = model.network.inputs
    lengths[0] = width
    scale()
    for (index, layer) in model.configuration.layers.enumerated() {
      statements.append("/* layers[\(index)] */")
      append(layer.description, index)
      let isLast = index == model.configuration.layers.count - 1
      // As the program does it: the logits, not what the last layer makes of them.
      if isLast && model.decision.temperature != 1 {
        each("$product(\(element), \(CText.literal(1 / model.decision.temperature)))", .product)
      }
      append(layer.layer.activation)
    }
    finish()
  }

  /// Bytes of the arrays of a prediction.
  var ramBytes: Int {
    let needsLanes = functions.contains(.softmax) || functions.contains(.layerNorm)
    return 4 * (lengths[0] + lengths[1] + (needsLanes ? 16 : 0))
  }

  /// The function that predicts, a template.
  var predict: String {
    let arrays = zip(["a", "b"], lengths).filter { $0.1 > 0 }.map { "  float \($0.0)[\($0.1)];" }
    return """
      /* The outputs for the features of one sample, which may lie in the same place. */
      static inline void $predict(const float *features, float *outputs) {
      \(arrays.joined(separator: "\n"))
        size_t i;
      \(statements.map { "  \($0)" }.joined(separator: "\n"))
      }

      """
  }

  // MARK: Statements

  private var name: String { array == 0 ? "a" : "b" }
  /// The element that a loop is at.
  private var element: String { "\(name)[i]" }

  /// Replaces each number by an expression.
  private mutating func each(_ expression: String, _ function: CFunction) {
    functions.insert(function)
    statements.append("for (i = 0; i < \(width); i++) \(element) = \(expression);")
  }

  /// Adds a table, and returns its name.
  private mutating func table(_ name: String, _ values: [Float]) -> String {
    tables += CText.table("$\(name)", values)
    flashBytes += 4 * values.count
    return "$\(name)"
  }

  /// The numbers of a block of a layer in the order of files; nil if the layer has none of this name.
  private func values(_ name: String, _ layer: Int) -> [Float]? {
    model.parameters.block("layers.\(layer).\(name)").map { model.parameters.values(block: $0) }
  }

  /// (x − shift) · scale of the features, clipped if the model says so.
  private mutating func scale() {
    let shift = table("feature_shift", model.schema.scaling.shift)
    let scale = table("feature_scale", model.schema.scaling.scale)
    each("$product(features[i] - \(shift)[i], \(scale)[i])", .product)
    if model.schema.scaling.clipsSmoothly { each("$smooth_clip(\(element))", .smoothClip) }
  }

  private mutating func finish() {
    if let scaling = model.schema.targetScaling {
      let (scale, shift) = (table("target_scale", scaling.scale), table("target_shift", scaling.shift))
      statements.append("for (i = 0; i < \(width); i++) outputs[i] = \(element) / \(scale)[i] + \(shift)[i];")
    } else {
      statements.append("for (i = 0; i < \(width); i++) outputs[i] = \(element);")
    }
  }

  // MARK: Layers

  private mutating func append(_ layer: LayerConfiguration.Description, _ index: Int) {
    switch layer {
    case .dense(let dense): appendDense(units: dense.units, index)
    case .batchNorm(let normalization): appendBatchNorm(epsilon: normalization.epsilon, index)
    case .layerNorm(let normalization): appendLayerNorm(epsilon: normalization.epsilon, index)
    case .activation, .dropout, .gaussianNoise: break
    }
  }

  private mutating func appendDense(units: Int, _ index: Int) {
    let weights = values("weight", index) ?? []
    // In memory, and here, the weights of an input are adjacent; in files those of a unit.
    let transposed = (0..<width).flatMap { input in (0..<units).map { weights[$0 * width + input] } }
    let weight = table("weight\(index)", transposed)
    let bias = values("bias", index).map { table("bias\(index)", $0) } ?? "NULL"
    let input = name
    functions.insert(.dense)
    array = 1 - array
    lengths[array] = max(lengths[array], units)
    statements.append("$dense(\(width), \(units), \(weight), \(bias), \(input), \(name));")
    width = units
  }

  private mutating func appendBatchNorm(epsilon: Float, _ index: Int) {
    let scale = values("weight", index) ?? []
    let variance = values("running_var", index) ?? []
    // Operation by operation as the kernel computes it.
    let factor = zip(scale, variance).map { $0 * (1 / ($1 + epsilon).squareRoot()) }
    let mean = table("mean\(index)", values("running_mean", index) ?? [])
    let factors = table("factor\(index)", factor)
    let shift = table("shift\(index)", values("bias", index) ?? [])
    functions.insert(.batchNorm)
    statements.append("$batch_norm(\(width), \(mean), \(factors), \(shift), \(name));")
  }

  private mutating func appendLayerNorm(epsilon: Float, _ index: Int) {
    let scale = table("scale\(index)", values("weight", index) ?? [])
    let shift = table("shift\(index)", values("bias", index) ?? [])
    functions.insert(.layerNorm)
    statements.append("$layer_norm(\(width), \(CText.literal(epsilon)), \(scale), \(shift), \(name));")
  }

  // MARK: Activations

  private mutating func append(_ activation: Activation) {
    switch activation.kind {
    case .identity: break
    case .sigmoid: each("$sigmoid(\(element))", .sigmoid)
    case .tanh: each("$tanh(\(element))", .tanh)
    case .relu: each("$relu(\(element))", .relu)
    case .leakyRelu: each("$leaky_relu(\(element), \(CText.literal(activation.slope)))", .leakyRelu)
    case .silu: each("$silu(\(element))", .silu)
    case .elu: each("$elu(\(element))", .elu)
    case .selu: each("$selu(\(element))", .selu)
    case .gelu: each("$gelu(\(element))", .gelu)
    case .mish: each("$mish(\(element))", .mish)
    case .softplus: each("$softplus(\(element))", .softplus)
    case .softsign: each("$softsign(\(element))", .softsign)
    case .hardSigmoid: each("$hard_sigmoid(\(element))", .hardSigmoid)
    case .exponential: each("$exp(\(element))", .exp)
    case .softmax:
      functions.insert(.softmax)
      statements.append("$softmax(\(width), \(name));")
    }
  }
}
