public import KernelInterface

/// The kernels for processors with AVX-512: a tile of 12 rows × 32 columns takes 24 of 32 registers.
public enum AVX512Kernels: KernelSet {
  public static var maximumTileRows: Int { 12 }
  public static var tileSpansPanel: Bool { true }
  public static var depthBlock: Int { 160 }

  public static func multiplyTile(rows: Int, wide: Bool, _ operands: TileOperands) {
    if wide {
      switch rows {
      case 12: KernelInterface.multiplyTile(Rows12<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 11: KernelInterface.multiplyTile(Rows11<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 10: KernelInterface.multiplyTile(Rows10<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 9: KernelInterface.multiplyTile(Rows9<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 8: KernelInterface.multiplyTile(Rows8<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 7: KernelInterface.multiplyTile(Rows7<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 6: KernelInterface.multiplyTile(Rows6<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 5: KernelInterface.multiplyTile(Rows5<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 4: KernelInterface.multiplyTile(Rows4<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 3: KernelInterface.multiplyTile(Rows3<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 2: KernelInterface.multiplyTile(Rows2<WideRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      default: KernelInterface.multiplyTile(WideRow.self, operands, rowStride: panelWidth, depthStride: 1)
      }
    } else {
      switch rows {
      case 12: KernelInterface.multiplyTile(Rows12<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 11: KernelInterface.multiplyTile(Rows11<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 10: KernelInterface.multiplyTile(Rows10<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 9: KernelInterface.multiplyTile(Rows9<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 8: KernelInterface.multiplyTile(Rows8<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 7: KernelInterface.multiplyTile(Rows7<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 6: KernelInterface.multiplyTile(Rows6<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 5: KernelInterface.multiplyTile(Rows5<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 4: KernelInterface.multiplyTile(Rows4<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 3: KernelInterface.multiplyTile(Rows3<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      case 2: KernelInterface.multiplyTile(Rows2<NarrowRow>.self, operands, rowStride: panelWidth, depthStride: 1)
      default: KernelInterface.multiplyTile(NarrowRow.self, operands, rowStride: panelWidth, depthStride: 1)
      }
    }
  }

  public static func multiplyTransposedTile(rows: Int, wide: Bool, _ operands: TileOperands) {
    if wide {
      switch rows {
      case 12: KernelInterface.multiplyTile(Rows12<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 11: KernelInterface.multiplyTile(Rows11<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 10: KernelInterface.multiplyTile(Rows10<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 9: KernelInterface.multiplyTile(Rows9<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 8: KernelInterface.multiplyTile(Rows8<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 7: KernelInterface.multiplyTile(Rows7<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 6: KernelInterface.multiplyTile(Rows6<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 5: KernelInterface.multiplyTile(Rows5<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 4: KernelInterface.multiplyTile(Rows4<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 3: KernelInterface.multiplyTile(Rows3<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 2: KernelInterface.multiplyTile(Rows2<WideRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      default: KernelInterface.multiplyTile(WideRow.self, operands, rowStride: 1, depthStride: panelWidth)
      }
    } else {
      switch rows {
      case 12: KernelInterface.multiplyTile(Rows12<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 11: KernelInterface.multiplyTile(Rows11<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 10: KernelInterface.multiplyTile(Rows10<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 9: KernelInterface.multiplyTile(Rows9<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 8: KernelInterface.multiplyTile(Rows8<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 7: KernelInterface.multiplyTile(Rows7<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 6: KernelInterface.multiplyTile(Rows6<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 5: KernelInterface.multiplyTile(Rows5<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 4: KernelInterface.multiplyTile(Rows4<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 3: KernelInterface.multiplyTile(Rows3<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      case 2: KernelInterface.multiplyTile(Rows2<NarrowRow>.self, operands, rowStride: 1, depthStride: panelWidth)
      default: KernelInterface.multiplyTile(NarrowRow.self, operands, rowStride: 1, depthStride: panelWidth)
      }
    }
  }
}
