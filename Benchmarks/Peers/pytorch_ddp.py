"""PyTorch's DistributedDataParallel with gloo: one process a thread, each with its share of the rows of every mini-batch.

The first process starts the others and answers compare.py; the others train without end, and wait for the first where gradients
are averaged. The shares of the last mini-batch of the digits differ by a row; DDP averages their means all the same.
"""

import datetime
import os
import socket
import subprocess
import sys

import torch
import torch.distributed as distributed
from torch.nn import functional

import pytorch
import serve


class Distributed(pytorch.Trainer):
    """A process of the group. Each shuffles alike."""

    def __init__(self, options, rank):
        super().__init__(options)
        self.rank, self.processes = rank, options.threads
        self.random = torch.Generator().manual_seed(7)
        self.scores = torch.nn.parallel.DistributedDataParallel(
            pytorch.network(self.widths), gradient_as_bucket_view=True, static_graph=True, broadcast_buffers=False
        )
        self.optimizer = torch.optim.SGD(self.scores.parameters(), lr=serve.LEARNING_RATE, fused=True)

    def shuffle(self):
        return torch.randperm(len(self.labels), generator=self.random)

    def train(self, order):
        """Trains on the share of this process."""
        for batch in order.split(self.batch):
            rows = batch.tensor_split(self.processes)[self.rank]
            loss = functional.cross_entropy(self.scores(self.features[rows]), self.labels[rows])
            self.optimizer.zero_grad(set_to_none=False)
            loss.backward()
            self.optimizer.step()

    def accuracy(self, features, labels):
        with torch.no_grad():
            predicted = self.scores.module(torch.from_numpy(features)).argmax(1)
        return (predicted == torch.from_numpy(labels)).float().mean().item()

    def follow(self, options):
        """What all processes but the first do: the same pieces in the same order as `serve.serve`."""
        if not options.check:
            self.train(list(serve.chunks(options, self))[-1])
        while True:
            for order in serve.chunks(options, self):
                self.train(order)


def main():
    options = serve.parse_options()
    rank = int(os.environ.get("RANK", "0"))
    if rank == 0:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(free.getsockname()[1]))
        others = [
            subprocess.Popen([sys.executable, *sys.argv], env={**os.environ, "RANK": str(other)}, stdin=subprocess.DEVNULL)
            for other in range(1, options.threads)
        ]
    torch.set_num_threads(1)
    torch.manual_seed(1)
    # The processes wait between turns for as long as the other peers take.
    distributed.init_process_group(
        "gloo", rank=rank, world_size=options.threads, timeout=datetime.timedelta(days=1)
    )
    trainer = Distributed(options, rank)
    if rank > 0:
        trainer.follow(options)
    try:
        serve.serve(options, trainer)
    finally:
        for other in others:
            other.kill()


if __name__ == "__main__":
    main()
