public import KernelInterface

/// The kernels for processors with AVX2 and FMA: a tile of 6 rows × 16 columns takes 12 of 16 registers.
public enum AVX2Kernels: KernelSet {
  public static var maximumTileRows: Int { 6 }
  public static var tileSpansPanel: Bool { false }
  public static var depthBlock: Int { 256 }

  public static func multiplyTile(rows: Int, wide: Bool, _ operands: TileOperands) {
    switch rows {
    case 6: KernelInterface.multiplyTile(Rows6<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
    case 5: KernelInterface.multiplyTile(Rows5<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
    case 4: KernelInterface.multiplyTile(Rows4<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
    case 3: KernelInterface.multiplyTile(Rows3<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
    case 2: KernelInterface.multiplyTile(Rows2<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
    default: KernelInterface.multiplyTile(NarrowRow.self, operands, rowStride: panelWidth, depthStride: 1)
    }
  }

  public static func multiplyTransposedTile(rows: Int, wide: Bool, _ operands: TileOperands) {
    switch rows {
    case 6: KernelInterface.multiplyTile(Rows6<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
    case 5: KernelInterface.multiplyTile(Rows5<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
    case 4: KernelInterface.multiplyTile(Rows4<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
    case 3: KernelInterface.multiplyTile(Rows3<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
    case 2: KernelInterface.multiplyTile(Rows2<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
    default: KernelInterface.multiplyTile(NarrowRow.self, operands, rowStride: 1, depthStride: panelWidth)
    }
  }
}
