// What the Swift standard library cannot say: which vector instructions this processor has, how a thread waits politely
// inside a spin loop, and which memory it will need soon. Everything is inline; the target has no object code of its own.

#ifndef LOCKSTEP_PROCESSOR_FEATURES_H
#define LOCKSTEP_PROCESSOR_FEATURES_H

#include <stdbool.h>

#include "ProcessorAffinity.h"
#include "ProcessorSHA256.h"

/// Whether the processor and the operating system offer AVX2 and fused multiply-add.
static inline bool processorHasAVX2(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

/// Whether the processor and the operating system offer the AVX-512 extensions F, VL, DQ and BW.
static inline bool processorHasAVX512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

/// Whether lines of the last cache come so late that it pays to fetch them ahead. On Intel's servers (100 ns) that gained a tenth
/// of the products of wide layers; on AMD's (Zen 4, 13 ns, and a good prefetcher of its own) it cost 1.7 %.
static inline bool processorFetchesLate(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_is("intel");
#else
  return false;
#endif
}

/// Tells the processor that `bytes` bytes from `address` on will be read soon. Any address will do.
static inline void processorPrefetch(const void *address, long bytes) {
  for (long i = 0; i < bytes; i += 64) __builtin_prefetch((const char *)address + i, 0, 2);
}

/// Sixteen square roots, exactly rounded. The Swift standard library takes those of a vector lane by lane.
static inline void processorSquareRoots(const float *x, float *roots) {
  typedef float Vector __attribute__((ext_vector_type(16), aligned(4)));
  *(Vector *)roots = __builtin_elementwise_sqrt(*(const Vector *)x);
}

/// Tells the processor that this thread is spinning, so that a sibling hardware thread can run meanwhile.
static inline void processorPause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb" ::: "memory");
#endif
}

#endif
