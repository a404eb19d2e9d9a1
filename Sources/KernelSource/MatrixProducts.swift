public import ProcessorFeatures

/// Thirty-two zeros: where a chain starts that has no bias.
// Never written after its initialisation, so it may be read from everywhere.
@usableFromInline
nonisolated(unsafe) let zeroPanel: Source = {
  let zeros = Target.allocate(capacity: 32)
  zeros.initialize(repeating: 0, count: 32)
  return Source(zeros)
}()

/// Whether the next block of B is fetched while one is used.
// Never written after its initialisation, so it may be read from everywhere.
@usableFromInline
let fetchesAhead = processorFetchesLate()

/// Rows of the next tile when `rows` are left: as many as a tile may have, but for two tiles of equal height where the
/// last would be so low that it waits for its own results.
@inlinable @inline(__always)
func tileHeight(of rows: Int, maximum: Int) -> Int {
  if rows <= maximum { return rows }
  let rest = rows &- maximum
  return rest >= maximum &* 2 / 3 ? maximum : (rows &+ 1) / 2
}

extension KernelSet {
  // Blocks of k revisit C: storing and loading a Float changes nothing.
  @inlinable @inline(__always)
  public static func multiplyPanel(
    rows: Int, vectors: Int, depth: Int, a: Source, aPanelStride: Int, b: Source, initial: Source?, c: Target
  ) {
    let start = initial ?? zeroPanel
    // Blocks of nearly equal depth, of whole panels of A: a short last one would cost a pass over C for little.
    let blocks = (depth &+ depthBlock &- 1) / depthBlock
    let evenBlock = blocks > 1 ? ((depth &+ blocks &- 1) / blocks &+ panelWidth &- 1) & ~(panelWidth &- 1) : depth
    // A few rows are multiplied too soon for that.
    let fetches = rows >= 8 &* maximumTileRows && fetchesAhead
    var half = 0
    repeat {
      let wide = tileSpansPanel && vectors == 2
      var k = 0
      repeat {
        let block = depth &- k < evenBlock ? depth &- k : evenBlock
        // The next block of B, or of the panel behind it, is fetched bit by bit meanwhile: it may come from afar.
        var next = UnsafeRawPointer(b + (k &+ block) &* panelWidth)
        let share = (block &* panelWidth &* 4 &* maximumTileRows) / max(rows, maximumTileRows)
        var r = 0
        while r < rows {
          if fetches {
            processorPrefetch(next, share)
            next += share
          }
          let height = tileHeight(of: rows &- r, maximum: maximumTileRows)
          multiplyTile(
            rows: height, wide: wide,
            TileOperands(
              a: a + (k / panelWidth &* aPanelStride &+ r &* panelWidth), segment: panelWidth,
              segmentStride: aPanelStride, b: b + (k &* panelWidth &+ half), depth: block,
              initial: k == 0 ? start + half : Source(c) + (r &* panelWidth &+ half),
              initialStride: k == 0 ? 0 : panelWidth, c: c + (r &* panelWidth &+ half)))
          r &+= height
        }
        k &+= block
      } while k < depth
      half &+= wide ? 2 &* vectorWidth : vectorWidth
    } while half < vectors &* vectorWidth
  }

  @inlinable @inline(__always)
  public static func multiplyTransposedPanel(
    columns: Int, vectors: Int, depth: Int, a: Source, aPanelStride: Int, b: Source, c: Target,
    taking step: (weights: Target, descent: GradientDescent)?
  ) {
    var half = 0
    repeat {
      let wide = tileSpansPanel && vectors == 2
      var k = 0
      repeat {
        let block = depth &- k < transposedDepthBlock ? depth &- k : transposedDepthBlock
        let last = k &+ block == depth ? step : nil
        var panel = 0
        while panel < columns {
          let end = panel &+ panelWidth < columns ? panel &+ panelWidth : columns
          var i = panel
          while i < end {
            let height = tileHeight(of: end &- i, maximum: maximumTileRows)
            let place = i &* panelWidth &+ half
            multiplyTransposedTile(
              rows: height, wide: wide,
              TileOperands(
                a: a + (panel / panelWidth &* aPanelStride &+ k &* panelWidth &+ i % panelWidth), segment: block,
                segmentStride: 0, b: b + (k &* panelWidth &+ half),
                depth: block, initial: k == 0 ? zeroPanel : Source(c + place), initialStride: k == 0 ? 0 : panelWidth,
                c: (last?.weights ?? c) + place), taking: last?.descent)
            i &+= height
          }
          panel = end
        }
        k &+= block
      } while k < depth
      half &+= wide ? 2 &* vectorWidth : vectorWidth
    } while half < vectors &* vectorWidth
    // The gradient of units that do not exist is zero, so that their parameters stay zero.
    if vectors == 1 && step == nil {
      for i in 0..<columns { store(Vector(), c + (i &* panelWidth &+ vectorWidth)) }
    }
  }
}

/// How many rows of A and B one pass of a transposed product covers: a panel of each, together 32 KiB, stays in the
/// first cache while the tiles of the panel of A use it.
@inlinable
var transposedDepthBlock: Int { @inline(__always) get { 128 } }
