import Files
import Kernels
import Testing

@testable import Datasets

/// Random tables, written with all the freedom that the format gives, and read back.
@Suite struct CSVFuzzTests {
  /// Numbers that come one after another from one random stream.
  struct Dice {
    let random: RandomStream
    var rolls: UInt64 = 0

    init(seed: UInt64) { random = RandomStream(seed: seed, purpose: .syntheticData) }

    mutating func roll(_ sides: Int) -> Int {
      rolls += 1
      return Int(random.block(at: rolls)[0]) % sides
    }
  }

  struct RandomTable {
    var text = ""
    var numbers: [Float] = []
    var labels: [String] = []

    init(seed: UInt64) {
      var dice = Dice(seed: seed)
      let alphabet = ["a", "\"", "\n", "\r\n", ",", " ", "é", "1", "\t", "\r", "xyz"]
      let lineBreak = ["\n", "\r\n", "\r"][dice.roll(3)]
      let columns = 1 + dice.roll(4)
      let labelColumn = dice.roll(columns + 1)
      let rows = 1 + dice.roll(8)
      if dice.roll(2) == 0 { text = "\u{FEFF}" }
      text += (0...columns).map { $0 == labelColumn ? "y" : "\"column, \($0)\"" }.joined(separator: ",") + lineBreak
      for row in 0..<rows {
        var cells: [String] = []
        for column in 0...columns {
          if column == labelColumn {
            var label = (0..<dice.roll(12)).map { _ in alphabet[dice.roll(alphabet.count)] }.joined()
            if label.isEmpty { label = "empty" }
            labels.append(label)
            cells.append("\"" + label.replacing("\"", with: "\"\"") + "\"")
          } else {
            let number = Float(bitPattern: UInt32(dice.roll(1 << 32)))
            let finite = number.isFinite ? number : Float(dice.roll(1000)) / 8
            numbers.append(finite)
            let spelling = "\(finite)"
            cells.append(["\(spelling)", "\"\(spelling)\"", " \(spelling)  "][dice.roll(3)])
          }
        }
        text += cells.joined(separator: ",")
        if row < rows - 1 || dice.roll(2) == 0 { text += lineBreak }
      }
    }
  }

  @Test func whatIsWrittenIsReadBack() throws {
    for seed in 0..<400 as Range<UInt64> {
      let table = RandomTable(seed: seed)
      let read = try readCSV(table.text, targets: .labels)
      #expect(read.features.stored == table.numbers, "seed \(seed)")
      #expect(read.labels == table.labels, "seed \(seed)")
    }
  }

  /// A cut file is read or refused, never a trap.
  @Test func truncationsAtEveryByteAreSurvived() throws {
    for seed in 0..<40 as Range<UInt64> {
      let bytes = Array(RandomTable(seed: seed).text.utf8)
      for end in 0..<bytes.count {
        do {
          let table = try readCSV(Array(bytes[..<end]), targets: .labels)
          #expect(table.rows > 0)
        } catch is InputError {}
      }
    }
  }

  @Test func damagedBytesAreSurvived() throws {
    var dice = Dice(seed: 99)
    for seed in 0..<400 as Range<UInt64> {
      var bytes = Array(RandomTable(seed: seed).text.utf8)
      for _ in 0..<3 { bytes[dice.roll(bytes.count)] = UInt8(dice.roll(256)) }
      do {
        _ = try readCSV(bytes, targets: .labels)
      } catch is InputError {}
    }
  }
}
