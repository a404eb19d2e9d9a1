import Foundation
import Testing

@testable import trainer

/// The texts of the help, which people read in the folder Expected before they are changed: `Expected/renew` writes them anew.
@Suite struct HelpTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expected")

  private func expected(_ name: String) throws -> String {
    try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
  }

  @Test func overview() throws {
    #expect(try Help.overview + "\n" == expected("help.txt"))
  }

  @Test(arguments: CommandList.commands.map { $0.name }) func command(name: String) throws {
    let command = try #require(CommandList.command(named: name))
    #expect(try Help.text(of: command) + "\n" == expected("help-\(name).txt"))
  }

  /// There is a text for each command, and none of a command that has gone.
  @Test func textsBelongToCommands() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".txt") }
    #expect(Set(files) == Set(["help.txt"] + CommandList.commands.map { "help-\($0.name).txt" }))
  }

  @Test func linesFitATerminal() {
    let texts = [Help.overview] + CommandList.commands.map { Help.text(of: $0) }
    for line in texts.joined(separator: "\n").split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
  }

  @Test func theOverviewNamesAllCommandsAndStatuses() {
    for command in CommandList.commands { #expect(Help.overview.contains("\n  \(command.name) ")) }
    for status in [0, 1, 64, 65, 66, 70, 73, 74, 75, 78, 129, 130, 143] {
      #expect(Help.overview.contains("\n  \(status) "))
    }
  }

  /// An option of one name takes a value in all commands or in none, and means the same but for what is written.
  @Test func optionsAreShared() {
    let names = CommandList.options.map(\.name)
    #expect(Set(names).count == names.count)
    for command in CommandList.commands {
      for option in command.options {
        let same = CommandList.options.first { $0.name == option.name }
        #expect((same?.placeholder == nil) == (option.placeholder == nil))
        #expect(same?.help == option.help || option.name == "--output")
        #expect(Help.text(of: command).contains("\n  \(option.synopsis) "))
      }
    }
    #expect(Set(CommandList.commands.map { $0.name }).count == CommandList.commands.count)
  }

  @Test func asAUserSeesIt() throws {
    let trainer = try TrainerProcess()
    for arguments in [["verify", "--help"], ["--help", "verify"]] {
      let help = try trainer.result(of: trainer.start(arguments))
      #expect(try help.status == 0 && help.output == expected("help-verify.txt") && help.errors == "")
    }
  }
}
