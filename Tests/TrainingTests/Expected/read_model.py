"""Reads a model that Lockstep trained and applies it, with PyTorch and nothing of Lockstep.

    python3 read_model.py MODEL.safetensors FEATURES.csv [--target COLUMN ...] [--delimiter ,]

Requirements: Python 3.11, torch 2.13.0 (CPU), safetensors 0.8.0, numpy 2.4.6.

Prints one line for each row of FEATURES.csv (header row; `.gz` accepted; columns are found by name): the name of the
class for a classifier, the outputs, separated by commas, for any other model. With --target (once for each output of
a regression), two more lines: `meanLoss` and, for a classifier, `accuracy`.

The file holds the tensors `layers.0.weight` [out, in], `layers.0.bias` [out], ... and, as the metadata `lockstep`, a
JSON text:
    layers     [{"type": "dense", "units": n, "activation": "relu"}, ...]; leakyRelu may have a "slope", else 0.01
    loss       "crossEntropy", ...
    features   the names of the inputs, in order
    scaling    {"shift": [...], "scale": [...]} or null: x' = (x - shift) * scale
    classes    the names of the classes, in order, or null
    targets    the names of the target columns
All arithmetic is in float64.
"""

import argparse
import csv
import gzip
import json
import sys

import torch
from safetensors import safe_open
from torch.nn import functional as F

ACTIVATIONS = {
    "identity": lambda z, layer: z,
    "sigmoid": lambda z, layer: torch.sigmoid(z),
    "tanh": lambda z, layer: torch.tanh(z),
    "relu": lambda z, layer: torch.relu(z),
    "leakyRelu": lambda z, layer: F.leaky_relu(z, layer.get("slope", 0.01)),
    "softmax": lambda z, layer: torch.softmax(z, dim=1),
}

# The sum of the losses of all rows, from the last pre-activations z, the outputs a and the targets y.
LOSS_SUMS = {
    "squaredError": lambda z, a, y: F.mse_loss(a, y, reduction="sum"),
    "halfSquaredError": lambda z, a, y: F.mse_loss(a, y, reduction="sum") / 2,
    "meanSquaredError": lambda z, a, y: F.mse_loss(a, y, reduction="sum") / y.shape[1],
    "binaryCrossEntropy": lambda z, a, y: F.binary_cross_entropy_with_logits(z, y, reduction="sum"),
    "crossEntropy": lambda z, a, y: F.cross_entropy(z, y.argmax(dim=1), reduction="sum"),
}


def load(path):
    """The description of the model and, for each layer, its weight and bias."""
    with safe_open(path, framework="pt") as file:
        metadata = file.metadata() or {}
        if "lockstep" not in metadata:
            raise ValueError(f"{path}: no metadata 'lockstep'; this is not a model of Lockstep")
        model = json.loads(metadata["lockstep"])
        parameters, width = [], len(model["features"])
        for i, layer in enumerate(model["layers"]):
            if layer["type"] != "dense":
                raise ValueError(f"{path}: layer {i} is {layer['type']!r}; only 'dense' is known")
            weight = file.get_tensor(f"layers.{i}.weight")
            bias = file.get_tensor(f"layers.{i}.bias")
            units = layer["units"]
            if list(weight.shape) != [units, width] or list(bias.shape) != [units]:
                raise ValueError(
                    f"{path}: layer {i} has a weight {list(weight.shape)} and a bias {list(bias.shape)},"
                    f" not {[units, width]} and {[units]}"
                )
            parameters.append((weight.double(), bias.double()))
            width = units
    return model, parameters


def read(path, delimiter):
    """The rows of a CSV file as lists of texts, for each column name."""
    opened = gzip.open if path.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        names, *rows = [row for row in csv.reader(file, delimiter=delimiter) if row]
    return {name.strip(): [row[i].strip() for row in rows] for i, name in enumerate(names)}


def columns(table, names, path):
    missing = [name for name in names if name not in table]
    if missing:
        raise ValueError(f"{path}: no column {', '.join(map(repr, missing))}")
    return [table[name] for name in names]


def numbers(texts):
    return torch.tensor([[float(text) for text in column] for column in texts], dtype=torch.float64).T


def forward(model, parameters, x):
    """The last layer's pre-activations and its outputs."""
    if model.get("scaling"):
        shift, scale = (torch.tensor(model["scaling"][key], dtype=torch.float64) for key in ("shift", "scale"))
        x = (x - shift) * scale
    for (weight, bias), layer in zip(parameters, model["layers"]):
        z = F.linear(x, weight, bias)
        x = ACTIVATIONS[layer["activation"]](z, layer)
    return z, x


def class_index(classes, label):
    """The place of a label; `1` and `1.0` are the same class."""
    if label in classes:
        return classes.index(label)
    try:
        return [float(name) for name in classes].index(float(label))
    except ValueError:
        raise ValueError(f"the label {label!r} is none of the classes {', '.join(classes)}") from None


def main():
    parser = argparse.ArgumentParser(description="Applies a model that Lockstep trained, with PyTorch.")
    parser.add_argument("model", metavar="MODEL.safetensors")
    parser.add_argument("features", metavar="FEATURES.csv")
    parser.add_argument("--target", metavar="COLUMN", action="append", help="compare with this column; repeatable")
    parser.add_argument("--delimiter", default=",")
    options = parser.parse_args()

    model, parameters = load(options.model)
    table = read(options.features, options.delimiter)
    x = numbers(columns(table, model["features"], options.features))
    z, a = forward(model, parameters, x)

    classes = model.get("classes")
    if classes:
        classes = [str(name) for name in classes]
        # A single output is the probability of the second class.
        predicted = (a[:, 0] > 0.5).long() if a.shape[1] == 1 else a.argmax(dim=1)
        lines = [classes[i] for i in predicted.tolist()]
    else:
        lines = [",".join(f"{value:.9g}" for value in row) for row in a.tolist()]
    print("\n".join(lines))

    if options.target:
        targets = columns(table, options.target, options.features)
        if classes:
            labels = torch.tensor([class_index(classes, label) for label in targets[0]])
            y = (labels[:, None] if a.shape[1] == 1 else F.one_hot(labels, len(classes))).double()
        else:
            y = numbers(targets)
        if y.shape != a.shape:
            raise ValueError(f"{y.shape[1]} target columns for {a.shape[1]} outputs")
        print(f"meanLoss {LOSS_SUMS[model['loss']](z, a, y).item() / len(y):.9g}")
        if classes:
            print(f"accuracy {(predicted == labels).double().mean().item():.9g}")


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit(f"read_model.py: {error}")
