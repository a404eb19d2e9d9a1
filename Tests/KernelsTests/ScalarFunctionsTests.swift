import Foundation
import Testing

@testable import Kernels

@Suite struct ScalarFunctionsTests {
  @Test func powers() {
    #expect(power(0.9, 0) == 1 && power(0.5, 10) == 0x1p-10 && power(3, 5) == 243)
    #expect(abs(power(0.999, 12345) / pow(0.999, 12345) - 1) < 1e-12)
    #expect(power(0.5, 5000) == 0)
  }

  @Test func exponentials() {
    for i in -1399...1399 {
      let x = Double(i) / 2.003
      #expect(abs(exponential(x) / exp(x) - 1) < 1e-15 * max(4, abs(x) / 8), "\(x)")
    }
    #expect(exponential(0) == 1 && exponential(-800) == 0 && exponential(800) == .infinity && exponential(.nan).isNaN)
  }

  @Test func geometricSums() {
    #expect(geometricSum(0.5, 0) == 0 && geometricSum(0.5, 1) == 1 && geometricSum(0.5, 3) == 1.75)
    for count in [1, 2, 3, 5, 8, 100, 1023] { #expect(geometricSum(1, count) == Double(count)) }
    var (sum, term) = (0.0, 1.0)
    for _ in 0..<777 { (sum, term) = (sum + term, term * 0.993) }
    #expect(abs(geometricSum(0.993, 777) / sum - 1) < 1e-13)
  }

  @Test func logarithms() {
    for i in 1...2000 {
      let x = Double(i) / 1000.7
      #expect(abs(logarithm(x) - log(x)) <= 4e-16 * max(1, abs(log(x))), "\(x)")
    }
    #expect(logarithm(1) == 0 && abs(logarithm(1e-300) / log(1e-300) - 1) < 1e-15)
  }

  @Test func powersOfAnyExponent() {
    for x in [1e-9, 0.1, 0.5, 0.999, 1] {
      for exponent in [0.3, 1, 2, 2.5, 100.25] {
        let exact = pow(x, exponent)
        #expect(abs(power(x, exponent) - exact) <= 1e-13 * exact, "\(x), \(exponent)")
      }
    }
    #expect(power(0, 0.5) == 0 && power(0.25, 2.0) == 0.0625)
  }

  @Test func cosines() {
    for i in 0...1000 { #expect(abs(cosineOfPi(Double(i) / 1000) - cos(.pi * Double(i) / 1000)) < 8e-16) }
    #expect(cosineOfPi(0) == 1 && cosineOfPi(1) == -1 && cosineOfPi(0.5) == 0)
  }
}
