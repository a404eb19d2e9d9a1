// The counterparts of `ElementaryFunctions.swift`. Sums and differences of bits are those of unsigned numbers, which wrap in C as well.

extension CFunctionTexts {
  static let fusedMultiplyAdd = """
    /* a b + c, rounded once. Where the library's fmaf rounds twice, as that of newlib does without such an instruction, the self-test finds
       it: define @SOFTWARE_FMAF then. The product of two floats is exact as a double; where the sum is not, it is rounded
       to odd, so that the float is rounded as if from the exact sum (Boldo and Melquiond, 2008). */
    #ifdef @SOFTWARE_FMAF
    static inline float $fmaf(float a, float b, float c) {
      const double product = (double)a * (double)b;
      const double term = (double)c;
      double sum = product + term;
      const double rest = sum - product;
      const double error = (product - (sum - rest)) + (term - rest);
      if (error > 0.0 || error < 0.0) {
        uint64_t bits;
        memcpy(&bits, &sum, sizeof bits);
        if ((bits & 1u) == 0) bits = (error > 0.0) == (sum > 0.0) ? bits + 1u : bits - 1u;
        memcpy(&sum, &bits, sizeof bits);
      }
      return (float)sum;
    }
    #define @FMAF $fmaf
    #else
    #define @FMAF fmaf
    #endif

    """

  static let product = """
    /* a b, rounded before anything is added to it. What is volatile is stored: no option of a compiler, such as -ffp-contract=fast, can make
       it a part of a fused multiply-add. */
    static inline float $product(float a, float b) {
      volatile float product = a * b;
      return product;
    }

    """

  static let bits = """
    static inline uint32_t $bits(float x) {
      uint32_t bits;
      memcpy(&bits, &x, sizeof bits);
      return bits;
    }

    """

  static let float = """
    static inline float $float(uint32_t bits) {
      float x;
      memcpy(&x, &bits, sizeof x);
      return x;
    }

    """

  static let magnitude = """
    /* |x| */
    static inline float $magnitude(float x) {
      return $float($bits(x) & 0x7fffffffu);
    }

    """

  static let limited = """
    /* |x|, but not more than the limit. */
    static inline float $limited(float x, float limit) {
      const float magnitude = $magnitude(x);
      return magnitude > limit ? limit : magnitude;
    }

    """

  static let withSign = """
    /* A magnitude with the sign of x. */
    static inline float $with_sign(float magnitude, float x) {
      return $float($bits(magnitude) | ($bits(x) & 0x80000000u));
    }

    """

  static let powerOfTwo = """
    /* 2 to the power n, a number of two's complement. */
    static inline float $power_of_two(uint32_t n) {
      return $float((n + 127u) << 23);
    }

    """

  static let reducedExponential = """
    /* exp(r) - 1 with x = n ln 2 + r, where n is the exponent. */
    static inline float $reduced_exp(float x, uint32_t *exponent) {
      const float rounder = 0x1.8p23f;
      const float shifted = @FMAF(x, \(constant(1.442_695_04)), rounder);
      const float n = shifted - rounder;
      float r = @FMAF(n, \(constant(-0.693_359_375)), x);
      float p = \(constant(1.987_569_15e-4));
      r = @FMAF(n, \(constant(2.121_944_4e-4)), r);
    \(polynomial("r", 1.398_199_95e-3, 8.333_451_9e-3, 4.166_579_59e-2, 1.666_666_55e-1, 5.000_000_12e-1))
      *exponent = $bits(shifted) - $bits(rounder);
      return @FMAF(p, r * r, r);
    }

    """

  static let exp = """
    static inline float $exp(float x) {
      uint32_t exponent;
      uint32_t half;
      float result;
      if (x > 89.0f) x = 89.0f;
      if (x < -105.0f) x = -105.0f;
      result = $reduced_exp(x, &exponent) + 1.0f;
      /* Half of the exponent, rounded down. */
      half = (exponent >> 1) | (exponent & 0x80000000u);
      return $product(result * $power_of_two(half), $power_of_two(exponent - half));
    }

    """

  static let expm1 = """
    /* exp(x) - 1 for x <= 0 */
    static inline float $expm1(float x) {
      uint32_t exponent;
      float q;
      float power;
      if (x < -87.0f) x = -87.0f;
      q = $reduced_exp(x, &exponent);
      power = $power_of_two(exponent);
      return @FMAF(q, power, power - 1.0f);
    }

    """

