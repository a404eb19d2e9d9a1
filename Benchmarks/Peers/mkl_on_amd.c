// Preloaded into PyTorch on AMD processors: MKL takes its AVX-512 or AVX2 path only where this function of its says "Intel".
int mkl_serv_intel_cpu_true(void) { return 1; }
