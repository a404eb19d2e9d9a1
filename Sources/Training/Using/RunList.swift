import ConfigurationSchema
import Files
import Foundation
import Metrics

/// The runs in a folder, with their results.
public struct RunList: Sendable {
  /// A run.
  public struct Entry: Sendable {
    /// The name of its folder.
    public let name: String
    /// Epochs that are recorded.
    public let epochs: Int
    /// Why it is over: the `end` of its summary, `interrupted` or `running or lost`.
    public let end: String
    /// The result that runs are compared by, as `test.accuracy`; nil if there is none.
    public let result: (name: String, value: Double)?
    /// Duration in seconds, as far as known.
    public let seconds: Double?
    /// The digest of the model; nil if there is none.
    public let sha256: String?
  }

  /// The runs, the best first where they measure the same, else by name.
  public let entries: [Entry]

  /// The runs in the folder `path`.
  ///
  /// - Parameter metric: what they are compared by, as `test.f1`; nil for the first metric of each, of the test or else of the
  ///   validation.
  /// - Throws: `InputError` if there is no such folder, or no run in it.
  public init(_ path: String, metric: String? = nil) throws(InputError) {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw InputError(.missing, file: path, "there is no such folder")
    }
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path) } catch {
      throw InputError(.unreadable, file: path, "the folder cannot be read: \(reason(of: error))")
    }
    var entries: [Entry] = []
    for name in names.sorted(by: { $0.compare($1, options: .numeric) == .orderedAscending }) {
      guard let directory = try? RunDirectory(existing: path + "/" + name) else { continue }
      entries.append(Entry(directory, name: name, metric: metric))
    }
    guard !entries.isEmpty else { throw InputError(.missing, file: path, "there is no run in this folder") }
    if let metric, entries.allSatisfy({ $0.result == nil }) {
      throw InputError(.missing, file: path, "no run in this folder has the result '\(metric)' in its summary.json")
    }
    let measured = Set(entries.compactMap(\.result?.name))
    if measured.count == 1, let name = measured.first {
      let measure = String(name.split(separator: ".", maxSplits: 1).last ?? "")
      let sign: Double = RequestedMetric(measure)?.direction == .maximize ? -1 : 1
      func rank(_ entry: Entry) -> Double { entry.result.map { sign * $0.value } ?? .infinity }
      self.entries = entries.enumerated().sorted { first, second in
        let (one, other) = (rank(first.element), rank(second.element))
        return one == other ? first.offset < second.offset : one < other
      }.map(\.element)
    } else {
      self.entries = entries
    }
  }
}

extension RunList.Entry {
  fileprivate init(_ directory: RunDirectory, name: String, metric: String?) {
    self.name = name
    epochs = (try? directory.epochRecords().count) ?? 0
    let content = (try? directory.read(.summary)) ?? nil
    let summary = content.flatMap { try? JSONValue(parsing: $0, file: "summary.json") }
    guard case .object(let members)? = summary else {
      (end, result, seconds, sha256) = ("unfinished", nil, nil, nil)
      return
    }
    func text(_ key: String) -> String? { if case .string(let text)? = members[key] { text } else { nil } }
    end = text("end") ?? "interrupted"
    seconds = members["seconds"]?.number
    sha256 = text("sha256")
    func part(_ name: String) -> [String: JSONValue] {
      if case .object(let members)? = members[name] { members } else { [:] }
    }
    if let metric {
      let words = metric.split(separator: ".", maxSplits: 1).map(String.init)
      result = words.count == 2 ? part(words[0])[words[1]]?.number.map { (metric, $0) } : nil
      return
    }
    // The first metric of the catalogue that was measured, or the loss.
    let order = MetricKind.allCases.map(\.rawValue) + ["loss"]
    result =
      ["test", "validation"].lazy.compactMap { name -> (name: String, value: Double)? in
        let numbers = part(name)
        return order.lazy.compactMap { key in numbers[key]?.number.map { ("\(name).\(key)", $0) } }.first
      }.first
  }
}

extension JSONValue {
  /// The number; nil if it is something else.
  fileprivate var number: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }
}