  static let log = """
    static inline float $log(float x) {
      const int is_small = x < 0x1p-126f;
      const uint32_t bits = $bits(is_small ? $product(x, 0x1p23f) : x);
      const uint32_t offset = bits - 0x3f3504f3u;
      /* The exponent, offset / 2^23 rounded down in two's complement. */
      const uint32_t exponent = (offset >> 23) | ((offset & 0x80000000u) != 0 ? 0xfffffe00u : 0u);
      const float magic = 0x1.8p23f;
      float e = $float(exponent + $bits(magic)) - magic;
      const float f = $float(bits - (exponent << 23)) - 1.0f;
      const float square = f * f;
      float p = \(constant(7.037_683_6e-2));
      float tail;
      float result;
    \(polynomial("f", -1.151_461_03e-1, 1.167_699_87e-1, -1.242_014_08e-1, 1.424_932_28e-1, -1.666_805_77e-1, 2.000_071_48e-1, -2.499_999_40e-1, 3.333_333_12e-1))
      if (is_small) e = e - 23.0f;
      tail = $product(p * f, square);
      tail = @FMAF(e, \(constant(-2.121_944_4e-4)), tail);
      tail = @FMAF(-0.5f, square, tail);
      result = @FMAF(e, \(constant(0.693_359_375)), f + tail);
      if (x < 0.0f || x != x) return NAN;
      if (x == 0.0f) return -INFINITY;
      return x == INFINITY ? x : result;
    }

    """

  static let log1p = """
    /* ln(1 + x) for x >= 0 */
    static inline float $log1p(float x) {
      const float u = x + 1.0f;
      const float result = $log(u) + (x - (u - 1.0f)) / u;
      return x == INFINITY ? x : result;
    }

    """

  static let gaussian = """
    /* exp(-t^2 / 2) for 0 <= t <= 15 */
    static inline float $gaussian(float t) {
      const float square = t * t;
      const float rest = @FMAF(t, t, 0.0f - square);
      const float e = $exp(square * -0.5f);
      return @FMAF(e * -0.5f, rest, e);
    }

    """

  static let normalTail = """
    /* The distribution function of the normal distribution at -t, divided by exp(-t^2 / 2), for 0 <= t <= 15. */
    static inline float $normal_tail(float t) {
      const float reciprocal = 1.0f / (t + 2.5f);
      const float k = (t - 2.5f) * reciprocal;
      float p = \(constant(-1.577_111_834_19e-4));
    \(polynomial("k", -3.116_277_221_12e-4, 6.844_286_108_39e-4, 2.523_941_686_38e-3, -1.600_837_800_65e-3, -1.638_619_042_93e-2, 9.235_876_612_37e-3, 0.131_986_975_67, -0.433_692_008_257, 0.706_656_634_81))
      return p * reciprocal;
    }

    """

  static let sigmoid = """
    static inline float $sigmoid(float x) {
      const float e = $exp(-$magnitude(x));
      return (x < 0.0f ? e : 1.0f) / (e + 1.0f);
    }

    """

  static let softplus = """
    /* ln(1 + exp(x)) */
    static inline float $softplus(float x) {
      return (x < 0.0f ? 0.0f : x) + $log1p($exp(-$magnitude(x)));
    }

    """

  static let tanh = """
    static inline float $tanh(float x) {
      const float magnitude = $magnitude(x);
      const float square = x * x;
      float p = \(constant(-5.704_988_73e-3));
      if (!(magnitude < 0.625f)) return $with_sign(1.0f - 2.0f / ($exp(magnitude + magnitude) + 1.0f), x);
    \(polynomial("square", 2.063_908_88e-2, -5.373_971_56e-2, 1.333_144_22e-1, -3.333_328_19e-1))
      return $with_sign(@FMAF(p * square, magnitude, magnitude), x);
    }

    """

  static let smoothClip = """
    /* x / sqrt(1 + (x / 3)^2) */
    static inline float $smooth_clip(float x) {
      const float magnitude = $limited(x, 0x1p20f);
      const float clipped = magnitude / sqrtf(@FMAF(magnitude * \(constant(1.0 / 9)), magnitude, 1.0f));
      return $with_sign($limited(clipped, 3.0f), x);
    }

    """
}
