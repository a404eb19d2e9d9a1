public import KernelSource

/// The kernels for the compiler's baseline: on x86-64 any processor (a fused multiply-add is then a call of `fmaf` a lane),
/// on arm64 NEON. A tile of 6 rows × 16 columns takes 24 of NEON's 32 registers.
public enum PortableKernels: KernelSet {
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
