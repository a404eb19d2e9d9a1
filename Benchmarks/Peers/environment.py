"""Makes what the peers need: a virtual environment, compiled C, and the data as raw Float32."""

import csv
import gzip
import json
import os
import pathlib
import platform
import struct
import subprocess
import sys

SOURCES = pathlib.Path(__file__).resolve().parent
REPOSITORY = SOURCES.parent.parent
FASHION_MNIST = pathlib.Path("/usr/share/datasets/fashion-mnist")

# What pip installs, one at a time, so that one that cannot be had here does not take the others with it.
PACKAGES = ["numpy", "scikit-learn", "jax", "torch", "scipy-openblas32", "onednn"]
PYTORCH_FOR_CPU = "https://download.pytorch.org/whl/cpu"

# The program or library, its source, and what the compiler needs besides.
COMPILED = {
    "blas": ("blas.c", ["-pthread", "-ldl", "-lm"]),
    "fann": ("fann.c", ["-lfloatfann", "-lm"]),
    "mkl_on_amd.so": ("mkl_on_amd.c", ["-shared", "-fPIC"]),
}


class Environment:
    """A folder with everything; what is there already is kept."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.python = self.folder / "venv" / "bin" / "python"
        self.logs = self.folder / "logs"
        self.versions = {}
        self.problems = {}

    def prepare(self):
        """Installs, compiles, converts. What fails is noted in `problems`, by the name of the package or program."""
        self.logs.mkdir(parents=True, exist_ok=True)
        if not self.python.exists():
            say(f"making {self.folder}")
            subprocess.run([sys.executable, "-m", "venv", str(self.folder / "venv")], check=True)
        self.install()
        self.compile()
        self.convert()

    def install(self):
        for package in PACKAGES:
            if package in self.installed():
                continue
            say(f"installing {package}")
            if package == "torch":
                # The package of the general index brings gigabytes of CUDA along, the one of this index nothing.
                self.pip("--no-deps", "--index-url", PYTORCH_FOR_CPU, package)
            self.problems[package] = self.pip(package)
        self.versions = self.installed()
        self.problems = {name: problem for name, problem in self.problems.items() if name not in self.versions}

    def installed(self):
        """Versions of the packages in the virtual environment."""
        code = "import importlib.metadata as m, json; print(json.dumps({d.name: d.version for d in m.distributions()}))"
        return json.loads(subprocess.run([self.python, "-c", code], check=True, capture_output=True, text=True).stdout)

    def pip(self, *arguments):
        """The last line of pip's complaints."""
        command = [self.python, "-m", "pip", "install", "--quiet", "--retries", "1", *arguments]
        return last_line(subprocess.run(command, capture_output=True, text=True).stderr)

    def compile(self):
        for name, (source, flags) in COMPILED.items():
            target = self.folder / name
            sources = [SOURCES / source, SOURCES / "serve.h"]
            if target.exists() and target.stat().st_mtime > max(path.stat().st_mtime for path in sources):
                continue
            command = ["cc", "-O3", "-march=native", "-ffast-math", str(sources[0]), "-o", str(target), *flags]
            try:
                subprocess.run(command, check=True, capture_output=True, text=True)
            except (OSError, subprocess.CalledProcessError) as error:
                self.problems[name] = first_error(getattr(error, "stderr", "")) or str(error)

    def convert(self):
        """Writes `data/NAME-PART.f32`, features by rows, and `.i32`, labels. All digits are training data, as for Lockstep;
        their test data are the same."""
        data = self.folder / "data"
        data.mkdir(exist_ok=True)
        if not (data / "digits-test.i32").exists():
            for part in ("train", "test"):
                write(data / f"digits-{part}", *digits())
        if not (data / "fashion-test.i32").exists():
            try:
                for part, prefix in (("train", "train"), ("test", "t10k")):
                    write(data / f"fashion-{part}", *fashion_mnist(prefix))
            except OSError as error:
                self.problems["fashion"] = f"{error}; on Debian: apt install dataset-fashion-mnist"

    def library(self, pattern):
        """The first file of the virtual environment that matches, or nothing."""
        return next(iter(sorted((self.folder / "venv").glob(f"lib*/{pattern}"))), None)


def digits():
    """The digits, each column scaled to 0…1 as Lockstep's `minMax` does."""
    with open(REPOSITORY / "configs" / "data" / "digits.csv", newline="") as file:
        names, *rows = csv.reader(file)
    columns = list(zip(*([float(text) for text in row] for row in rows)))
    labels = [int(label) for label in columns.pop(names.index("label"))]
    scaled = []
    for column in columns:
        low, span = min(column), max(column) - min(column)
        scaled.append([(value - low) / span if span else 0.0 for value in column])
    return b"".join(struct.pack(f"{len(row)}f", *row) for row in zip(*scaled)), labels


def fashion_mnist(prefix):
    """The pixels as 0…1, and the labels, of the files of the IDX format."""
    with gzip.open(FASHION_MNIST / f"{prefix}-images-idx3-ubyte.gz") as file:
        pixels = file.read()[16:]
    with gzip.open(FASHION_MNIST / f"{prefix}-labels-idx1-ubyte.gz") as file:
        labels = list(file.read()[8:])
    floats = [struct.pack("f", value / 255) for value in range(256)]
    images = (pixels[first : first + 784] for first in range(0, len(pixels), 784))
    return b"".join(b"".join(map(floats.__getitem__, image)) for image in images), labels


def write(path, features, labels):
    path.with_name(path.name + ".f32").write_bytes(features)
    path.with_name(path.name + ".i32").write_bytes(struct.pack(f"{len(labels)}i", *labels))


def processor():
    """The processor's name, and whether it is AMD's."""
    try:
        fields = dict(
            (part.strip() for part in line.split(":", 1)) for line in open("/proc/cpuinfo") if line.count(":") == 1
        )
    except OSError:
        fields = {}
    return fields.get("model name", platform.processor() or platform.machine()), fields.get("vendor_id") == "AuthenticAMD"


def system_library(name):
    """The path of a shared library of the system, or nothing."""
    for folder in ("/usr/lib", "/usr/lib64", f"/usr/lib/{platform.machine()}-linux-gnu", "/usr/local/lib"):
        for path in sorted(pathlib.Path(folder).glob(f"{name}.so*")):
            return path
    return None


def clean_environment():
    """This process's environment without whatever tunes a library."""
    prefixes = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "GOTO_", "DNNL_", "ONEDNN_", "TORCH", "XLA_", "JAX_", "LD_PRELOAD")
    return {name: value for name, value in os.environ.items() if not name.startswith(prefixes)}


def last_line(text):
    return text.strip().splitlines()[-1] if text.strip() else ""


def first_error(text):
    return next((line for line in (text or "").splitlines() if "error" in line), last_line(text or ""))


def say(message):
    print(message, file=sys.stderr, flush=True)
