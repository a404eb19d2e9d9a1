#if arch(x86_64)
  public import KernelSource

  /// The kernels for processors with AVX-512: a tile of 12 rows × 32 columns takes 24 of 32 registers.
  public enum AVX512Kernels: KernelSet {
    public static var maximumTileRows: Int { 12 }
    public static var tileSpansPanel: Bool { true }
    public static var depthBlock: Int { 160 }

    public static func multiplyTile(rows: Int, wide: Bool, _ operands: TileOperands) {
      if wide {
        multiplyHighTile(WideRow.self, rows: rows, operands, rowStride: panelWidth, depthStride: 1)
      } else {
        multiplyHighTile(NarrowRow.self, rows: rows, operands, rowStride: panelWidth, depthStride: 1)
      }
    }

    public static func multiplyTransposedTile(
      rows: Int, wide: Bool, _ operands: TileOperands, taking step: GradientDescent?
    ) {
      if wide {
        multiplyHighTile(WideRow.self, rows: rows, operands, rowStride: 1, depthStride: panelWidth, step)
      } else {
        multiplyHighTile(NarrowRow.self, rows: rows, operands, rowStride: 1, depthStride: panelWidth, step)
      }
    }
  }
#endif
