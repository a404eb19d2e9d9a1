// How many processors the system lets this process run on.

#ifndef LOCKSTEP_PROCESSOR_AFFINITY_H
#define LOCKSTEP_PROCESSOR_AFFINITY_H

#if defined(__linux__)
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/// Processors that the calling thread may run on: those that `taskset` or a batch system left it. 0 where the system cannot tell.
///
/// The system call itself says how many bytes the set has; the C library hides that, and its fixed set ends at 1024 processors.
static inline int processorsOfThisThread(void) {
#if defined(__linux__)
  for (size_t bytes = 128; bytes <= 1 << 20; bytes *= 2) {
    unsigned long *set = (unsigned long *)calloc(1, bytes);
    if (set == NULL) return 0;
    const long written = syscall(SYS_sched_getaffinity, 0, bytes, set);
    int count = 0;
    for (long i = 0; i * (long)sizeof *set < written; i++) count += __builtin_popcountl(set[i]);
    free(set);
    if (written > 0) return count;
    // A set that is too small for the processors of this system.
    if (errno != EINVAL) return 0;
  }
#endif
  return 0;
}

#endif
