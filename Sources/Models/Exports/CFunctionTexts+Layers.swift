// The counterparts of the activations, of the products of matrices and of the functions of rows.

extension CFunctionTexts {
  // MARK: Activations

  static let relu = """
    static inline float $relu(float z) {
      return z < 0.0f ? 0.0f : z;
    }

    """

  static let leakyRelu = """
    static inline float $leaky_relu(float z, float slope) {
      return z < 0.0f ? $product(z, slope) : z;
    }

    """

  static let silu = """
    static inline float $silu(float z) {
      return $product(z, $sigmoid(z));
    }

    """

  static let elu = """
    static inline float $elu(float z) {
      return z < 0.0f ? $expm1(z) : z;
    }

    """

  static let selu = """
    static inline float $selu(float z) {
      return z < 0.0f ? $product($expm1(z), \(constant(1.758_099_341))) : $product(z, \(constant(1.050_700_987)));
    }

    """

  // 0 − t and not −t: the minus sign of SIMD vectors is this difference, which makes 0 of 0.
  static let gelu = """
    static inline float $gelu(float z) {
      const float t = $limited(z, 15.0f);
      const float tail = $gaussian(t) * $normal_tail(t);
      return @FMAF(0.0f - t, tail, z < 0.0f ? 0.0f : z);
    }

    """

  static let mish = """
    static inline float $mish(float z) {
      const float e = $exp(-$magnitude(z));
      const float n = z < 0.0f ? $product(e, e + 2.0f) : @FMAF(e, 2.0f, 1.0f);
      const float d = z < 0.0f ? n + 2.0f : @FMAF(e * 2.0f, e, n);
      return $product(z < -110.0f ? -110.0f : z, n / d);
    }

    """

  static let softsign = """
    static inline float $softsign(float z) {
      const float t = $limited(z, 0x1p127f);
      return $with_sign(t / (t + 1.0f), z);
    }

    """

  static let hardSigmoid = """
    static inline float $hard_sigmoid(float z) {
      const float line = @FMAF(z, \(constant(1 / 6)), 0.5f);
      const float a = line < 0.0f ? 0.0f : line;
      return a > 1.0f ? 1.0f : a;
    }

    """

  // MARK: Layers

  static let dense = """
    /* y = bias + W x; a layer without a bias starts at 0. Each output is one chain of fused multiply-adds over the inputs in ascending order.
       The weights of an input are adjacent, so that a compiler can compute several outputs at a time. */
    static inline void $dense(size_t inputs, size_t units, const float *weights, const float *bias, const float *x,
                             float *y) {
      size_t j;
      size_t k;
      for (j = 0; j < units; j++) y[j] = bias != NULL ? bias[j] : 0.0f;
      for (k = 0; k < inputs; k++) {
        const float input = x[k];
        for (j = 0; j < units; j++) y[j] = @FMAF(input, weights[j], y[j]);
        weights += units;
      }
    }

    """

  static let batchNorm = """
    /* x = (x - mean) factor + shift, where the factor holds the deviation. */
    static inline void $batch_norm(size_t columns, const float *mean, const float *factor, const float *shift, float *x) {
      size_t j;
      for (j = 0; j < columns; j++) x[j] = @FMAF(x[j] - mean[j], factor[j], shift[j]);
    }

    """

  static let sumOfLanes = """
    /* The sum of sixteen numbers in a fixed order: halves are added until one number is left. */
    static inline float $sum_of_lanes(float *lanes) {
      size_t half;
      size_t i;
      for (half = 8; half > 0; half /= 2) {
        for (i = 0; i < half; i++) lanes[i] = lanes[i] + lanes[i + half];
      }
      return lanes[0];
    }

    """

  // Lanes without a number are 0 and stay so: 0 + 0, and never −0, which a sum that starts at 0 cannot be.
  static let layerNorm = """
    /* x = (x - mean) / sqrt(variance + epsilon) scale + shift with the mean and the variance of x. */
    static inline void $layer_norm(size_t columns, float epsilon, const float *scale, const float *shift, float *x) {
      float lanes[16] = {0.0f};
      float mean;
      float inverse;
      size_t j;
      for (j = 0; j < columns; j++) lanes[j % 16] = lanes[j % 16] + x[j];
      mean = $sum_of_lanes(lanes) / (float)columns;
      memset(lanes, 0, sizeof lanes);
      for (j = 0; j < columns; j++) {
        const float difference = x[j] - mean;
        lanes[j % 16] = @FMAF(difference, difference, lanes[j % 16]);
      }
      inverse = 1.0f / sqrtf($sum_of_lanes(lanes) / (float)columns + epsilon);
      for (j = 0; j < columns; j++) x[j] = @FMAF((x[j] - mean) * inverse, scale[j], shift[j]);
    }

    """

  static let softmax = """
    static inline void $softmax(size_t columns, float *z) {
      float lanes[16] = {0.0f};
      float greatest = -INFINITY;
      float scale;
      size_t j;
      for (j = 0; j < columns; j++) {
        if (z[j] > greatest) greatest = z[j];
      }
      for (j = 0; j < columns; j++) {
        z[j] = $exp(z[j] - greatest);
        lanes[j % 16] = lanes[j % 16] + z[j];
      }
      scale = 1.0f / $sum_of_lanes(lanes);
      for (j = 0; j < columns; j++) z[j] = $product(z[j], scale);
    }

    """
}
