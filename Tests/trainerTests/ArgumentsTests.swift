import ConfigurationSchema
import Foundation
import Testing
import Training

@testable import trainer

@Suite struct ArgumentsTests {
  private func options(_ arguments: String...) throws -> CommandOptions {
    guard case .train(_, let options) = try Arguments(arguments).command else { throw CancellationError() }
    return options
  }

  /// The sentence about a wrong command line; nil if it is right.
  private func problem(_ arguments: [String]) -> String? {
    do {
      _ = try Arguments(arguments)
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
      guard case .train(let source, let options) = try Arguments(arguments).command else {
        Issue.record("no training")
        return
      }
      #expect(source == .configuration("c.json") && options.run.execution == .workers(.fixed(3)))
    }
  }

  @Test func defaults() throws {
    let options = try options("--config", "c.json")
    #expect(options.overrides.isEmpty && !options.isQuiet)
    #expect(options.run.execution == nil && options.run.instructionSet == nil && options.run.output == nil)
  }

  @Test func allOptions() throws {
    let options = try options(
      "--config", "c.json", "--set", "a.b=1=2", "--set=name=x", "--single-thread", "--instruction-set", "portable",
      "--output", "out", "--quiet")
    #expect(options.overrides.map(\.key) == ["a.b", "name"] && options.overrides.map(\.value) == ["1=2", "x"])
    #expect(options.run.execution == .singleThread && options.run.instructionSet == .portable && options.isQuiet)
    #expect(options.run.output?.lastPathComponent == "out")
    #expect(try self.options("--config", "c", "--set", "name=").overrides[0].value == "")
    #expect(try self.options("--config", "c", "--workers", "auto").run.execution == .workers(.auto))
    #expect(try self.options("--config", "c", "--workers", "1", "--single-thread").run.execution == .singleThread)
  }

  @Test func resuming() throws {
    for arguments in [
      ["--resume", "runs/a-1", "--set", "training.epochs=9"],
      ["train", "--set=training.epochs=9", "--resume=runs/a-1"],
    ] {
      guard case .train(let source, let options) = try Arguments(arguments).command else {
        Issue.record("no training")
        return
      }
      #expect(source == .resume("runs/a-1") && source != .configuration("runs/a-1"))
      #expect(options.overrides.map(\.key) == ["training.epochs"] && options.overrides.map(\.value) == ["9"])
    }
  }

  @Test func verifyAndCompare() throws {
    for arguments in [["verify", "r", "--workers", "2", "--quiet"], ["--workers=2", "--quiet", "verify", "r"]] {
      guard case .verify("r", let options) = try Arguments(arguments).command else {
        Issue.record("no verification")
        return
      }
      #expect(options.run.execution == .workers(.fixed(2)) && options.isQuiet)
    }
    guard case .compare("r", "verify") = try Arguments(["compare", "r", "verify"]).command else {
      Issue.record("no comparison")
      return
    }
  }

  @Test func helpAndVersion() throws {
    for argument in ["--help", "-h"] {
      guard case .help = try Arguments([argument]).command else {
        Issue.record("no help")
        return
      }
    }
    guard case .version = try Arguments(["--version"]).command else {
      Issue.record("no version")
      return
    }
    for name in [
      "config", "resume", "set", "workers", "single-thread", "instruction-set", "output", "quiet", "help", "version",
    ] {
      #expect(Arguments.help.contains("--\(name)"))
    }
    for status in [0, 1, 64, 65, 66, 70, 73, 74, 78, 130, 143] { #expect(Arguments.help.contains("\(status)")) }
  }

  @Test(arguments: [
    ([], "--config FILE is missing"), (["--workers", "2"], "--config FILE is missing"),
    (["--confg", "x"], "unknown option '--confg'; did you mean --config?"), (["--xyzzy"], "unknown option '--xyzzy'"),
    (["-c", "x"], "unknown option '-c'"), (["trian"], "unknown command 'trian'; did you mean 'train'?"),
    (["c.json"], "unknown command 'c.json'; there are: train, verify, compare"),
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
