// The limits of the machine: fused multiply-adds between registers, and reading from a cache.

#ifndef MACHINE_PEAK_H
#define MACHINE_PEAK_H

/// Runs `iterations` rounds of independent chains of fused multiply-adds of single precision on vectors of `lanes` lanes:
/// 16 for AVX-512, 8 for AVX2, 4 for NEON. Returns the floating-point operations done; 0 if this program has no such chain.
/// The caller makes sure that the processor has the instructions.
double fusedMultiplyAddChains(int lanes, long iterations);

/// Reads `bytes` bytes from `data` on, a multiple of 256, and nothing else.
void readMemory(const void *data, long bytes);

#endif
