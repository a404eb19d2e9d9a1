"""Makes ten_steps.json: ten steps of plain SGD, computed by PyTorch in float64, for networks of every kind.

    python3 ten_steps.py            trains with PyTorch, checks the result with NumPy, writes ten_steps.json
    python3 ten_steps.py --check    checks the ten_steps.json that is there; needs NumPy only

Requirements: Python 3.11, numpy 2.4.6, torch 2.13.0 (CPU). Other versions give the same numbers to about 1e-14.

The 12 rows are taken in file order, 5 at a time: mini-batches of 5, 5, 2, 5, 5, 2, 5, 5, 2, 5. `batchLosses` are the
mean losses of these mini-batches before their updates, without the l2 term; `batchLossesWithL2` have it:
(l2 / 2) * the sum of all squared weights, not biases. `final` are the parameters after the tenth update.
Weights are [out][in]. Features, targets and initial parameters are float32 numbers in 9 significant digits, so a
reader that parses them as Float starts from exactly the numbers used here.

The check is a second implementation with a backward pass by hand. It also asserts that no ReLU ever sees a
pre-activation so close to 0 that float32 and float64 could disagree about its sign.
"""

import json
import sys
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("ten_steps.json")
ROWS, BATCH_SIZE, STEPS = 12, 5, 10
SLOPE = 0.01  # of leakyRelu
RELU_MARGIN = 1e-3

# name, seed, inputs, layers, loss, learning rate, l2, kind of targets.
# A seed is the number of the case; 100 is added until its ReLUs stay away from 0.
CASES = [
    ("squaredError", 1, 3, [(4, "tanh"), (2, "identity")], "squaredError", 0.125, 0, "real"),
    ("halfSquaredError", 2, 4, [(7, "sigmoid"), (3, "sigmoid")], "halfSquaredError", 0.5, 0, "unit"),
    ("meanSquaredError", 3, 4, [(7, "relu"), (3, "identity")], "meanSquaredError", 0.125, 0, "real"),
    ("binaryCrossEntropy", 4, 3, [(4, "tanh"), (1, "sigmoid")], "binaryCrossEntropy", 0.5, 0, "label"),
    ("binaryCrossEntropyOfFive", 105, 4, [(7, "leakyRelu"), (5, "sigmoid")], "binaryCrossEntropy", 0.25, 0.03125, "label"),
    ("crossEntropy", 206, 4, [(7, "relu"), (5, "sigmoid"), (3, "softmax")], "crossEntropy", 0.5, 0.015625, "label"),
    ("logisticRegression", 7, 5, [(1, "sigmoid")], "binaryCrossEntropy", 0.5, 0.0625, "label"),
    ("brier", 8, 4, [(6, "tanh"), (3, "softmax")], "squaredError", 0.5, 0, "oneHot"),
]


def draw(name, seed, inputs, layers, loss, learning_rate, l2, kind):
    """A case without its results."""
    random = np.random.default_rng(seed)

    def floats(array):
        return [floats(row) for row in array] if np.ndim(array) else float(f"{np.float32(array):.9g}")

    features = random.normal(size=(ROWS, inputs))
    outputs = layers[-1][0]
    classes = max(outputs, 2)
    labels = random.permutation(np.arange(ROWS) % classes)
    targets = {
        "real": lambda: random.normal(size=(ROWS, outputs)),
        "unit": lambda: random.uniform(size=(ROWS, outputs)),
        "oneHot": lambda: np.eye(classes)[labels],
        "label": lambda: labels[:, None] if outputs == 1 else np.eye(classes)[labels],
    }[kind]()
    initial, width = [], inputs
    for units, _ in layers:
        weight = random.normal(size=(units, width)) / np.sqrt(width)
        initial.append({"weight": floats(weight), "bias": floats(0.25 * random.normal(size=units))})
        width = units
    return {
        "name": name,
        "seed": seed,
        "layers": [{"units": units, "activation": activation} for units, activation in layers],
        "inputs": inputs,
        "loss": loss,
        "learningRate": learning_rate,
        "l2": l2,
        "batchSize": BATCH_SIZE,
        "features": floats(features),
        "targets": floats(targets),
        "labels": labels.tolist() if kind == "label" else None,
        "initial": initial,
    }


def start(case):
    """Features, targets and initial parameters as float64 arrays of float32 numbers."""

    def array(values):
        return np.array(values, np.float32).astype(np.float64)

    parameters = [(array(layer["weight"]), array(layer["bias"])) for layer in case["initial"]]
    return array(case["features"]), array(case["targets"]), parameters


def batches():
    """The rows of the mini-batch of each step."""
    starts = range(0, ROWS, BATCH_SIZE)
    for step in range(STEPS):
        first = starts[step % len(starts)]
        yield slice(first, min(first + BATCH_SIZE, ROWS))


def results(losses, losses_with_l2, parameters):
    final = [{"weight": weight.tolist(), "bias": bias.tolist()} for weight, bias in parameters]
    return {"batchLosses": losses, "batchLossesWithL2": losses_with_l2, "final": final}


