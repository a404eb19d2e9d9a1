import Dispatch
import Foundation
import Synchronization

/// The signals that end a run early but in order. A second one ends the process at once.
final class SignalWatch: @unchecked Sendable {
  enum Signal: Int32, CaseIterable {
    case interrupt = 2
    case terminate = 15

    var exitStatus: ExitStatus { self == .interrupt ? .interrupted : .terminated }
    var name: String { self == .interrupt ? "SIGINT" : "SIGTERM" }
  }

  private let number = Atomic<Int32>(0)
  // Only kept alive, never used after `init`: hence unchecked.
  private let sources: [any DispatchSourceSignal]

  init() {
    sources = Signal.allCases.map { signal in
      // The default would end the process before the source is told.
      Foundation.signal(signal.rawValue, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: signal.rawValue, queue: .global(qos: .userInteractive))
    }
    for (signal, source) in zip(Signal.allCases, sources) {
      source.setEventHandler { [weak self] in self?.receive(signal) }
      source.resume()
    }
  }

  /// The signal that has come, if any.
  var received: Signal? { Signal(rawValue: number.load(ordering: .acquiring)) }

  private func receive(_ signal: Signal) {
    let (isFirst, _) = number.compareExchange(
      expected: 0, desired: signal.rawValue, ordering: .acquiringAndReleasing)
    if !isFirst { _exit(signal.exitStatus.rawValue) }
  }
}
