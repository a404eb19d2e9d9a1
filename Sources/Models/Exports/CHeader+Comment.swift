import ConfigurationSchema
import Files
import Kernels
import NeuralNetworks

extension Model {
  /// What a person who finds the header should know of it.
  func comment(_ program: CProgram, _ selfTest: CSelfTest, name: String) -> String {
    let (macro, version) = (name.uppercased(), arithmetic)
    let trained = version == arithmeticVersion ? "" : ", trained with version \(version)"
    var lines = [
      "A neural network that was trained by Lockstep, as C. This file was made by a program.", "",
      "\(name)_predict(features, outputs) takes \(counted(network.inputs, "number")), features as the data had them, and gives "
        + "\(counted(network.outputs, "number")):",
      "the bits of the model's own program, whatever the compiler and the machine. \(name)_self_test() is 0 if that is so.",
      "Of libraries it calls fmaf and sqrtf alone, which IEEE 754 defines to the bit; most processors have",
      "them as instructions. Outputs that are not numbers are equal in that alone, not in their bits.",
      "", "model       \(safetensors.digest) (SHA-256 of its file)",
      "arithmetic  version \(arithmeticVersion)\(trained)",
      "memory      \(program.flashBytes) bytes of tables and \(program.ramBytes) bytes of the stack, and code;",
      "            another \(selfTest.bytes) bytes of tables where \(name)_self_test is called",
      "macros      \(macro)_FEATURES, \(macro)_OUTPUTS; define \(macro)_SOFTWARE_FMAF for a library whose fmaf rounds twice",
      "", "layers:",
    ]
    lines += configuration.layers.map { "  \(Self.words($0))" }
    lines += ["", "features:"]
    lines += schema.featureNames.enumerated().map { "  [\($0)] \(CText.quoted($1))" }
    lines += ["", "outputs\(meaning):"]
    if let classes = schema.classes, classes.count == 2, network.outputs == 1 {
      lines += ["  [0] \(CText.quoted(classes[1])), and else \(CText.quoted(classes[0]))"]
    } else {
      lines += (schema.classes ?? schema.targetNames).enumerated().map { "  [\($0)] \(CText.quoted($1))" }
    }
    return "/*\n" + lines.map { $0.isEmpty ? " *\n" : " * \($0)\n" }.joined() + " */\n"
  }

  /// What the outputs are.
  private var meaning: String {
    guard schema.classes != nil else { return ", targets" }
    let isProbability = network.loss.kind.takesLogits
    let calibration = decision.temperature == 1 ? "" : ", calibrated by the temperature \(decision.temperature)"
    return isProbability ? ", probabilities of classes\(calibration)" : ", scores of classes"
  }

  /// A layer in words.
  private static func words(_ layer: LayerConfiguration) -> String {
    let activation = layer.layer.activation.kind.rawValue
    return switch layer.description {
    case .dense(let dense): "dense, \(counted(dense.units, "unit")), \(activation)"
    case .activation: "activation, \(activation)"
    case .batchNorm: "batchNorm"
    case .layerNorm: "layerNorm"
    case .dropout: "dropout, which does nothing here"
    case .gaussianNoise: "gaussianNoise, which does nothing here"
    }
  }
}
