import Dispatch
import Foundation
import Kernels
import Synchronization

/// The greatest error of the elementary functions over all 2³² Floats, in units of the last place.
///
///     swift run -c release accuracy [exp|log|log1p|softplus|sigmoid|tanh …]
///
/// The reference is the system's library in double precision. Its own error, below 10⁻⁹ of an ulp of Float, does not count.
/// Where the reference is NaN the function must be, too; results beyond the range count as 2¹²⁸. Some minutes.
@main
enum Accuracy {
  static func main() {
    let names = CommandLine.arguments.dropFirst()
    print("function            greatest error in ulps  at")
    for function in ElementaryFunction.allCases where names.isEmpty || names.contains("\(function)") {
      let worst = greatestError(function)
      let name = "\(function)".padding(toLength: 18, withPad: " ", startingAt: 0)
      print("\(name)  \(String(format: "%22.4f", worst.ulps))  \(worst.x)")
    }
  }

  private static func greatestError(_ function: ElementaryFunction) -> Worst {
    let pieces = 1 << 12
    let worst = Mutex(Worst(ulps: 0, x: 0))
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      let length = (1 << 32) / pieces
      let inputs = (piece * length..<(piece + 1) * length).map { Float(bitPattern: UInt32($0)) }
      let buffer = FloatBuffer(inputs)
      Kernels.best.apply(function, to: buffer.all)
      var found = Worst(ulps: 0, x: 0)
      for (index, x) in inputs.enumerated() where x.isNaN || function.domain.contains(x) {
        let ulps = error(buffer[index], exact(function, Double(x)))
        if ulps > found.ulps { found = Worst(ulps: ulps, x: x) }
      }
      worst.withLock { if found.ulps > $0.ulps { $0 = found } }
    }
    return worst.withLock { $0 }
  }

  private static func exact(_ function: ElementaryFunction, _ x: Double) -> Double {
    switch function {
    case .exp: exp(x)
    case .log: log(x)
    case .log1p: log1p(x)
    case .softplus: max(x, 0) + log1p(exp(-abs(x)))
    case .sigmoid: 1 / (1 + exp(-x))
    case .tanh: tanh(x)
    case .expm1: expm1(x)
    case .normalDistribution: erfc(-x * 0.5.squareRoot()) / 2
    case .smoothClip: x.isInfinite ? (x < 0 ? -3 : 3) : x / (1 + x * x / 9).squareRoot()
    }
  }

  /// |result − exact| in spacings of Floats at `exact`.
  private static func error(_ result: Float, _ exact: Double) -> Double {
    if result.isNaN || exact.isNaN { return result.isNaN && exact.isNaN ? 0 : .infinity }
    func limited(_ x: Double) -> Double { max(-0x1p128, min(x, 0x1p128)) }
    let rounded = Float(exact)
    let ulp = rounded.isFinite ? rounded.ulp : Float.greatestFiniteMagnitude.ulp
    return abs(limited(Double(result)) - limited(exact)) / Double(ulp)
  }
}

/// The greatest error so far, and where it is.
private struct Worst {
  let ulps: Double
  let x: Float
}
