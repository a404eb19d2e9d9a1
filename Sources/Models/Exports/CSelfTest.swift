import Files

/// A few samples with the bits of their outputs, by which a header shows that a compiler and a machine compute those.
struct CSelfTest {
  /// Features, made from the scaling of the model: what the network sees is about 0, about 1, 1 and −1 in turn, and a pattern.
  let rows: [[Float]]
  /// What `Model.predict` makes of them.
  let outputs: [[Float]]

  init(_ model: Model) throws(InputError) {
    let scaling = model.schema.scaling
    let patterns: [(Int) -> Float] = [
      { _ in 0 }, { _ in 1 }, { $0 % 2 == 0 ? 1 : -1 }, { Float(($0 * 5 + 3) % 7 - 3) / 2 },
    ]
    rows = patterns.map { pattern in
      zip(scaling.shift, scaling.scale).enumerated().map { index, scaling in
        let value = scaling.0 + pattern(index) / scaling.1
        // A feature whose scale is 0, or next to it, has no such value.
        return value.isFinite ? value : scaling.0
      }
    }
    outputs = try model.predict(rows)
  }

  /// Bytes of the tables.
  var bytes: Int { 4 * (rows.joined().count + outputs.joined().count) }

  /// The function, a template of `CText.named`.
  ///
  /// What it finds first is a machine that counts otherwise: 24929 · 673 is 2²⁴ + 1, between two floats, and 2⁻⁶⁰ decides for the
  /// upper one, unless the sum is rounded to a double before.
  var function: String {
    """
    /* Whether this compiler and this machine compute the bits of the program that made the model, shown by a few samples: 0 if they do,
       -1 if numbers next to 0 become 0 or fmaf rounds twice, else the number of the first sample, from 1, that has other outputs. */
    static inline int $self_test(void) {
      static const float samples[\(rows.count)][@FEATURES] = {
    \(Self.table(rows, CText.literal))
      };
      static const uint32_t expected[\(rows.count)][@OUTPUTS] = {
    \(Self.table(outputs, CText.bits))
      };
      volatile float subnormal = 0x1p-126f;
      volatile float factors[3] = {24929.0f, 673.0f, 0x1p-60f};
      float outputs[@OUTPUTS];
      int sample;
      size_t i;
      subnormal = subnormal * 0.5f;
      if ($bits(subnormal) != 0x00400000u) return -1;
      if (@FMAF(factors[0], factors[1], factors[2]) != 0x1.000002p24f) return -1;
      for (sample = 0; sample < \(rows.count); sample++) {
        $predict(samples[sample], outputs);
        for (i = 0; i < @OUTPUTS; i++) {
          const uint32_t bits = outputs[i] != outputs[i] ? 0x7fc00000u : $bits(outputs[i]);
          if (bits != expected[sample][i]) return sample + 1;
        }
      }
      return 0;
    }

    """
  }

  private static func table(_ rows: [[Float]], _ spelling: (Float) -> String) -> String {
    rows.map { "    {\n\(CText.lines($0.map(spelling), indent: "      "))    }," }.joined(separator: "\n")
  }
}
