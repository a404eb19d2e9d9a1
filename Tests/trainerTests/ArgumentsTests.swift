import ConfigurationSchema
import Foundation
import Testing
import Training

@testable import trainer

@Suite struct ArgumentsTests {
  /// The command that a command line asks for.
  private func command<C: Command>(_ arguments: [String], as type: C.Type = C.self) throws -> C {
    guard case .command(let command) = try Request(arguments) else { throw CancellationError() }
    return try #require(command as? C)
  }

  private func train(_ arguments: String...) throws -> Train { try command(arguments) }

  private func text(_ arguments: String...) throws -> String {
    guard case .text(let text) = try Request(arguments) else { throw CancellationError() }
    return text
  }

  /// The sentence about a wrong command line; nil if it is right.
  private func problem(_ arguments: [String]) -> String? {
    do {
      _ = try Request(arguments)
      return nil
    } catch {
      #expect(ExitStatus(error) == .usage)
      #expect(error.description.hasSuffix("Try 'trainer --help'."))
      return error.description
    }
  }

  @Test func bothSpellingsInAnyOrder() throws {
    for arguments in [
      ["--config", "c.json", "--workers", "3"], ["--workers=3", "--config=c.json"],
      ["train", "--config=c.json", "--workers", "3"], ["--config", "c.json", "train", "--workers=3"],
    ] {
      let train = try command(arguments, as: Train.self)
      #expect(train.source == .configuration("c.json") && train.options.execution == .workers(.fixed(3)))
    }
  }

  @Test func defaults() throws {
    let train = try train("--config", "c.json")
    #expect(train.overrides.isEmpty && !train.isQuiet)
    #expect(train.options.execution == nil && train.options.instructionSet == nil && train.options.output == nil)
  }

  @Test func allOptions() throws {
    let train = try train(
      "--config", "c.json", "--set", "a.b=1=2", "--set=name=x", "--single-thread", "--instruction-set", "portable",
      "--output", "out", "--quiet")
    #expect(train.overrides.map(\.key) == ["a.b", "name"] && train.overrides.map(\.value) == ["1=2", "x"])
    #expect(train.options.execution == .singleThread && train.options.instructionSet == .portable && train.isQuiet)
    #expect(train.options.output?.lastPathComponent == "out")
    #expect(try self.train("--config", "c", "--set", "name=").overrides[0].value == "")
    #expect(try self.train("--config", "c", "--workers", "auto").options.execution == .workers(.auto))
    #expect(try self.train("--config", "c", "--workers", "1", "--single-thread").options.execution == .singleThread)
    #expect(try self.train("--config", "c", "--workers", "1", "--workers=2").options.execution == .workers(.fixed(2)))
  }

  @Test func resuming() throws {
    for arguments in [
      ["--resume", "runs/a-1", "--set", "training.epochs=9"],
      ["train", "--set=training.epochs=9", "--resume=runs/a-1"],
    ] {
      let train = try command(arguments, as: Train.self)
      #expect(train.source == .resume("runs/a-1") && train.source != .configuration("runs/a-1"))
      #expect(train.overrides.map(\.key) == ["training.epochs"] && train.overrides.map(\.value) == ["9"])
    }
  }

  @Test func otherCommands() throws {
    for arguments in [["verify", "r", "--workers", "2", "--quiet"], ["--workers=2", "--quiet", "verify", "r"]] {
      let verify = try command(arguments, as: Verify.self)
      #expect(verify.path == "r" && verify.options.execution == .workers(.fixed(2)) && verify.isQuiet)
    }
    let compare = try command(["compare", "r", "verify"], as: Compare.self)
    #expect(compare.first == "r" && compare.second == "verify")
    #expect(try !command(["schema"], as: Schema.self).isReference)
    #expect(try command(["--reference", "schema"], as: Schema.self).isReference)
  }

  /// Help goes before all that follows it, and belongs to the command beside it.
  @Test func helpAndVersion() throws {
    for argument in ["--help", "-h"] {
      #expect(try text(argument) == Help.overview && text(argument, "--bogus") == Help.overview)
      #expect(try text("verify", argument) == Help.text(of: Verify.self))
      #expect(try text(argument, "verify", "--set", "a=1") == Help.text(of: Verify.self))
      #expect(try text("compare", "a", argument) == Help.text(of: Compare.self))
    }
    #expect(try text("--version") == "trainer \(Trainer.version)")
    #expect(problem(["--bogus", "--help"])?.contains("unknown option '--bogus'") == true)
  }

  @Test(arguments: [
    ([], "--config FILE is missing"), (["--workers", "2"], "--config FILE is missing"),
    (["--confg", "x"], "unknown option '--confg'; did you mean --config?"), (["--xyzzy"], "unknown option '--xyzzy'"),
    (["-c", "x"], "unknown option '-c'"), (["trian"], "unknown command 'trian'; did you mean 'train'?"),
    (["c.json"], "unknown command 'c.json'; there are: init, train, predict, evaluate, runs, verify, compare, schema"),
    (["train", "train"], "unexpected argument 'train'"),
    (["--config"], "--config needs a value: --config FILE"), (["--config="], "--config needs a value"),
    (["--config", "a", "--config", "b"], "--config is given twice"),
    (["--resume"], "--resume needs a value: --resume RUN"), ([], "or --resume RUN"),
    (["--resume", "a", "--resume", "b"], "--resume is given twice"),
    (["--resume", "a", "--config", "b"], "--config and --resume exclude each other"),
    (["--config", "a", "--resume", "b"], "--config and --resume exclude each other"),
    (["--resume", "a", "--output", "b"], "--output has no effect with --resume"),
    (["verify"], "'verify' needs RUN, the folder of a run"), (["compare"], "'compare' needs RUN RUN"),
    (["compare", "a"], "'compare' needs another RUN, the folder of a run"),
    (["verify", "a", "b"], "unexpected argument 'b'"), (["compare", "a", "b", "c"], "unexpected argument 'c'"),
    (["verify", "a", "--set", "b=1"], "--set has no effect on 'verify'"),
    (["verify", "--resume", "a"], "--resume has no effect on 'verify'"),
    (["compare", "a", "b", "--quiet"], "--quiet has no effect on 'compare'"),
    (["schema", "a"], "unexpected argument 'a'"), (["--reference", "--config", "a"], "has no effect on 'train'"),
    (["compare"], "RUN RUN, each the folder of a run"), ([""], "an argument is empty"),
    (["verfy", "a"], "unknown command 'verfy'; did you mean 'verify'?"),
    (["--config", "a", "--workers", "0"], "--workers needs 'auto' or a number from 1 to 1024, found '0'"),
    (["--config", "a", "--workers", "many"], "found 'many'"), (["--config", "a", "--set", "x"], "needs KEY=VALUE"),
    (["--config", "a", "--set", "=1"], "needs KEY=VALUE"), (["--config", "a", "--quiet=1"], "--quiet takes no value"),
    (["--config", "a", "--instruction-set", "avx51"], "did you mean 'avx512'?"),
    (["--config", "a", "--instruction-set", "x"], "needs one of portable, avx2, avx512, neon, found 'x'"),
    (["--config", "a", "--single-thread", "--workers", "2"], "exclude each other"),
  ]) func wrongCommandLines(arguments: [String], part: String) {
    let sentence = problem(arguments)
    #expect(sentence?.contains(part) == true, "\(sentence ?? "none")")
  }

  @Test func rightCommandLinesHaveNoProblem() {
    #expect(problem(["--config", "a"]) == nil)
  }
}
