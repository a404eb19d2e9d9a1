"""Notices whether other processes used the processors during a turn."""

import os
import pathlib
import resource
import time

TICKS = os.sysconf("SC_CLK_TCK")
# Seconds of processor time that others may take in a second.
TOLERATED = 0.06
ATTEMPTS = 3


def busy():
    """Seconds that all processors have worked, or that the hypervisor has withheld them."""
    user, nice, system, _, _, interrupts, soft_interrupts, stolen, *_ = (
        int(field) / TICKS for field in open("/proc/stat").readline().split()[1:]
    )
    return user + nice + system + interrupts + soft_interrupts + stolen


def used(group):
    """Seconds that the living processes of a group have worked, and those children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = ended.ru_utime + ended.ru_stime
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            seconds += (int(fields[11]) + int(fields[12])) / TICKS
    return seconds


def quiet_turn(racer, seconds):
    """Samples a second of a turn, and whether it was disturbed; a disturbed turn is repeated a few times."""
    for _ in range(ATTEMPTS):
        start, busy_before, used_before = time.monotonic(), busy(), used(racer.group)
        rate = racer.turn(seconds)
        others = busy() - busy_before - (used(racer.group) - used_before)
        disturbed = others > TOLERATED * (time.monotonic() - start) + 2 / TICKS
        if not disturbed:
            break
    return rate, disturbed
