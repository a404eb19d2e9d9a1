extension KernelSet {
  @inlinable @inline(__always)
  public static func hinge(rows: Int, _ row: PanelRow, outputs: Source, targets: Source, delta: Target, losses: Target)
  {
    for r in 0..<rows {
      let start = r &* panelWidth
      // Column by column: with a row each, there is nothing to add.
      var own = 0
      var rival = -1
      for column in 0..<row.columns where targets[start &+ row.offset(column)] > 0.5 { own = column }
      for column in 0..<row.columns where column != own {
        if rival < 0 || outputs[start &+ row.offset(column)] > outputs[start &+ row.offset(rival)] { rival = column }
      }
      var v = row.vectors
      while v.next() { store(Vector(), delta + (start &+ v.offset)) }
      guard rival >= 0 else {
        losses[r] = 0
        continue
      }
      let margin = 1 - outputs[start &+ row.offset(own)] + outputs[start &+ row.offset(rival)]
      if margin > 0 {
        losses[r] = margin
        delta[start &+ row.offset(own)] = -1
        delta[start &+ row.offset(rival)] = 1
      } else {
        // What is not a number stays one.
        losses[r] = margin.isNaN ? margin : 0
      }
    }
  }
}

extension PanelRow {
  /// The offset of a column from the start of the row.
  @inlinable @inline(__always)
  func offset(_ column: Int) -> Int { column / panelWidth &* panelStride &+ column % panelWidth }
}
