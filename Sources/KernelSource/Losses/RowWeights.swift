extension KernelSet {
  @inlinable @inline(__always)
  public static func multiplyRows(rows: Int, _ row: PanelRow, _ x: Target, _ values: Target, weights: Source) {
    for r in 0..<rows {
      let start = r &* panelWidth
      let weight = Vector(repeating: weights[r])
      var v = row.vectors
      while v.next() { store(load(x + (start &+ v.offset)) * weight, x + (start &+ v.offset)) }
      values[r] *= weights[r]
    }
  }
}
