import Foundation
import Training

extension Report {
  /// What a configuration would do.
  static func text(_ dry: DryRun) -> String {
    let configuration = dry.configuration
    let data = dry.data
    var samples = ["\(grouped(data.training.count)) training"]
    if let validation = data.validation { samples.append("\(grouped(validation.count)) validation") }
    if let test = data.test { samples.append("\(grouped(test.count)) test") }
    let targets =
      data.classes.map { "\(counted($0.count, "class", "classes")): \(listed($0))" }
      ?? "\(counted(data.schema.targetNames.count, "target")): \(listed(data.schema.targetNames))"
    var lines = [
      "\(configuration.name): sound; nothing was trained or written",
      "samples: \(samples.joined(separator: ", "))",
      "features: \(grouped(data.featureNames.count)): \(listed(data.featureNames))",
      targets,
    ]
    lines += columns(
      [["layer", "type", "inputs", "outputs", "parameters"]]
        + dry.layers.enumerated().map { index, layer in
          [
            String(index), layer.kind + (layer.activation.map { " \($0)" } ?? ""), grouped(layer.inputs),
            grouped(layer.outputs),
            layer.trained + layer.fixed == 0
              ? "" : grouped(layer.trained) + (layer.fixed > 0 ? " + \(grouped(layer.fixed)) not trained" : ""),
          ]
        })
    lines.append(
      "\(grouped(dry.parameters)) parameters to train, loss \(configuration.network.loss.kind.rawValue), "
        + "\(counted(configuration.training.epochs, "epoch")) of \(counted(dry.stepsPerEpoch, "step")) of \(counted(dry.batchSize, "sample"))"
    )
    lines.append(
      "a step: \(rate(dry.operations)) floating-point operations in products; memory beside the data: "
        + String(format: "%.1f MB", dry.memory / 1e6))
    lines.append("\(counted(dry.processors, "processor")), \(dry.instructionSet.rawValue)")
    return lines.joined(separator: "\n")
  }

  private static func counted(_ count: Int, _ noun: String, _ plural: String) -> String {
    "\(grouped(count)) \(count == 1 ? noun : plural)"
  }

  /// The first of some names.
  private static func listed(_ names: [String]) -> String {
    names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }
}
