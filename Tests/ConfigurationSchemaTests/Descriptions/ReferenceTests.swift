import Foundation
import Testing

@testable import ConfigurationSchema

@Suite struct ReferenceTests {
  @Test func everyKeyHasALine() {
    let reference = Section.describe(exampleDeclaration).reference(introduction: "# Keys")
    #expect(
      reference == """
        # Keys

        ## Top level

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `name` | a string | the name of the file | a name; changes no bit |
        | `weights` | a path | weights are drawn | a file |
        | `loss` | `identity`, `sigmoid`, `relu`, or a [section](#loss) with that as its `type` | required | the loss |
        | `layers` | a list of at least one [section](#layers) | required | the layers |
        | `checkpoint` | [a section](#checkpoint) | `{"epochs":1}` | how often; changes no bit |
        | `training` | [a section](#training) | required | how long |

        | `loss` | meaning |
        | --- | --- |
        | `identity` | the identity |
        | `sigmoid` | the sigmoid |
        | `relu` | the relu |

        ## `loss`

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `type` | `identity`, `sigmoid`, `relu` | required | the loss |

        With `"type": "relu"`:

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `slope` | a number at least 0 | `0.5` | its slope |

        ## `layers[]`

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `type` | `identity`, `sigmoid`, `relu` | `"sigmoid"` | what it computes |

        With `"type": "sigmoid"`:

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `units` | a whole number from 1 to 9 | required | its size |

        With `"type": "relu"`:

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `units` | a whole number from 1 to 9 | required | its size |

        ## `checkpoint`

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `epochs` | a whole number at least 1 | one of these is required | after some epochs |
        | `steps` | a whole number at least 1 | one of these is required | after some steps |

        ## `training`

        | key | values | default | meaning |
        | --- | --- | --- | --- |
        | `epochs` | a whole number from 1 to 9 | required | passes; a run may go on with another value |

        """)
  }

  @Test func listsOfNames() {
    let description = Section.describe {
      $0.value("functions", .choices(of: Activation.self), default: [.relu], help: "some")
    }
    let reference = description.reference(introduction: "")
    #expect(
      reference.contains(#"| `functions` | a list of `identity`, `sigmoid`, `relu` | `["relu"]` | some |"#))
    #expect(reference.contains("| `relu` | the relu |"))
  }

  /// What two sections share is described once.
  @Test func nothingIsToldTwice() {
    let reference = Section.describe { root in
      ["a", "b"].map { root.object($0, default: [:], help: "a part") { $0.value("x|y", .bool, default: true) } }
    }.reference(introduction: "")
    #expect(reference.contains("## `a`, `b`\n") && reference.contains("[a section](#a-b)"))
    #expect(reference.components(separatedBy: "`x\\|y`").count == 2)
  }
}
