extension KernelSet {
  @inlinable @inline(__always)
  public static func hinge(rows: Int, _ row: PanelRow, outputs: Source, targets: Source, delta: Target, losses: Target)
  {
    let least = Vector(repeating: -.infinity)
    let one = Vector(repeating: 1)
    for r in 0..<rows {
      let start = r &* panelWidth
      // The output of the true class, the only one whose target is not 0; and the greatest of the others.
      var own = Vector()
      var rival = least
      var v = row.vectors
      while v.next() {
        let (a, y) = (load(outputs + (start &+ v.offset)), load(targets + (start &+ v.offset)))
        own += Vector().replacing(with: firstLanes(a, v.lanes), where: y .!= Vector())
        let other = least.replacing(with: a, where: lanesBelow(v.lanes) .& (y .== Vector()))
        rival = rival.replacing(with: other, where: other .> rival)
      }
      let greatest = maximumOfLanes(rival)
      let margin = 1 - sumOfLanes(own) + greatest
      // Of several greatest ones each takes its share.
      var ties = Vector()
      v = row.vectors
      while v.next() {
        let (a, y) = (load(outputs + (start &+ v.offset)), load(targets + (start &+ v.offset)))
        let isRival = lanesBelow(v.lanes) .& (y .== Vector()) .& (a .== Vector(repeating: greatest))
        ties += Vector().replacing(with: one, where: isRival)
      }
      let share = one / Vector(repeating: sumOfLanes(ties))
      v = row.vectors
      while v.next() {
        let (a, y) = (load(outputs + (start &+ v.offset)), load(targets + (start &+ v.offset)))
        // The margin again, lane by lane of a vector, as it is at the places that have a derivative.
        let isRival =
          lanesBelow(v.lanes) .& (y .== Vector()) .& (a .== Vector(repeating: greatest))
          .& (Vector(repeating: 1 - sumOfLanes(own)) + a .> Vector())
        let isOwn = lanesBelow(v.lanes) .& (y .!= Vector()) .& (one - a + Vector(repeating: greatest) .> Vector())
        store(
          Vector().replacing(with: share, where: isRival).replacing(with: -one, where: isOwn),
          delta + (start &+ v.offset))
      }
      // max(margin, 0) without a comparison; what is not a number stays one.
      losses[r] = 0.5 * (margin + margin.magnitude)
    }
  }
}
