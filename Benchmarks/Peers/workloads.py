"""The workloads of the benchmarks, as `Benchmarks/Sources/Workloads` defines them for Lockstep."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    """A dense network with ReLU hidden layers and softmax cross-entropy, its data, and the size of its mini-batches."""

    name: str
    data: str
    widths: tuple[int, ...]
    batch: int
    # Mini-batches between two looks at the clock: a whole epoch of the digits; elsewhere a divisor of the full mini-batches of
    # an epoch, some tenths of a second at most, so that one turn on a large network does not last a whole epoch.
    chunk: int

    @property
    def title(self) -> str:
        return f"{self.data} {'-'.join(map(str, self.widths))}, batch {self.batch}"


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("W0", "digits", (64, 32, 10), 32, chunk=57),
        Workload("W1", "fashion", (784, 128, 10), 32, chunk=375),
        Workload("W2", "fashion", (784, 128, 10), 128, chunk=117),
        Workload("W3", "fashion", (784, 512, 512, 10), 128, chunk=39),
        Workload("W4", "fashion", (784, 2048, 2048, 10), 512, chunk=3),
    )
}
