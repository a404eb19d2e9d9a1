"""Runs the processes that take turns: one trains, all others are stopped."""

import os
import pathlib
import select
import signal
import subprocess
import time

from environment import clean_environment, last_line


class Failure(Exception):
    """A peer ended, or said nothing for too long."""


def processors(threads):
    """The last so many processors this process may use: the same for all that take turns."""
    allowed = sorted(os.sched_getaffinity(0))
    if threads > len(allowed):
        raise SystemExit(f"compare.py: {threads} threads on {len(allowed)} processors")
    return allowed[-threads:]


class Child:
    """A process that trains on request; see serve.py for what is said. Between turns it, and what it started, is stopped."""

    def __init__(self, command, variables, threads, log):
        self.log = pathlib.Path(log)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=open(log, "w"),
            bufsize=0,
            env={**clean_environment(), **variables},
            start_new_session=True,
            preexec_fn=lambda: os.sched_setaffinity(0, processors(threads)),
        )

    @property
    def group(self):
        """Its process group."""
        return self.process.pid

    def warm_up(self, timeout=600):
        """Waits until it is ready."""
        self.answer("ready", timeout)
        self.signal(signal.SIGSTOP)

    def turn(self, seconds):
        """Samples a second."""
        self.signal(signal.SIGCONT)
        self.process.stdin.write(f"run {seconds}\n".encode())
        _, samples, _, elapsed = self.answer("samples", 60 + 20 * seconds).split()
        self.signal(signal.SIGSTOP)
        return int(samples) / float(elapsed)

    def answer(self, word, timeout):
        """The next line that begins with `word`."""
        end = time.monotonic() + timeout
        line = b""
        while True:
            readable, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            if not readable:
                raise Failure(f"no answer in {timeout:.0f} s")
            line += self.process.stdout.read(1000)
            if not line.endswith(b"\n"):
                if self.process.poll() is not None:
                    raise Failure(last_line(self.log.read_text()) or f"ended with status {self.process.returncode}")
                continue
            if line.decode().startswith(word):
                return line.decode().strip()
            line = b""

    def signal(self, number):
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def stop(self):
        """Ends it and what it started."""
        self.signal(signal.SIGKILL)
        self.process.wait()
