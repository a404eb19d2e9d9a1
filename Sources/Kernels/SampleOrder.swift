/// The order in which an epoch visits the samples.
public final class SampleOrder: Sendable {
  private let list: PlainList<Int32>

  /// The samples in this order, by their rows in a table.
  public init(_ samples: [Int32]) { list = PlainList(samples) }

  /// Number of samples.
  public var count: Int { list.view.count }

  /// The samples from place `first` of the order on.
  public func selection(from first: Int) -> SampleSelection { SampleSelection(order: list.view, first: first) }
}

/// Which samples the rows of a mini-batch are: the part of an order that starts at `first`. Like every view, it does not
/// keep the order alive.
public struct SampleSelection: Sendable {
  let order: PlainList<Int32>.View
  let first: Int

  /// The sample of a row.
  @inline(__always)
  public func sample(ofRow row: Int) -> Int { Int(order[first + row]) }

  /// Where the samples of the rows from `row` on stand.
  @inline(__always)
  func pointer(row: Int) -> UnsafePointer<Int32> { order.base + (first + row) }
}
