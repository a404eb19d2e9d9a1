import DataParallel
import Datasets
import Dispatch
import Foundation
import Kernels
import MachinePeak
import Synchronization

/// What a model of the cost of a step needs to know of a machine, each figure measured by itself.
public struct Machine: Sendable {
  /// Floating-point operations a second of one thread: fused multiply-adds between registers.
  public let peak: Double
  /// Floating-point operations a second of one thread in a product whose operands are in the first two caches.
  public let product: Double
  /// Bytes a second that one thread reads from the cache that all share.
  public let sharedCache: Double
  /// Seconds until a change of one thread is seen by another.
  public let signal: Double
  /// Seconds for a feature of a sample that is gathered.
  public let gather: Double

  /// Measures this machine, a few tenths of a second each.
  public init(_ instructionSet: InstructionSet, data: PreparedData) {
    peak = Workloads.peak(instructionSet, threads: 1, seconds: 0.2)
    let kernels = Kernels(instructionSet)!
    product = Self.rateOfProducts(kernels)
    sharedCache = Self.bandwidth(bytes: 6 << 20)
    signal = Self.signalTime()
    gather = Self.gatherTime(kernels, data)
  }

  /// 120 rows, 160 deep, one panel: its operands are 117 KB.
  private static func rateOfProducts(_ kernels: Kernels) -> Double {
    let (rows, depth) = (120, 160)
    func buffer(_ rows: Int, _ columns: Int) -> FloatBuffer {
      FloatBuffer((0..<PanelMatrix.floats(rows: rows, columns: columns)).map { Float($0 % 7) - 3 })
    }
    let buffers = [buffer(rows + 1, depth), buffer(depth, 32), buffer(rows + 1, 32)]
    let a = buffers[0].matrix(rows: rows, columns: depth, capacity: rows + 1)
    let b = buffers[1].matrix(rows: depth, columns: 32)
    let c = buffers[2].matrix(rows: rows, columns: 32, capacity: rows + 1)
    let time = typicalTime { kernels.multiply(a, b, bias: nil, into: c, rows: 0..<rows, panel: 0) }
    withExtendedLifetime(buffers) {}
    return Double(2 * rows * depth * 32) / time
  }

  private static func bandwidth(bytes: Int) -> Double {
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 4096)
    memory.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
    defer { memory.deallocate() }
    return Double(bytes) / typicalTime { readMemory(memory, bytes) }
  }

  /// Half of what it takes two threads to answer each other. On one processor that is the time of a change of threads, because the
  /// one that waits has to make room.
  private static func signalTime() -> Double {
    let rounds = 20_000
    // A processor for each of them may be there and yet be busy with something else.
    let patience = availableProcessors() == 1 ? 0 : 1000
    let clock = ContinuousClock()
    // Not `concurrentPerform`: on one processor it would do the share of one after that of the other.
    let other = DispatchQueue(label: "lockstep.machine.signal", qos: .userInitiated)
    var times: [Double] = []
    for _ in 0..<5 {
      let turns = Turns()
      let start = clock.now
      other.async { turns.take(rounds, thread: 1, patience: patience) }
      turns.take(rounds, thread: 0, patience: patience)
      other.sync {}
      times.append((clock.now - start) / .seconds(1) / Double(2 * rounds))
    }
    return times.min()!
  }

  /// Samples in random order, as an epoch has them.
  private static func gatherTime(_ kernels: Kernels, _ data: PreparedData) -> Double {
    let samples = 512
    let features = data.training.table.columns
    let order = SampleOrder(EpochOrder(rows: data.training.rows, shuffle: true, seed: 1).order(epoch: 0))
    let buffer = FloatBuffer(count: PanelMatrix.floats(rows: samples + 1, columns: features))
    let matrix = buffer.matrix(rows: samples, columns: features, capacity: samples + 1)
    let reader = SampleReader(data.training.table, scaling: data.scaling)
    var first = 0
    let time = typicalTime {
      let selection = order.selection(from: first)
      reader.readInputs(kernels, selection, into: matrix, rows: 0..<samples)
      first = (first + samples) % (order.count - samples)
    }
    withExtendedLifetime(buffer) {}
    return time / Double(samples * features)
  }

  /// The median of the times of `body`, in seconds: of some hundred calls, or as many as go into a fifth of a second.
  private static func typicalTime(_ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    let end = clock.now + .milliseconds(200)
    var times: [Double] = []
    while clock.now < end {
      let start = clock.now
      body()
      times.append((clock.now - start) / .seconds(1))
    }
    return times.sorted()[times.count / 2]
  }
}

/// Turns that two threads take one after the other.
private final class Turns: Sendable {
  private let turn = Atomic<Int>(0)

  /// Takes each second turn, `rounds` of them, for thread 0 or 1. A thread that has looked `patience` times makes room for others.
  func take(_ rounds: Int, thread: Int, patience: Int) {
    for round in 0..<rounds {
      var looks = 0
      while turn.load(ordering: .acquiring) != 2 * round + thread {
        looks += 1
        if looks > patience { sched_yield() }
      }
      turn.store(2 * round + thread + 1, ordering: .releasing)
    }
  }
}
