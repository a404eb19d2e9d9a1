import Kernels
import Testing

@Suite struct IdentityTests {
  @Test func changesNothing() {
    let z: [[Float]] = [[-3, 0, .infinity], [0x1p-140, 2, -0.0]]
    #expect(activated(.identity, z) == z)
    #expect(differentiated(.identity, delta: [[5, -7, 0]], kept: [[1, 2, 3]]) == [[5, -7, 0]])
  }
}
