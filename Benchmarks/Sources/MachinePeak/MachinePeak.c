#include "MachinePeak.h"

#if defined(__x86_64__)
#include <immintrin.h>

// As many chains as hide the latency of two units (4 cycles each, so 8 at the least) and fit the registers.

__attribute__((target("avx512f"), noinline)) static float chains512(long iterations) {
  __m512 sum[24], x = _mm512_set1_ps(0.999f), y = _mm512_set1_ps(1e-6f);
  for (int i = 0; i < 24; i++) sum[i] = _mm512_set1_ps((float)i);
  for (long n = 0; n < iterations; n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; i++) sum[i] = _mm512_fmadd_ps(sum[i], x, y);
  }
  for (int i = 1; i < 24; i++) sum[0] = _mm512_add_ps(sum[0], sum[i]);
  return _mm512_reduce_add_ps(sum[0]);
}

__attribute__((target("avx2,fma"), noinline)) static float chains256(long iterations) {
  __m256 sum[12], x = _mm256_set1_ps(0.999f), y = _mm256_set1_ps(1e-6f);
  for (int i = 0; i < 12; i++) sum[i] = _mm256_set1_ps((float)i);
  for (long n = 0; n < iterations; n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 12; i++) sum[i] = _mm256_fmadd_ps(sum[i], x, y);
  }
  for (int i = 1; i < 12; i++) sum[0] = _mm256_add_ps(sum[0], sum[i]);
  return sum[0][0];
}
#elif defined(__aarch64__)
#include <arm_neon.h>

__attribute__((noinline)) static float chains128(long iterations) {
  float32x4_t sum[24], x = vdupq_n_f32(0.999f), y = vdupq_n_f32(1e-6f);
  for (int i = 0; i < 24; i++) sum[i] = vdupq_n_f32((float)i);
  for (long n = 0; n < iterations; n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 24; i++) sum[i] = vfmaq_f32(y, sum[i], x);
  }
  for (int i = 1; i < 24; i++) sum[0] = vaddq_f32(sum[0], sum[i]);
  return vaddvq_f32(sum[0]);
}
#endif

static volatile float sink;

double fusedMultiplyAddChains(int lanes, long iterations) {
#if defined(__x86_64__)
  if (lanes == 16) {
    sink = chains512(iterations);
    return 2.0 * 16 * 24 * iterations;
  }
  if (lanes == 8) {
    sink = chains256(iterations);
    return 2.0 * 8 * 12 * iterations;
  }
#elif defined(__aarch64__)
  if (lanes == 4) {
    sink = chains128(iterations);
    return 2.0 * 4 * 24 * iterations;
  }
#endif
  return 0;
}

void readMemory(const void *data, long bytes) {
  typedef long long vector __attribute__((vector_size(32), aligned(1)));
  const char *x = data;
  vector a = {0}, b = {0}, c = {0}, d = {0};
  for (long i = 0; i < bytes; i += 256) {
    for (int j = 0; j < 256; j += 128) {
      a += *(const vector *)(x + i + j);
      b += *(const vector *)(x + i + j + 32);
      c += *(const vector *)(x + i + j + 64);
      d += *(const vector *)(x + i + j + 96);
    }
  }
  a += b + c + d;
  sink = (float)(a[0] + a[1] + a[2] + a[3]);
}
