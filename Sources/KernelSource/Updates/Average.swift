extension KernelSet {
  @inlinable @inline(__always)
  public static func average(count: Int, _ a: Target, _ w: Source, weight: Float) {
    let weight = Vector(repeating: weight)
    var i = 0
    while i < count {
      let average = load(a + i)
      store(fma(weight, load(w + i) - average, average), a + i)
      i &+= vectorWidth
    }
  }
}
