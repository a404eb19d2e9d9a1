import Foundation
import Testing

@testable import ConfigurationSchema
@testable import Training

@Suite struct RunConfigurationDifferencesTests {
  private func changes(_ path: String, _ first: JSONValue? = .integer(1), _ second: JSONValue? = .integer(2)) throws
    -> Bool
  {
    let path = try #require(ConfigurationPath(parsing: path))
    return RunConfiguration.changesResults(JSONDifference(path: path, first: first, second: second))
  }

  @Test(arguments: [
    "name", "output.directory", "parallel.workers", "training.epochs", "training.checkpoint",
    "training.checkpoint.steps",
  ]) func whatChangesNoBit(path: String) throws {
    #expect(try !changes(path))
  }

  @Test(arguments: [
    "seed", "loss", "parallel.shardRows", "training.batchSize", "training.shuffle", "training.dropLast",
    "optimizer.learningRate", "optimizer.l2", "optimizer.type", "network.layers", "network.layers[0].units",
    "network.initialWeights", "dataset.scaling", "dataset.train.kind", "dataset.validation.fraction",
    "dataset.train.features[0][1]", "dataset.train.targets[2]", "something.new",
  ]) func whatChangesBits(path: String) throws {
    #expect(try changes(path))
  }

  /// The place of a file does not count; columns of a CSV file and numbers in the configuration do.
  @Test func places() throws {
    for part in ["train", "validation", "test"] {
      for key in ["path", "features", "labels"] {
        #expect(try !changes("dataset.\(part).\(key)", .string("/a"), .string("/b")))
        #expect(try changes("dataset.\(part).\(key)", .array([.string("a")]), .array([])))
        #expect(try changes("dataset.\(part).\(key)", .string("/a"), nil))
      }
    }
    #expect(try changes("dataset.train.target", .string("a"), .string("b")))
  }

  @Test func differencesAreNamedWithTheirFile() throws {
    let folder = try TemporaryFolder()
    let begun = try Draft().configuration(in: folder)
    let other = try Draft().configuration(in: folder, overrides: [("optimizer.l2", "0.1"), ("training.epochs", "2")])
    #expect(throws: Never.self) { try begun.check(against: begun.json, epochs: 3) }
    let error = #expect(throws: ConfigurationError.self) { try other.check(against: begun.json, epochs: 3) }
    #expect(error?.file == other.file)
    #expect(
      error?.issues.map(\.description) == [
        "optimizer.l2: was 0 when the run began and is 0.1; a run goes on as it began, or a new one begins with --config",
        "training.epochs: must be at least 3, the epochs that have begun, found 2",
      ])
  }
}
