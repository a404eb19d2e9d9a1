import Kernels

/// How the rows of a mini-batch are cut into groups with batch statistics of their own ("ghost batch normalization": Hoffer, Hubara and
/// Soudry, 2017).
///
/// A group has `size` adjacent rows. The last one has what is left, and a row more where a single one is left: one row has no
/// variance. So the groups depend on the rows of the mini-batch alone, whoever computes them. Without a size all rows are one group.
struct StatisticsGroups: Sendable, Equatable {
  let rows: Int
  /// Rows of a group; 0 for all.
  let size: Int

  /// How many groups there are.
  var count: Int { size == 0 ? 1 : max(1, rows / size + (rows % size > 1 ? 1 : 0)) }

  /// The rows of a group.
  subscript(group: Int) -> Range<Int> {
    group * size..<(group == count - 1 ? rows : (group + 1) * size)
  }

  /// The groups that have some of these rows, which are not none.
  func touching(_ range: Range<Int>) -> Range<Int> {
    guard size > 0 else { return 0..<1 }
    return min(range.lowerBound / size, count - 1)..<min((range.upperBound - 1) / size, count - 1) + 1
  }
}

extension FloatSlice {
  /// The part of a vector with a value for each of `columns` columns and each group that belongs to a group.
  @inline(__always)
  func group(_ group: Int, columns: Int) -> FloatSlice {
    let length = PanelMatrix.floats(rows: 1, columns: columns)
    return self[group * length..<(group + 1) * length]
  }
}
