import Foundation
func availableProcessors() -> Int { ProcessInfo.processInfo.activeProcessorCount }
