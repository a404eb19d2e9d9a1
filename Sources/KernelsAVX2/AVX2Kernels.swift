#if arch(x86_64)
  public import KernelSource

  /// The kernels for processors with AVX2 and FMA: a tile of 6 rows × 16 columns takes 12 of 16 registers.
  public enum AVX2Kernels: KernelSet {
    public static var maximumTileRows: Int { 6 }
    public static var tileSpansPanel: Bool { false }
    public static var depthBlock: Int { 256 }

    public static func multiplyTile(rows: Int, wide: Bool, _ operands: TileOperands) {
      multiplyLowTile(NarrowRow.self, rows: rows, operands, rowStride: panelWidth, depthStride: 1)
    }

    public static func multiplyTransposedTile(
      rows: Int, wide: Bool, _ operands: TileOperands, taking step: GradientDescent?
    ) {
      multiplyLowTile(NarrowRow.self, rows: rows, operands, rowStride: 1, depthStride: panelWidth, step)
    }
  }
#endif
