"""What the peers in Python share: the command line, the data, and the answers to compare.py's requests.

A peer is a process that lives through the whole comparison. It warms up, prints `ready`, and then answers each line

    run SECONDS     trains for at least SECONDS and prints `samples N seconds T`
    quit            ends

Training goes on where the last turn stopped, so that the shuffle at the start of an epoch is paid once an epoch. A turn begins
with a fifth of SECONDS that is not counted: other processes have used the caches in the meantime. With `--check` a peer trains
five epochs instead and prints `accuracy TRAINING TEST`.
"""

import argparse
import os
import sys
import time

import numpy as np

LEARNING_RATE = 0.1
CHECK_EPOCHS = 5
WARM_UP_SECONDS = 0.5


def parse_options(*variants):
    """The command line that compare.py gives every peer; `variants` are the ways of training that this one knows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="path of the data, up to `-train.f32`")
    parser.add_argument("--widths", required=True, type=lambda text: [int(width) for width in text.split(",")])
    parser.add_argument("--batch", required=True, type=int)
    parser.add_argument("--chunk", required=True, type=int, help="mini-batches between two looks at the clock")
    parser.add_argument("--threads", required=True, type=int)
    parser.add_argument("--check", action="store_true")
    if variants:
        parser.add_argument("--variant", required=True, choices=variants)
    return parser.parse_args()


def load(options, part="train"):
    """Features, float32 [rows, features], and labels, int64."""
    features = np.fromfile(f"{options.data}-{part}.f32", np.float32).reshape(-1, options.widths[0])
    return features, np.fromfile(f"{options.data}-{part}.i32", np.int32).astype(np.int64)


def initial_parameters(widths, seed=1):
    """He-uniform weights [inputs, units] and zero biases, a pair a layer."""
    random = np.random.default_rng(seed)
    pairs = []
    for inputs, units in zip(widths, widths[1:]):
        limit = (6 / inputs) ** 0.5
        pairs.append((random.uniform(-limit, limit, (inputs, units)).astype(np.float32), np.zeros(units, np.float32)))
    return pairs


class Turns:
    """Tells a training loop when to go on: `trained` returns at once during a turn, and between turns waits for the next one.

    The loop stays in charge, because scikit-learn's cannot be called a few mini-batches at a time.
    """

    def __init__(self):
        # Frameworks print what they like; the answers have standard output for themselves.
        self._answers = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        self._conversation = self._converse()
        next(self._conversation)

    def trained(self, samples):
        """Call this after each piece of training."""
        self._conversation.send(samples)

    def say(self, line):
        print(line, file=self._answers, flush=True)

    def _converse(self):
        yield from self._train_for(WARM_UP_SECONDS)
        self.say("ready")
        for line in sys.stdin:
            command, _, argument = line.strip().partition(" ")
            if command == "quit":
                break
            seconds = float(argument)
            yield from self._train_for(seconds / 5)
            samples, elapsed = yield from self._train_for(seconds)
            self.say(f"samples {samples} seconds {elapsed}")
        raise SystemExit

    def _train_for(self, seconds):
        start = time.perf_counter()
        samples = 0
        elapsed = 0.0
        while elapsed < seconds:
            samples += yield
            elapsed = time.perf_counter() - start
        return samples, elapsed


def chunks(options, trainer):
    """The order of the samples of one epoch, a few mini-batches at a time; the last piece holds what is left."""
    order = trainer.shuffle()
    size = options.chunk * options.batch
    for first in range(0, len(order), size):
        yield order[first : first + size]


def serve(options, trainer):
    """Trains as compare.py asks. A trainer has `shuffle()`, a new order of all samples; `train(order)`, which trains on these
    samples by mini-batches; `accuracy(features, labels)`."""
    turns = Turns()
    if options.check:
        for _ in range(CHECK_EPOCHS):
            for order in chunks(options, trainer):
                trainer.train(order)
        report_accuracy(options, turns, trainer.accuracy)
        return
    # Both lengths of a piece are compiled before the clock starts.
    pieces = list(chunks(options, trainer))
    trainer.train(pieces[-1])
    while True:
        for order in chunks(options, trainer):
            trainer.train(order)
            turns.trained(len(order))


def report_accuracy(options, turns, accuracy):
    """Answers `--check`."""
    turns.say("accuracy " + " ".join(f"{accuracy(*load(options, part)):.4f}" for part in ("train", "test")))
