import Foundation
import Testing

@testable import ConfigurationSchema
@testable import Training

@Suite struct RunConfigurationDifferencesTests {
  private func difference(_ path: String, _ first: JSONValue? = .integer(1), _ second: JSONValue? = .integer(2)) throws
    -> JSONDifference
  {
    JSONDifference(path: try #require(ConfigurationPath(parsing: path)), first: first, second: second)
  }

  @Test(arguments: [
    "name", "output.directory", "parallel.workers", "training.checkpoint", "training.checkpoint.steps",
  ]) func whatChangesNoBit(path: String) throws {
    #expect(try RunConfiguration.isWithoutConsequence(difference(path)))
    #expect(try RunConfiguration.mayChange(difference(path)))
  }

  @Test(arguments: [
    "seed", "loss", "parallel.shardRows", "training.batchSize", "training.shuffle", "training.dropLast",
    "optimizer.learningRate", "optimizer.l2", "optimizer.type", "network.layers", "network.layers[0].units",
    "network.initialWeights", "dataset.scaling", "dataset.train.kind", "dataset.validation.fraction",
    "dataset.train.features[0][1]", "dataset.train.targets[2]", "something.new",
  ]) func whatMustStay(path: String) throws {
    #expect(try !RunConfiguration.isWithoutConsequence(difference(path)))
    #expect(try !RunConfiguration.mayChange(difference(path)))
  }

  /// More epochs are other results, and allowed.
  @Test func epochs() throws {
    #expect(try !RunConfiguration.isWithoutConsequence(difference("training.epochs")))
    #expect(try RunConfiguration.mayChange(difference("training.epochs")))
  }

  /// The place of a file may change; columns of a CSV file and numbers in the configuration may not.
  @Test func places() throws {
    func mayChange(_ path: String, _ first: JSONValue?, _ second: JSONValue?) throws -> Bool {
      let difference = try difference(path, first, second)
      #expect(!RunConfiguration.isWithoutConsequence(difference))
      return RunConfiguration.mayChange(difference)
    }
    for part in ["train", "validation", "test"] {
      for key in ["path", "features", "labels"] {
        #expect(try mayChange("dataset.\(part).\(key)", .string("/a"), .string("/b")))
        #expect(try !mayChange("dataset.\(part).\(key)", .array([.string("a")]), .array([])))
        #expect(try !mayChange("dataset.\(part).\(key)", .string("/a"), nil))
      }
    }
    #expect(try mayChange("network.initialWeights", .string("/a"), .string("/b")))
    #expect(try !mayChange("network.initialWeights", .string("/a"), nil))
    #expect(try !mayChange("dataset.train.target", .string("a"), .string("b")))
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
