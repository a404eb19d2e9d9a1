import Kernels
import Testing

@Suite struct FloatBufferTests {
  @Test(arguments: [0, 1, 15, 16, 1_000])
  func startsWithZeros(count: Int) {
    let buffer = FloatBuffer(count: count)
    #expect(buffer.count == count)
    #expect(buffer.all.count == count)
    #expect(buffer.all.array.allSatisfy { $0.bitPattern == 0 })
  }

  @Test func copiesAnArray() {
    let values: [Float] = [1, -0.0, .infinity, 4]
    let buffer = FloatBuffer(values)
    #expect(firstDifference(buffer.all.array, values) == nil)
    #expect(FloatBuffer([]).count == 0)
  }

  @Test func copiesAnotherBuffer() {
    let buffer = FloatBuffer([1, 2, 3])
    let other = FloatBuffer([4, 5, 6])
    buffer.copy(other)
    other[0] = 7
    #expect(buffer.all.array == [4, 5, 6])
  }

  @Test func slicesShareTheMemory() {
    let buffer = FloatBuffer([0, 1, 2, 3, 4, 5])
    let slice = buffer.slice(1..<5)
    #expect(slice.array == [1, 2, 3, 4])
    let inner = slice[1..<3]
    #expect(inner.count == 2 && inner.array == [2, 3])
    inner[0] = 9
    buffer[3] = 8
    #expect(slice[1] == 9 && inner[1] == 8 && buffer[2] == 9)
    #expect(slice[4..<4].array.isEmpty)
  }

  @Test func shapesAreChecked() async {
    await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: -1) }
    await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: 3)[3] }
    await #expect(processExitsWith: .failure) { FloatBuffer(count: 3)[-1] = 0 }
    await #expect(processExitsWith: .failure) { _ = FloatBuffer(count: 3).slice(1..<4) }
    await #expect(processExitsWith: .failure) { FloatBuffer(count: 3).copy(FloatBuffer(count: 2)) }
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 8)
      _ = buffer.slice(0..<4)[4]
    }
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 63)
      _ = buffer.matrix(rows: 2, columns: 1)
    }
    await #expect(processExitsWith: .failure) {
      let buffer = FloatBuffer(count: 64)
      _ = buffer.matrix(rows: 2, columns: 1, capacity: 1)
    }
  }
}
