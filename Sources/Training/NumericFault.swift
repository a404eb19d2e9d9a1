import DataParallel
import Datasets
import Kernels

/// Where a run met the first number that is infinite or not a number.
public struct NumericFault: Sendable, Equatable, CustomStringConvertible {
  /// What was not finite.
  public enum Quantity: Sendable, Equatable {
    /// The cost of the mini-batch, computed from finite parameters.
    case loss
    /// A parameter, after the step.
    case parameters
  }

  /// The samples of a mini-batch.
  public struct MiniBatch: Sendable, Equatable {
    /// The numbers of the samples in their source, from 1, in the order of the mini-batch.
    public let samples: [Int]
    /// The source.
    public let file: String
  }

  /// What was not finite.
  public let quantity: Quantity
  /// The epoch, from 1.
  public let epoch: Int
  /// The step within the epoch, from 1.
  public let step: Int
  /// The first layer, from 0, whose outputs or parameters were not finite; nil where it is only the cost itself.
  public private(set) var layer: Int?
  /// What the step was computed on.
  public private(set) var miniBatch: MiniBatch?
  /// Where the last good state is.
  var lastState: String?
  /// What usually helps.
  var advice = "A smaller optimizer.learningRate usually helps, and so does dataset.scaling 'standardize'."

  init(_ quantity: Quantity, epoch: Int, step: Int) {
    self.quantity = quantity
    self.epoch = epoch
    self.step = step
  }

  /// A few sentences: what, where, on what, and what usually helps.
  public var description: String {
    let what =
      switch (quantity, layer) {
      case (.loss, nil): "the loss is not finite, though the outputs of all layers are"
      case (.loss, let layer?): "the loss is not finite, and neither are the outputs of network.layers[\(layer)]"
      case (.parameters, nil): "the step makes parameters that are not finite"
      case (.parameters, let layer?): "the step makes parameters of network.layers[\(layer)] that are not finite"
      }
    var text = "epoch \(epoch), step \(step): \(what)"
    if let miniBatch {
      let shown = miniBatch.samples.prefix(8).map(String.init).joined(separator: ", ")
      let count = miniBatch.samples.count
      text +=
        "; the mini-batch: \(count == 1 ? "sample" : "samples") \(shown)\(count > 8 ? ", … (\(count) in all)" : "")"
      text += " of \(miniBatch.file)"
    }
    text += ". " + advice
    if let lastState { text += " \(lastState)" }
    return text
  }

  // MARK: The place

  /// Finds the step, its samples and the layer by training again from the last good state, one step at a time: the same
  /// bits come again, with the same fault.
  ///
  /// - Parameter loop: the training from a good state on.
  static func first(of loop: TrainingLoop) -> NumericFault? {
    while !loop.isOver {
      // The last step of an epoch is an event of its own, after which the position is that of the next epoch.
      let (epoch, step) = (loop.position.epochs, loop.position.epochSteps)
      do {
        _ = try loop.advance(limit: 1)
        guard let layer = loop.firstNonFiniteParameters else { continue }
        var fault = NumericFault(.parameters, epoch: epoch + 1, step: step + 1)
        fault.layer = layer
        fault.miniBatch = loop.miniBatch(epoch: epoch, step: step)
        return fault
      } catch .notFinite(var fault) {
        fault.layer =
          fault.quantity == .loss ? loop.firstNonFiniteOutputs(step: step) : loop.firstNonFiniteParameters
        fault.miniBatch = loop.miniBatch(epoch: epoch, step: step)
        return fault
      } catch {
        return nil
      }
    }
    return nil
  }
}

extension TrainingLoop {
  /// The first layer with a parameter that is not finite.
  fileprivate var firstNonFiniteParameters: Int? {
    guard !Kernels.sum(parameters.vector.all).isFinite else { return nil }
    let blocks = parameters.layout.blocks
    return blocks.indices.first { !parameters.values(block: $0).allSatisfy(\.isFinite) }.map { blocks[$0].layer }
  }

  /// The first layer with outputs that are not finite, in the step just made.
  fileprivate func firstNonFiniteOutputs(step: Int) -> Int? {
    coordinator.firstNonFiniteOutputs(samples: rows(of: step).count)
  }

  fileprivate func miniBatch(epoch: Int, step: Int) -> NumericFault.MiniBatch {
    let order = order(epoch: epoch)
    return NumericFault.MiniBatch(
      samples: order[rows(of: step)].map { Int($0) + 1 }, file: data.training.table.file)
  }

  private func rows(of step: Int) -> Range<Int> {
    step * coordinator.batchSize..<min((step + 1) * coordinator.batchSize, data.training.count)
  }
}

extension RunConfiguration {
  /// What usually helps against numbers that are not finite, by what is not done yet and what the data is.
  func adviceOnFaults(_ data: PreparedData) -> String {
    var advice = ["A smaller optimizer.learningRate usually helps"]
    if dataset.scaling == .none, case .floats = data.training.table.features {
      advice.append("and so does dataset.scaling 'standardize'")
    }
    if dataset.targetScaling == .none, network.loss.kind.targets == .values, network.loss.kind.targetRange == nil,
      case .values(let values, let columns) = data.training.table.targets
    {
      var greatest: Float = 0
      for row in data.training.rows {
        for value in values[Int(row) * columns..<(Int(row) + 1) * columns] { greatest = max(greatest, value.magnitude) }
      }
      if greatest > 30 {
        advice.append("the targets are as large as \(greatest): dataset.targetScaling 'standardize' makes them small")
      }
    }
    return advice.joined(separator: ", ") + "."
  }
}
