import Files
import Foundation
import Testing

@testable import Datasets

@Suite struct CSVFeatureStreamTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "CSVFeatureStream-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// Reads a text as a file, or through a pipe that it comes out of in pieces of some bytes.
  private func read(
    _ text: String, features: [String] = ["a", "b"], limit: Int = 1000, pieces: Int? = nil
  ) throws -> [Float] {
    defer { try? FileManager.default.removeItem(at: folder) }
    let url = folder.appending(path: "f.csv")
    let stream: ByteStream
    if let pieces {
      let bytes = Array(text.utf8)
      var start = 0
      stream = ByteStream(name: "f.csv") {
        guard start < bytes.count else { return nil }
        defer { start += pieces }
        return Array(bytes[start..<min(start + pieces, bytes.count)])
      }
    } else {
      try Data(text.utf8).write(to: url)
      stream = try ByteStream(DataFile(path: "f.csv", relativeTo: folder))
    }
    let rows = CSVFeatureStream(stream, featureNames: features)
    var result: [Float] = []
    while let next = try rows.next(limit: limit) {
      #expect(!next.isEmpty && next.count <= limit * features.count)
      result += next
    }
    return result
  }

  private func problem(_ text: String, pieces: Int? = 3) -> String? {
    do {
      _ = try read(text, pieces: pieces)
      return nil
    } catch { return "\(error)" }
  }

  private static let text = """
    id,b,"note, with comma",a
    x,1.5,"two ""quotes"" and
    a line",-2
    y,123456789,,1e-3\r
    "z",  7 ,none,0.1

    """

  /// Columns by their names, others passed over; the same whatever the pieces are.
  @Test func piecesDoNotMatter() throws {
    let expected: [Float] = [-2, 1.5, 1e-3, Float("123456789")!, 0.1, 7]
    #expect(try read(Self.text) == expected)
    for pieces in 1...80 { #expect(try read(Self.text, pieces: pieces) == expected, "\(pieces)") }
    for limit in 1...4 { #expect(try read(Self.text, limit: limit, pieces: 9) == expected) }
    #expect(try read(Self.text + "q,1,2,3", pieces: 5) == expected + [3, 1])
    #expect(try read("\u{FEFF}" + Self.text, pieces: 2) == expected)
    #expect(try read(Self.text.replacing("\n", with: "\r\n").replacing("\r\r", with: "\r"), pieces: 1) == expected)
    #expect(try read("a,b\n", pieces: 1) == [])
  }

  /// A row that ends with its line is there before the next one begins.
  @Test func rowsComeAtOnce() throws {
    var lines = ["a,b\n", "1,2\n", "3,4\n"]
    var asked = 0
    let stream = ByteStream(name: "pipe") {
      asked += 1
      return lines.isEmpty ? nil : Array(lines.removeFirst().utf8)
    }
    let rows = CSVFeatureStream(stream, featureNames: ["b", "a"])
    #expect(try rows.next(limit: 10) == [2, 1] && asked == 2)
    #expect(try rows.next(limit: 10) == [4, 3] && asked == 3)
    #expect(try rows.next(limit: 10) == nil)
  }

  @Test(arguments: [
    ("", "f.csv: there is nothing; the first line must name the columns"),
    ("a,c\n1,2\n", "f.csv:1: there is no column 'b', which the model needs. The columns are 'a' and 'c'"),
    ("a,b,a\n1,2,3\n", "f.csv:1: the column name 'a' occurs 2 times; the model needs one of this name"),
    ("a,b\n1,2\n3,x\n", "f.csv:3: column 'b' holds 'x', which is not a number"),
    ("a,b\n1,2\n3,\n", "f.csv:3: column 'b' is empty; every cell needs a number"),
    ("a,b\n1,2\n3,nan\n", "f.csv:3: column 'b' holds 'nan'; only finite numbers are allowed"),
    ("a,b\n1,2\n3\n4,5\n", "f.csv:3: the row has 1 cells, but the header names 2"),
    ("a,b\n1,2,3\n", "f.csv:2: the row has more than 2 cells, but the header names 2"),
    ("a,b\n1,2\n\n3,4\n", "f.csv:3: the line is blank, and more lines follow; every row needs its cells"),
    ("a,b\n1,\"2\n", "f.csv:2: the quote that opens in column 'b' is never closed"),
    (
      "a,b\n1,\"2\"x\n", "f.csv:2: column 'b' has text behind its closing quote; a quote inside quotes is written twice"
    ),
  ]) func errors(text: String, sentence: String) {
    for pieces in [nil, 1, 3, 100] { #expect(problem(text, pieces: pieces) == sentence) }
  }
}
