import Kernels
import Testing

@Suite struct MatrixProductsTests {
  // MARK: C = bias + A B

  @Test(arguments: [false, true])
  func smallShapesMultiply(bias: Bool) {
    let columnCounts = [1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 70]
    let product = ProductReference(
      rows: 26, columns: 70, depths: [1, 2, 3, 31, 32, 33, 63, 64, 65, 97], bias: bias, seed: 1)
    for depth in product.depths {
      let a = product.left(depth: depth, capacity: 28)
      for columns in columnCounts {
        let b = product.right(depth: depth, columns: columns)
        for rows in 1...26 {
          #expect(product.multiplied(a, b, rows: 0..<rows) == nil, "\(rows) × \(columns), depth \(depth)")
        }
      }
    }
  }

  /// Every depth and every number of columns past twice the tile, with heights around one tile and two.
  @Test func allDepthsAndColumnsMultiply() {
    let heights = [0, 1, 5, 6, 7, 11, 12, 13, 23, 24, 25, 26]
    for (depths, columnCounts) in [(Array(1...66), [1, 16, 17, 33, 66]), ([1, 33], Array(1...70))] {
      let product = ProductReference(rows: 26, columns: 70, depths: depths, bias: true, seed: 8)
      for depth in depths {
        let a = product.left(depth: depth, capacity: 28)
        for columns in columnCounts {
          let b = product.right(depth: depth, columns: columns)
          for rows in heights {
            #expect(product.multiplied(a, b, rows: 0..<rows) == nil, "\(rows) × \(columns), depth \(depth)")
          }
        }
      }
    }
  }

  @Test func depthsPastTheBlocksMultiply() {
    let product = ProductReference(
      rows: 15, columns: 49, depths: [191, 192, 193, 255, 256, 257, 400], bias: true, seed: 2)
    for depth in product.depths {
      let a = product.left(depth: depth, capacity: 15)
      let b = product.right(depth: depth, columns: 49)
      #expect(product.multiplied(a, b, rows: 0..<15) == nil, "depth \(depth)")
    }
  }

  @Test func someRowsOfOnePanelMultiply() {
    let product = ProductReference(rows: 30, columns: 70, depths: [40], bias: true, seed: 3)
    let a = product.left(depth: 40, capacity: 33)
    let b = product.right(depth: 40, columns: 70)
    for rows in [0..<0, 0..<1, 1..<2, 3..<16, 13..<30, 17..<24, 29..<30, 30..<30] {
      for panel in 0..<3 {
        #expect(product.multiplied(a, b, rows: rows, panels: panel..<panel + 1) == nil, "\(rows), panel \(panel)")
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4])
  func specialValuesMultiply(seed: UInt64) {
    let product = ProductReference(rows: 14, columns: 49, depths: [1, 5, 40], bias: true, seed: seed) {
      $0.mixed(seed % 2 == 0 ? smallNumbers : smallNumbers + largeNumbers, every: seed % 2 == 0 ? 2 : 24)
    }
    for depth in product.depths {
      let a = product.left(depth: depth, capacity: 14)
      let b = product.right(depth: depth, columns: 49)
      #expect(product.multiplied(a, b, rows: 0..<14) == nil, "depth \(depth)")
    }
  }

  @Test func referenceNoticesAWrongOperand() {
    let product = ProductReference(rows: 3, columns: 20, depths: [4], bias: false, seed: 4)
    let a = product.left(depth: 4, capacity: 3)
    let b = product.right(depth: 4, columns: 20)
    #expect(product.multiplied(a, b, rows: 0..<3) == nil)
    a.view[2, 3] += 0x1p-10
    #expect(product.multiplied(a, b, rows: 0..<3) != nil)
    #expect(product.multiplied(a, b, rows: 0..<2) == nil)
  }

  // MARK: C = Aᵀ B

  @Test func smallShapesMultiplyTransposed() {
    let columnCounts = Array(1...45) + [63, 64, 65, 70]
    let product = TransposedProductReference(m: 70, n: 70, depths: [0, 1, 2, 3, 32, 33], seed: 5)
    for depth in product.depths {
      for n in [1, 16, 17, 32, 33, 49, 70] {
        let b = product.right(columns: n)
        for m in columnCounts {
          let a = product.left(columns: m)
          for panel in 0..<b.view.panels {
            #expect(
              product.multiplied(a, columns: 0..<m, b, panel: panel, rows: 0..<depth) == nil,
              "\(m) × \(n), panel \(panel), depth \(depth)")
          }
        }
      }
    }
  }

  /// Every depth and every number of columns past twice the tile.
  @Test func allDepthsAndColumnsMultiplyTransposed() {
    for (depths, columnCounts) in [(Array(0...66), [1, 17, 33]), ([2, 33], Array(1...70))] {
      let product = TransposedProductReference(m: 45, n: 70, depths: depths, seed: 9)
      for n in columnCounts {
        let b = product.right(columns: n)
        for m in [1, 6, 7, 12, 13, 32, 33, 45] {
          let a = product.left(columns: m)
          for depth in depths {
            for panel in 0..<b.view.panels {
              #expect(
                product.multiplied(a, columns: 0..<m, b, panel: panel, rows: 0..<depth) == nil,
                "\(m) × \(n), panel \(panel), depth \(depth)")
            }
          }
        }
      }
    }
  }

  @Test func depthsPastTheBlocksMultiplyTransposed() {
    let product = TransposedProductReference(m: 45, n: 50, depths: [127, 128, 129, 256, 257, 300], seed: 6)
    let a = product.left(columns: 45)
    let b = product.right(columns: 50)
    for depth in product.depths {
      for panel in 0..<2 {
        #expect(product.multiplied(a, columns: 0..<45, b, panel: panel, rows: 0..<depth) == nil, "depth \(depth)")
      }
    }
  }

  @Test func someColumnsAndRowsMultiplyTransposed() {
    let rows = 5..<29
    let product = TransposedProductReference(m: 70, n: 40, first: rows.lowerBound, depths: [rows.count], seed: 7)
    let a = product.left(columns: 70)
    let b = product.right(columns: 40)
    for columns in [0..<0, 0..<13, 0..<70, 32..<33, 32..<64, 32..<70, 64..<70] {
      for panel in 0..<2 {
        #expect(product.multiplied(a, columns: columns, b, panel: panel, rows: rows) == nil, "\(columns)")
      }
    }
  }

  @Test(arguments: [1, 2])
  func specialValuesMultiplyTransposed(seed: UInt64) {
    let product = TransposedProductReference(m: 38, n: 33, depths: [1, 5, 40], seed: seed) {
      $0.mixed(seed == 2 ? smallNumbers : smallNumbers + largeNumbers, every: seed == 2 ? 2 : 24)
    }
    for depth in product.depths {
      #expect(
        product.multiplied(
          product.left(columns: 38), columns: 0..<38, product.right(columns: 33), panel: 0, rows: 0..<depth) == nil)
    }
  }

  @Test func transposedReferenceNoticesAWrongOperand() {
    let product = TransposedProductReference(m: 3, n: 20, depths: [2, 4], seed: 8)
    let a = product.left(columns: 3)
    let b = product.right(columns: 20)
    #expect(product.multiplied(a, columns: 0..<3, b, panel: 0, rows: 0..<4) == nil)
    b.view[3, 19] += 0x1p-10
    #expect(product.multiplied(a, columns: 0..<3, b, panel: 0, rows: 0..<4) != nil)
    #expect(product.multiplied(a, columns: 0..<3, b, panel: 0, rows: 0..<2) == nil)
  }
}