def train_with_torch(case):
    """Ten steps with the losses, the derivatives and the optimizer of PyTorch."""
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(1)
    activations = {
        "identity": lambda z: z,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": torch.relu,
        "leakyRelu": lambda z: F.leaky_relu(z, SLOPE),
        "softmax": lambda z: torch.softmax(z, dim=1),
    }
    features, targets, initial = start(case)
    features, targets = torch.from_numpy(features), torch.from_numpy(targets)
    parameters = [tuple(torch.tensor(p, requires_grad=True) for p in layer) for layer in initial]
    optimizer = torch.optim.SGD([p for layer in parameters for p in layer], lr=case["learningRate"])

    losses, losses_with_l2 = [], []
    for rows in batches():
        a, y = features[rows], targets[rows]
        for (weight, bias), layer in zip(parameters, case["layers"]):
            z = F.linear(a, weight, bias)
            a = activations[layer["activation"]](z)
        loss_sum = {
            "squaredError": lambda: F.mse_loss(a, y, reduction="sum"),
            "halfSquaredError": lambda: F.mse_loss(a, y, reduction="sum") / 2,
            "meanSquaredError": lambda: F.mse_loss(a, y, reduction="sum") / y.shape[1],
            "binaryCrossEntropy": lambda: F.binary_cross_entropy_with_logits(z, y, reduction="sum"),
            "crossEntropy": lambda: F.cross_entropy(z, y.argmax(dim=1), reduction="sum"),
        }[case["loss"]]()
        loss = loss_sum / len(y)
        loss_with_l2 = loss + case["l2"] / 2 * sum(weight.square().sum() for weight, _ in parameters)
        losses.append(loss.item())
        losses_with_l2.append(loss_with_l2.item())
        optimizer.zero_grad()
        loss_with_l2.backward()
        optimizer.step()
    return results(losses, losses_with_l2, [tuple(p.detach().numpy() for p in layer) for layer in parameters])


def train_with_numpy(case):
    """The same with a backward pass by hand; also the pre-activation of a ReLU that came nearest to 0."""
    features, targets, parameters = start(case)
    names = [layer["activation"] for layer in case["layers"]]
    loss, rate, l2 = case["loss"], case["learningRate"], case["l2"]

    def activation(name, z):
        if name == "softmax":
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)
        return {
            "identity": lambda: z,
            "sigmoid": lambda: 1 / (1 + np.exp(-z)),
            "tanh": lambda: np.tanh(z),
            "relu": lambda: np.where(z > 0, z, 0),
            "leakyRelu": lambda: np.where(z > 0, z, SLOPE * z),
        }[name]()

    def derivative(name, a, gradient):
        """The gradient over z from the gradient over a = activation(z)."""
        if name == "softmax":
            return a * (gradient - (gradient * a).sum(axis=1, keepdims=True))
        return gradient * {
            "identity": lambda: np.ones_like(a),
            "sigmoid": lambda: a * (1 - a),
            "tanh": lambda: 1 - a * a,
            "relu": lambda: np.where(a > 0, 1, 0),
            "leakyRelu": lambda: np.where(a > 0, 1, SLOPE),
        }[name]()

    nearest = np.inf
    losses, losses_with_l2 = [], []
    for rows in batches():
        y = targets[rows]
        a = [features[rows]]
        for (weight, bias), name in zip(parameters, names):
            z = a[-1] @ weight.T + bias
            if name in ("relu", "leakyRelu"):
                nearest = min(nearest, np.abs(z).min())
            a.append(activation(name, z))
        out = a[-1]
        if loss.endswith("quaredError"):
            factor = {"squaredError": 1, "halfSquaredError": 1 / 2, "meanSquaredError": 1 / y.shape[1]}[loss]
            loss_sum = factor * ((out - y) ** 2).sum()
            delta = derivative(names[-1], out, 2 * factor * (out - y))
        else:
            log_likelihood = y * np.log(out)
            if loss == "binaryCrossEntropy":
                log_likelihood += (1 - y) * np.log(1 - out)
            loss_sum = -log_likelihood.sum()
            delta = out - y  # with sigmoid and with softmax
        losses.append(float(loss_sum / len(y)))
        losses_with_l2.append(float(loss_sum / len(y) + l2 / 2 * sum((weight**2).sum() for weight, _ in parameters)))
        updated = []
        for layer in reversed(range(len(parameters))):
            weight, bias = parameters[layer]
            weight_gradient = delta.T @ a[layer] / len(y) + l2 * weight
            bias_gradient = delta.sum(axis=0) / len(y)
            if layer > 0:
                delta = derivative(names[layer - 1], a[layer], delta @ weight)
            updated.insert(0, (weight - rate * weight_gradient, bias - rate * bias_gradient))
        parameters = updated
    return results(losses, losses_with_l2, parameters), nearest


def check(case):
    """Compares a finished case with NumPy and prints what it spans."""

    def flat(result):
        parameters = [np.ravel(layer[key]) for layer in result["final"] for key in ("weight", "bias")]
        return np.concatenate([result["batchLosses"], result["batchLossesWithL2"], *parameters])

    expected, nearest = train_with_numpy(case)
    difference = np.abs(flat(case) - flat(expected)).max()
    assert difference < 1e-12, f"{case['name']}: PyTorch and NumPy differ by {difference}"
    assert nearest > RELU_MARGIN, f"{case['name']}: a ReLU sees {nearest}; take another seed"
    moved = max(
        np.abs(np.subtract(final[key], initial[key])).max()
        for final, initial in zip(case["final"], case["initial"])
        for key in ("weight", "bias")
    )
    largest = max(np.abs(layer[key]).max() for layer in case["final"] for key in ("weight", "bias"))
    losses = case["batchLosses"]
    print(
        f"{case['name']:25} losses {min(losses):.3f} ... {max(losses):.3f}, parameters up to {largest:.2f},"
        f" moved by up to {moved:.2f}, nearest to a ReLU's 0: {nearest:.4f}, NumPy differs by {difference:.0e}"
    )


def write(cases):
    """One line for each key, so that a difference can be read."""
    texts = [",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in case.items()) for case in cases]
    FILE.write_text('{"cases": [\n{\n' + "\n},\n{\n".join(texts) + "\n}\n]}\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        for case in json.loads(FILE.read_text())["cases"]:
            check(case)
    else:
        cases = [draw(*description) for description in CASES]
        for case in cases:
            case.update(train_with_torch(case))
            check(case)
        write(cases)
