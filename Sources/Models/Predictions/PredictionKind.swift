import Files
import Metrics
import NeuralNetworks

/// What the outputs of a model mean.
public enum PredictionKind: Sendable, Equatable {
  /// One of these classes, with a probability of each.
  case classes([String])
  /// One of these classes, with a score of each that is no probability.
  case scores([String])
  /// For each of these labels, the probability that it is true.
  case labels([String])
  /// A number for each of these targets.
  case numbers([String])

  /// How many numbers are told of a row.
  var count: Int { names.count }

  /// The names of classes, labels or targets.
  public var names: [String] {
    switch self {
    case .classes(let names), .scores(let names), .labels(let names), .numbers(let names): names
    }
  }
}

extension Model {
  /// What its outputs mean.
  public var predictionKind: PredictionKind {
    if let classes = schema.classes { return network.loss.kind == .hinge ? .scores(classes) : .classes(classes) }
    return network.loss.kind == .binaryCrossEntropy ? .labels(schema.targetNames) : .numbers(schema.targetNames)
  }

  /// What is told of rows: the class of each, where there are classes, and the numbers behind it.
  ///
  /// A single output, the probability of the second of two classes, becomes those of both.
  public func told(_ outputs: [Float]) -> (classes: [Int32], numbers: [Float]) {
    let columns = network.outputs
    guard let classes = schema.classes else { return ([], outputs) }
    let predicted = Predictions(outputs: outputs, columns: columns, threshold: decision.threshold).classes()
    return (predicted, columns == 1 && classes.count == 2 ? outputs.flatMap { [1 - $0, $0] } : outputs)
  }
}
