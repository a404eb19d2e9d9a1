// The compression function of SHA-256 by the processor's own instructions, where it has them: five to eight times as fast as
// any other way, and the digests of parameters and data are a part of each run.

#ifndef LOCKSTEP_PROCESSOR_SHA256_H
#define LOCKSTEP_PROCESSOR_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

/// Whether the processor has instructions for SHA-256.
static inline bool processorHasSHA256(void) {
  unsigned a, b, c, d;
  return __builtin_cpu_supports("sse4.1") && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b >> 29 & 1);
}

/// Takes `blocks` blocks of 64 bytes into `state`; `constants` are the 64 of the standard.
///
/// The instructions want the state as (a b e f) and (c d g h), and do four rounds with four words of the schedule, of which
/// m holds the last sixteen.
__attribute__((target("sha,sse4.1"))) static inline void processorSHA256(uint32_t *state, const uint32_t *constants,
                                                                         const uint8_t *bytes, size_t blocks) {
  const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0bLL, 0x0405060700010203LL);
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1B);
  __m128i abef = _mm_alignr_epi8(cdab, efgh, 8);
  __m128i cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
  for (; blocks > 0; blocks--, bytes += 64) {
    const __m128i abefBefore = abef, cdghBefore = cdgh;
    __m128i m[4];
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      if (i < 4) {
        m[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(bytes + 16 * i)), bigEndian);
      } else {
        const __m128i last = m[(i + 3) % 4];
        const __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(m[i % 4], m[(i + 1) % 4]),
                                          _mm_alignr_epi8(last, m[(i + 2) % 4], 4));
        m[i % 4] = _mm_sha256msg2_epu32(sum, last);
      }
      const __m128i words = _mm_add_epi32(m[i % 4], _mm_loadu_si128((const __m128i *)(constants + 4 * i)));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
    }
    abef = _mm_add_epi32(abef, abefBefore);
    cdgh = _mm_add_epi32(cdgh, cdghBefore);
  }
  const __m128i feba = _mm_shuffle_epi32(abef, 0x1B);
  const __m128i dchg = _mm_shuffle_epi32(cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

#else

static inline bool processorHasSHA256(void) { return false; }

static inline void processorSHA256(uint32_t *state, const uint32_t *constants, const uint8_t *bytes, size_t blocks) {
  (void)state, (void)constants, (void)bytes, (void)blocks;
}

#endif

#endif
