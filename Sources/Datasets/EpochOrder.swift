import Kernels

/// The order in which an epoch visits the rows of the training data.
///
/// Each epoch permutes the rows afresh from file order with its own random stream, so the order of one epoch depends on
/// (rows, seed, epoch) alone: a run that resumes at epoch 7 needs to replay nothing.
public struct EpochOrder: Sendable {
  private let rows: [Int32]
  private let shuffle: Bool
  private let seed: UInt64

  /// - Parameters:
  ///   - rows: the rows of the training data, in file order.
  ///   - shuffle: false leaves them in file order.
  ///   - seed: the seed of the run.
  public init(rows: [Int32], shuffle: Bool, seed: UInt64) {
    self.rows = rows
    self.shuffle = shuffle
    self.seed = seed
  }

  /// The rows in the order in which `epoch` visits them.
  public func order(epoch: Int) -> [Int32] {
    guard shuffle else { return rows }
    var order = rows
    RandomStream(seed: seed, purpose: .shuffle, stream: UInt32(truncatingIfNeeded: epoch)).permute(&order)
    return order
  }
}
