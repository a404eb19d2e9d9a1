"""Makes predictions.json: the outputs of models of every kind, computed by NumPy in float64.

    python3 predictions.py            writes predictions.json
    python3 predictions.py --check    computes again and compares with the predictions.json that is there

Requirements: Python 3.11, numpy 2.4.6. Other versions give the same numbers to about 1e-15.

A case is a model file in the words of JSON: `metadata` is what stands in the metadata `lockstep`, `tensors` are name,
shape and numbers, `rows` are samples as the data have them, `outputs` the activations of the last layer. Parameters, scaling
and rows are float32 numbers in 9 significant digits, so a reader that parses them as Float starts from exactly the numbers
used here. The first case is XOR by hand, whose outputs a person can check: hidden units OR and AND, output OR and not AND.
"""

import json
import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("predictions.json")

ACTIVATIONS = {
    "identity": lambda z, slope: z,
    "sigmoid": lambda z, slope: 1 / (1 + np.exp(-z)),
    "tanh": lambda z, slope: np.tanh(z),
    "relu": lambda z, slope: np.maximum(z, 0),
    "leakyRelu": lambda z, slope: np.where(z > 0, z, slope * z),
    "softmax": lambda z, slope: np.exp(z - z.max(axis=1, keepdims=True))
    / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True),
}

# name, inputs, layers (units, activation, slope), loss, classes (or None), rows
CASES = [
    ("identity", 3, [(2, "identity", None)], "squaredError", None, 5),
    ("relu", 5, [(40, "relu", None), (3, "identity", None)], "meanSquaredError", None, 7),
    ("leakyRelu", 4, [(7, "leakyRelu", 0.125), (2, "tanh", None)], "halfSquaredError", None, 6),
    ("tanh", 33, [(65, "tanh", None), (1, "sigmoid", None)], "binaryCrossEntropy", 2, 130),
    ("oneAgainstAll", 6, [(9, "sigmoid", None), (3, "sigmoid", None)], "binaryCrossEntropy", 3, 9),
    ("softmax", 6, [(8, "relu", None), (34, "tanh", None), (4, "softmax", None)], "crossEntropy", 4, 9),
    ("robust", 35, [(8, "tanh", None), (3, "softmax", None)], "crossEntropy", 3, 9),
]


def float32(array):
    if np.ndim(array):
        return [float32(row) for row in array]
    return float(f"{np.float32(array):.9g}")


def predict(case):
    metadata = case["metadata"]
    tensors = {t["name"]: np.array(t["values"], np.float32).astype(float).reshape(t["shape"]) for t in case["tensors"]}
    a = np.array(case["rows"], np.float32).astype(float)
    shift, scale = (np.array(metadata["scaling"][key], np.float32).astype(float) for key in ("shift", "scale"))
    a = (a - shift) * scale
    if metadata["scaling"].get("clipsSmoothly"):
        a = a / np.sqrt(1 + (a / 3) ** 2)
    for i, layer in enumerate(metadata["layers"]):
        z = a @ tensors[f"layers.{i}.weight"].T + tensors[f"layers.{i}.bias"]
        a = ACTIVATIONS[layer["activation"]](z, layer.get("slope", 0.01))
    return a.tolist()


def tensor(name, values):
    values = np.array(values)
    return {"name": name, "shape": list(values.shape), "values": float32(values.ravel())}


def draw(seed, name, inputs, layers, loss, classes, rows):
    random = np.random.default_rng(seed)
    tensors, described, width = [], [], inputs
    for i, (units, activation, slope) in enumerate(layers):
        tensors.append(tensor(f"layers.{i}.weight", random.normal(size=(units, width)) / np.sqrt(width)))
        tensors.append(tensor(f"layers.{i}.bias", random.normal(size=units) / 4))
        described.append({"type": "dense", "units": units, "activation": activation})
        if slope is not None:
            described[-1]["slope"] = slope
        width = units
    shift = random.normal(size=inputs) * 3
    scale = random.uniform(0.5, 2, size=inputs)
    rows = shift + random.normal(size=(rows, inputs)) / scale
    scaling = {"shift": float32(shift), "scale": float32(scale)}
    if name == "robust":
        scaling["clipsSmoothly"] = True
        rows[0] *= 1000
    return {
        "name": name,
        "metadata": {
            "arithmeticVersion": 1,
            "layers": described,
            "loss": loss,
            "features": [f"x{i}" for i in range(inputs)],
            "targets": ["y"] if classes else [f"y{i}" for i in range(width)],
            "scaling": scaling,
            "classes": [f"c{i}" for i in range(classes)] if classes else None,
        },
        "tensors": tensors,
        "rows": float32(rows),
    }


def xor():
    return {
        "name": "xor",
        "metadata": {
            "arithmeticVersion": 1,
            "layers": [
                {"type": "dense", "units": 2, "activation": "sigmoid"},
                {"type": "dense", "units": 1, "activation": "sigmoid"},
            ],
            "loss": "binaryCrossEntropy",
            "features": ["a", "b"],
            "targets": ["y"],
            "scaling": {"shift": [0, 0], "scale": [1, 1]},
            "classes": ["0", "1"],
        },
        "tensors": [
            tensor("layers.0.weight", [[20, 20], [20, 20]]),
            tensor("layers.0.bias", [-10, -30]),
            tensor("layers.1.weight", [[20, -20]]),
            tensor("layers.1.bias", [-10]),
        ],
        "rows": [[0, 0], [0, 1], [1, 0], [1, 1]],
    }


def main():
    cases = [xor()] + [draw(seed, *case) for seed, case in enumerate(CASES, 1)]
    for case in cases:
        case["outputs"] = predict(case)
    assert np.allclose(cases[0]["outputs"], [[0], [1], [1], [0]], atol=1e-4)
    if "--check" in sys.argv:
        found = json.loads(FILE.read_text())
        assert [case["name"] for case in found] == [case["name"] for case in cases]
        for one, other in zip(found, cases):
            assert {k: v for k, v in one.items() if k != "outputs"} == {k: v for k, v in other.items() if k != "outputs"}
            assert np.allclose(one["outputs"], other["outputs"], rtol=1e-12, atol=1e-15)
        print(f"{len(cases)} cases agree")
    else:
        FILE.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
