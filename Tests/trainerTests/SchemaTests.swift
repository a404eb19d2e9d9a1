import ConfigurationSchema
import Foundation
import Testing

/// `trainer schema` as a user meets it.
@Suite struct SchemaTests {
  @Test func schema() throws {
    let result = try TrainerProcess().run("schema")
    #expect(result.status == 0 && result.errors == "" && result.output.hasSuffix("}\n"))
    guard case .object(let members) = try JSONValue(parsing: Data(result.output.utf8), file: "schema") else {
      Issue.record("no object")
      return
    }
    #expect(members["$schema"] == .string("https://json-schema.org/draft/2020-12/schema"))
  }

  @Test func reference() throws {
    let result = try TrainerProcess().run("schema", "--reference")
    #expect(result.status == 0 && result.errors == "" && result.output.hasPrefix("# "))
    #expect(result.output.hasSuffix("\n") && !result.output.hasSuffix("\n\n"))
  }
}
