"""The peers: what each is, what it needs, and how it is started at its best."""

from dataclasses import dataclass

from environment import SOURCES, processor, system_library


@dataclass(frozen=True)
class Peer:
    """A way to train with other software."""

    name: str
    title: str
    # The Python script, or the compiled program, and what follows on its command line.
    program: str
    arguments: tuple[str, ...] = ()
    # What must be there: packages of pip, or compiled programs.
    needs: tuple[str, ...] = ()
    # The library that a compiled program opens, as a pattern below the virtual environment's `lib`.
    library: str = ""
    # Whether tcmalloc is loaded before, and on AMD what makes MKL use AVX-512.
    preload: bool = False
    # Whether it makes its own threads or processes, so that the library's must be one.
    own_threads: bool = False
    # What it cannot do, or not in reasonable time.
    least_threads: int = 1
    most_threads: int = 1024
    workloads: tuple[str, ...] = ("W0", "W1", "W2", "W3", "W4")

    def fits(self, workload, threads):
        return workload.name in self.workloads and self.least_threads <= threads <= self.most_threads

    def problem(self, environment):
        """Why it cannot run here, or nothing."""
        for need in self.needs:
            if need in environment.problems:
                return f"{need}: {environment.problems[need]}"
        if self.library and not environment.library(self.library):
            return f"no {self.library}"
        return None

    def command(self, environment, workload, threads):
        if self.program.endswith(".py"):
            start = [environment.python, SOURCES / self.program]
        else:
            start = [environment.folder / self.program]
        options = {
            "--data": environment.folder / "data" / workload.data,
            "--widths": ",".join(map(str, workload.widths)),
            "--batch": workload.batch,
            "--chunk": workload.chunk,
            "--threads": threads,
        }
        if self.library:
            options["--library"] = environment.library(self.library)
        return [str(part) for part in (*start, *(part for pair in options.items() for part in pair), *self.arguments)]

    def variables(self, environment, threads):
        """Environment variables, over the cleaned ones."""
        count = str(1 if self.own_threads else threads)
        variables = {name: count for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
        variables["JAX_PLATFORMS"] = "cpu"
        variables["TORCHINDUCTOR_CACHE_DIR"] = str(environment.folder / "inductor")
        variables["GLOO_SOCKET_IFNAME"] = "lo"
        # The libraries that oneDNN brings along.
        variables["LD_LIBRARY_PATH"] = str(environment.folder / "venv" / "lib") if self.program == "blas" else ""
        if threads == 1:
            variables["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
        libraries = preloaded(environment) if self.preload else []
        if libraries:
            variables["LD_PRELOAD"] = ":".join(map(str, libraries))
        return variables


def preloaded(environment):
    """What PyTorch runs faster with."""
    allocator = system_library("libtcmalloc_minimal") or system_library("libtcmalloc")
    shim = environment.folder / "mkl_on_amd.so"
    return [library for library in (allocator, shim if processor()[1] and shim.exists() else None) if library]


OPENBLAS = "python*/site-packages/scipy_openblas32/lib/libscipy_openblas.so"
ONEDNN = "libdnnl.so"

PEERS = {
    peer.name: peer
    for peer in (
        Peer("pytorch", "PyTorch, stock", "pytorch.py", ("--variant", "stock"), ("numpy", "torch")),
        Peer("pytorch-tuned", "PyTorch, tuned", "pytorch.py", ("--variant", "tuned"), ("numpy", "torch"), preload=True),
        Peer("pytorch-compiled", "PyTorch, compiled", "pytorch.py", ("--variant", "compiled"), ("numpy", "torch"), preload=True),
        Peer(
            "pytorch-ddp", "PyTorch, DDP", "pytorch_ddp.py", (), ("numpy", "torch"), preload=True,
            own_threads=True, least_threads=2,
        ),
        Peer("jax", "JAX", "jax_scan.py", (), ("numpy", "jax")),
        Peer("scikit-learn", "scikit-learn", "scikit_learn.py", (), ("numpy", "scikit-learn")),
        Peer("openblas", "C, OpenBLAS", "blas", (), ("blas", "scipy-openblas32"), OPENBLAS),
        Peer(
            "openblas-parallel", "C, OpenBLAS, data-parallel", "blas", ("--data-parallel",), ("blas", "scipy-openblas32"), OPENBLAS,
            own_threads=True, least_threads=2,
        ),
        Peer("onednn", "C, oneDNN", "blas", (), ("blas", "onednn"), ONEDNN),
        Peer(
            "onednn-parallel", "C, oneDNN, data-parallel", "blas", ("--data-parallel",), ("blas", "onednn"), ONEDNN,
            own_threads=True, least_threads=2,
        ),
        # A mini-batch of W4 would take it about five seconds.
        Peer("fann", "FANN", "fann", (), ("fann",), most_threads=1, workloads=("W0", "W1", "W2", "W3")),
    )
}
