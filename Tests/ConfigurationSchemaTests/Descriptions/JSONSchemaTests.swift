import Testing

@testable import ConfigurationSchema

/// That the schema means the same as the declaration is shown with another program's validator: see
/// `Tests/TrainingTests/Expected/schema.py`.
@Suite struct JSONSchemaTests {
  private let schema = Section.describe(exampleDeclaration).schema(title: "A title", help: "A help")

  private func member(_ path: String...) -> JSONValue? {
    path.reduce(schema) { $0?.member($1) }
  }

  @Test func theHead() {
    #expect(member("$schema") == "https://json-schema.org/draft/2020-12/schema")
    #expect(member("title") == "A title" && member("description") == "A help" && member("type") == "object")
    #expect(member("required") == ["loss", "layers", "training"] && member("additionalProperties") == false)
  }

  @Test func values() {
    #expect(
      member("properties", "name") == ["type": "string", "description": "a name. Default: the name of the file"])
    #expect(
      member("properties", "training", "properties", "epochs")
        == ["type": "integer", "minimum": 1, "maximum": 9, "description": "passes"])
    #expect(member("properties", "checkpoint", "default") == ["epochs": 1])
  }

  @Test func aNameOrASection() {
    guard case .array(let forms)? = member("properties", "loss", "anyOf") else { return #expect(Bool(false)) }
    #expect(forms.first == ["type": "string", "enum": ["identity", "sigmoid", "relu"]])
    #expect(forms.last?.member("required") == ["type"] && forms.last?.member("unevaluatedProperties") == false)
  }

  /// A condition for each variant that has keys; the default one holds without its name, too.
  @Test func variants() {
    let units: JSONValue = ["type": "integer", "minimum": 1, "maximum": 9, "description": "its size"]
    let keys: JSONValue = ["properties": ["units": units], "required": ["units"]]
    #expect(
      member("properties", "layers", "items", "allOf") == [
        ["if": ["properties": ["type": ["const": "sigmoid"]]], "then": keys],
        ["if": ["properties": ["type": ["const": "relu"]], "required": ["type"]], "then": keys],
      ])
    #expect(member("properties", "layers", "items", "additionalProperties") == nil)
    #expect(member("properties", "layers", "minItems") == 1)
  }

  @Test func alternatives() {
    guard case .array(let conditions)? = member("properties", "checkpoint", "allOf"), conditions.count == 1,
      case .array(let forms)? = conditions[0].member("oneOf")
    else { return #expect(Bool(false)) }
    #expect(forms.map { $0.member("required") } == [["epochs"], ["steps"]])
  }

  @Test func numbers() {
    #expect(NumberRange.positive.schema == ["type": "number", "exclusiveMinimum": 0.0])
    #expect(NumberRange.from(1, through: 2).schema == ["type": "number", "minimum": 1.0, "maximum": 2.0])
    #expect(NumberRange.from(1, below: 2).schema == ["type": "number", "minimum": 1.0, "exclusiveMaximum": 2.0])
    #expect(NumberRange.any.schema == ["type": "number"])
  }
}
