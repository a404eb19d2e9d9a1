import Dispatch
import Foundation
import Synchronization

/// The signals that end a run early but in order. A second one that a person sends ends the process at once.
final class SignalWatch: @unchecked Sendable {
  enum Signal: Int32, CaseIterable {
    case hangUp = 1
    case interrupt = 2
    case terminate = 15

    var exitStatus: ExitStatus {
      switch self {
      case .hangUp: .hungUp
      case .interrupt: .interrupted
      case .terminate: .terminated
      }
    }

    var name: String {
      switch self {
      case .hangUp: "SIGHUP"
      case .interrupt: "SIGINT"
      case .terminate: "SIGTERM"
      }
    }
  }

  /// The first signal.
  private let number = Atomic<Int32>(0)
  /// Whether one has come that a second one would repeat.
  private let isAsked = Atomic(false)
  // Only kept alive, never used after `init`: hence unchecked.
  private let sources: [any DispatchSourceSignal]

  init() {
    // The default would end the process before the source is told. Whoever has SIGHUP ignored, as `nohup` does, wants the
    // run to go on.
    let signals = Signal.allCases.filter { signal in
      let before = Foundation.signal(signal.rawValue, SIG_IGN)
      let isIgnored = unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
      return signal != .hangUp || !isIgnored
    }
    sources = signals.map {
      DispatchSource.makeSignalSource(signal: $0.rawValue, queue: .global(qos: .userInteractive))
    }
    for (signal, source) in zip(signals, sources) {
      source.setEventHandler { [weak self] in self?.receive(signal) }
      source.resume()
    }
  }

  /// The first signal that has come, if any.
  var received: Signal? { Signal(rawValue: number.load(ordering: .acquiring)) }

  private func receive(_ signal: Signal) {
    _ = number.compareExchange(expected: 0, desired: signal.rawValue, ordering: .acquiringAndReleasing)
    // A terminal that goes away sends SIGHUP once or twice, and a system that ends a session sends it beside SIGTERM, in any
    // order: nobody who wants the process to end at once.
    guard signal != .hangUp else { return }
    if isAsked.exchange(true, ordering: .acquiringAndReleasing) { _exit(signal.exitStatus.rawValue) }
  }
}
