"""Makes ten_steps.json: ten steps computed by PyTorch in float64, for networks and optimizers of every kind.

    python3 ten_steps.py            trains with PyTorch, checks the result with NumPy, writes ten_steps.json
    python3 ten_steps.py --check    checks the ten_steps.json that is there; needs NumPy and SciPy only

Requirements: Python 3.11, numpy 2.4.6, scipy 1 (erf), torch 2.13.0 (CPU) or later. Other versions give the same numbers to about 1e-14.

The 12 rows are taken in file order, 5 at a time: mini-batches of 5, 5, 2, 5, 5, 2, 5, 5, 2, 5. `batchLosses` are the
mean losses of these mini-batches before their updates, without the l2 term; `batchLossesWithL2` have it:
(l2 / 2) * the sum of all squared weights, not biases. `final` are the parameters after the tenth update.
Weights are [out][in]; a layer of the type batchNorm has γ as weight, β as bias, and the running statistics of
torch.nn.BatchNorm1d, one of the type layerNorm γ and β of torch.nn.LayerNorm. Features, targets and initial parameters are float32 numbers in 9 significant digits, so a reader
that parses them as Float starts from exactly the numbers used here. `clipping` is the bound of clip_grad_norm_, and the l2
term is in the gradient after it.

The check is a second implementation with a backward pass by hand. It also asserts that no ReLU ever sees a
pre-activation so close to 0 that float32 and float64 could disagree about its sign.
"""

import json
import sys
from pathlib import Path

import numpy as np
from scipy.special import erf

FILE = Path(__file__).with_name("ten_steps.json")
ROWS, BATCH_SIZE, STEPS = 12, 5, 10
SLOPE = 0.01  # of leakyRelu
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
RELU_MARGIN = 1e-3

# name, seed, inputs, layers, loss, learning rate, l2, kind of targets, and further keys: optimizer, clipping.
# A layer is units, an activation and further keys, or the word batchNorm or layerNorm, or such a layer with its keys.
# A seed is the number of the case; 100 is added until its ReLUs stay away from 0, until some steps are clipped and some
# are not, and with batch normalization until rounding errors do not grow: in mini-batches of two they may.
CASES = [
    ("squaredError", 1, 3, [(4, "tanh"), (2, "identity")], "squaredError", 0.125, 0, "real"),
    ("halfSquaredError", 2, 4, [(7, "sigmoid"), (3, "sigmoid")], "halfSquaredError", 0.5, 0, "unit"),
    ("meanSquaredError", 3, 4, [(7, "relu"), (3, "identity")], "meanSquaredError", 0.125, 0, "real"),
    ("binaryCrossEntropy", 4, 3, [(4, "tanh"), (1, "sigmoid")], "binaryCrossEntropy", 0.5, 0, "label"),
    ("binaryCrossEntropyOfFive", 105, 4, [(7, "leakyRelu"), (5, "sigmoid")], "binaryCrossEntropy", 0.25, 0.03125, "label"),
    ("crossEntropy", 206, 4, [(7, "relu"), (5, "sigmoid"), (3, "softmax")], "crossEntropy", 0.5, 0.015625, "label"),
    ("logisticRegression", 7, 5, [(1, "sigmoid")], "binaryCrossEntropy", 0.5, 0.0625, "label"),
    ("brier", 8, 4, [(6, "tanh"), (3, "softmax")], "squaredError", 0.5, 0, "oneHot"),
    ("silu", 9, 4, [(6, "silu"), (5, "silu"), (2, "identity")], "squaredError", 0.125, 0, "real"),
    (
        "batchNormAndAdam", 3610, 4, ["batchNorm", (7, "relu"), "batchNorm", (6, "relu"), (3, "softmax")], "crossEntropy",
        0.03125, 0.015625, "label", {"optimizer": "adam"},
    ),
    ("clipping", 11, 4, [(6, "tanh"), (3, "softmax")], "crossEntropy", 0.5, 0.03125, "label", {"clipping": 0.5}),
    (
        "clippingAndAdam", 112, 4, [(6, "tanh"), "batchNorm", (2, "identity")], "squaredError", 0.03125, 0, "real",
        {"optimizer": "adam", "clipping": 2.0},
    ),
    ("elus", 13, 4, [(6, "elu"), (7, "selu"), (5, "gelu"), (2, "identity")], "squaredError", 0.0625, 0, "real"),
    ("smooth", 14, 4, [(6, "mish"), (7, "softplus"), (5, "softsign"), (6, "hardSigmoid"), (3, "softmax")], "crossEntropy", 0.5, 0, "label"),
    ("withoutBias", 15, 4, [(6, "gelu", {"bias": False}), (3, "softmax", {"bias": False})], "crossEntropy", 0.5, 0.015625, "label"),
    ("meanAbsoluteError", 17, 4, [(7, "tanh"), (3, "identity")], "meanAbsoluteError", 0.125, 0, "real"),
    ("huber", 18, 4, [(7, "tanh"), (3, "identity")], "huber", 0.25, 0.015625, "real"),
    ("poisson", 19, 4, [(7, "tanh"), (2, "exponential")], "poisson", 0.0625, 0, "count"),
    ("hinge", 20, 4, [(7, "tanh"), (3, "identity")], "hinge", 0.25, 0.015625, "label"),
    ("exponential", 21, 4, [(5, "exponential"), (2, "identity")], "squaredError", 0.015625, 0, "real"),
    (
        "layerNormAndBatchNorm", 16, 4,
        [(7, "gelu", {"bias": False}), "layerNorm", (6, "identity", {"bias": False}),
         {"type": "batchNorm", "momentum": 0.25, "epsilon": 0.125}, (5, "tanh"), {"type": "layerNorm", "epsilon": 0.25}, (3, "softmax")],
        "crossEntropy", 0.25, 0.015625, "label",
    ),
]


def norm_type(layer):
    """The type of a normalization; None for a dense layer."""
    return layer.get("type") if isinstance(layer, dict) else layer if isinstance(layer, str) else None


def draw(name, seed, inputs, layers, loss, learning_rate, l2, kind, more={}):
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
        "count": lambda: random.poisson(2, size=(ROWS, outputs)).astype(float),
        "unit": lambda: random.uniform(size=(ROWS, outputs)),
        "oneHot": lambda: np.eye(classes)[labels],
        "label": lambda: labels[:, None] if outputs == 1 else np.eye(classes)[labels],
    }[kind]()
    initial, width = [], inputs
    for layer in layers:
        if norm_type(layer):
            initial.append(
                {
                    "weight": floats(1 + 0.25 * random.normal(size=width)),
                    "bias": floats(0.25 * random.normal(size=width)),
                }
            )
            if norm_type(layer) == "batchNorm":
                initial[-1] |= {"running_mean": floats(np.zeros(width)), "running_var": floats(np.ones(width))}
            continue
        units, keys = layer[0], dict(*layer[2:])
        weight = random.normal(size=(units, width)) / np.sqrt(width)
        initial.append({"weight": floats(weight)})
        if keys.get("bias", True):
            initial[-1]["bias"] = floats(0.25 * random.normal(size=units))
        width = units
    return {
        "name": name,
        "seed": seed,
        "layers": [
            layer
            if isinstance(layer, dict)
            else {"type": layer}
            if isinstance(layer, str)
            else {"units": layer[0], "activation": layer[1], **dict(*layer[2:])}
            for layer in layers
        ],
        "inputs": inputs,
        "loss": loss,
        "learningRate": learning_rate,
        "l2": l2,
        **more,
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

    parameters = [{name: array(values) for name, values in layer.items()} for layer in case["initial"]]
    return array(case["features"]), array(case["targets"]), parameters


def batches():
    """The rows of the mini-batch of each step."""
    starts = range(0, ROWS, BATCH_SIZE)
    for step in range(STEPS):
        first = starts[step % len(starts)]
        yield slice(first, min(first + BATCH_SIZE, ROWS))


def results(losses, losses_with_l2, parameters):
    final = [{name: values.tolist() for name, values in layer.items()} for layer in parameters]
    return {"batchLosses": losses, "batchLossesWithL2": losses_with_l2, "final": final}


def is_dense(layer):
    return "units" in layer


def norm_axis(layer):
    """What a normalization takes its statistics over: samples, or features."""
    return 0 if layer["type"] == "batchNorm" else 1


def l2_term(case, parameters):
    """The l2 term of the loss: weights of dense layers decay, and nothing else."""
    weights = [own["weight"] for own, layer in zip(parameters, case["layers"]) if is_dense(layer)]
    return case["l2"] / 2 * sum((weight**2).sum() for weight in weights)


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
        "silu": F.silu,
        "elu": F.elu,
        "selu": F.selu,
        "gelu": F.gelu,
        "mish": F.mish,
        "softplus": F.softplus,
        "softsign": F.softsign,
        # F.hardsigmoid multiplies by 1/6 as a float32.
        "hardSigmoid": lambda z: torch.clamp(z / 6 + 0.5, 0, 1),
        "exponential": torch.exp,
        "softmax": lambda z: torch.softmax(z, dim=1),
    }
    features, targets, initial = start(case)
    features, targets = torch.from_numpy(features), torch.from_numpy(targets)
    parameters = [
        {name: torch.tensor(p, requires_grad=not name.startswith("running")) for name, p in layer.items()}
        for layer in initial
    ]
    trained = [p for layer in parameters for p in layer.values() if p.requires_grad]
    decaying = [own["weight"] for own, layer in zip(parameters, case["layers"]) if is_dense(layer)]
    others = [p for p in trained if not any(p is weight for weight in decaying)]
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[case.get("optimizer", "sgd")](
        [{"params": decaying, "weight_decay": case["l2"]}, {"params": others}], lr=case["learningRate"]
    )

    def hinge(a, y):
        """The loss of Crammer and Singer; PyTorch's multi_margin_loss sums over all classes instead."""
        own = (a * y).sum(dim=1)
        rival = a.masked_fill(y > 0, -torch.inf).max(dim=1).values
        return torch.clamp(1 - own + rival, min=0).sum()

    losses, losses_with_l2 = [], []
    for rows in batches():
        a, y = features[rows], targets[rows]
        for own, layer in zip(parameters, case["layers"]):
            if is_dense(layer):
                z = F.linear(a, own["weight"], own.get("bias"))
                a = activations[layer["activation"]](z)
            elif layer["type"] == "layerNorm":
                a = F.layer_norm(a, a.shape[1:], own["weight"], own["bias"], layer.get("epsilon", 1e-5))
            else:
                a = F.batch_norm(
                    a, own["running_mean"], own["running_var"], own["weight"], own["bias"], training=True,
                    momentum=layer.get("momentum", 0.1), eps=layer.get("epsilon", 1e-5),
                )
        loss_sum = {
            "squaredError": lambda: F.mse_loss(a, y, reduction="sum"),
            "halfSquaredError": lambda: F.mse_loss(a, y, reduction="sum") / 2,
            "meanSquaredError": lambda: F.mse_loss(a, y, reduction="sum") / y.shape[1],
            "meanAbsoluteError": lambda: F.l1_loss(a, y, reduction="sum") / y.shape[1],
            "huber": lambda: F.huber_loss(a, y, reduction="sum") / y.shape[1],
            "poisson": lambda: F.poisson_nll_loss(z, y, log_input=True, reduction="sum"),
            "hinge": lambda: hinge(a, y),
            "binaryCrossEntropy": lambda: F.binary_cross_entropy_with_logits(z, y, reduction="sum"),
            "crossEntropy": lambda: F.cross_entropy(z, y.argmax(dim=1), reduction="sum"),
        }[case["loss"]]()
        loss = loss_sum / len(y)
        losses.append(loss.item())
        losses_with_l2.append((loss + l2_term(case, parameters)).item())
        optimizer.zero_grad()
        loss.backward()
        if "clipping" in case:
            torch.nn.utils.clip_grad_norm_(trained, case["clipping"])
        optimizer.step()
    return results(losses, losses_with_l2, [{n: p.detach().numpy() for n, p in own.items()} for own in parameters])


def train_with_numpy(case):
    """The same with a backward pass by hand; also the pre-activation of a ReLU that came nearest to 0."""
    features, targets, parameters = start(case)
    layers = case["layers"]
    loss, rate, l2 = case["loss"], case["learningRate"], case["l2"]
    moments = [{name: (0.0, 0.0) for name in own} for own in parameters]

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
            "silu": lambda: z / (1 + np.exp(-z)),
            "elu": lambda: np.where(z > 0, z, np.expm1(z)),
            "selu": lambda: SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(z)),
            "gelu": lambda: z * (1 + erf(z / np.sqrt(2))) / 2,
            "mish": lambda: z * np.tanh(np.log1p(np.exp(z))),
            "softplus": lambda: np.log1p(np.exp(z)),
            "softsign": lambda: z / (1 + np.abs(z)),
            "hardSigmoid": lambda: np.clip(z / 6 + 0.5, 0, 1),
            "exponential": lambda: np.exp(z),
        }[name]()

    def derivative(name, z, a, gradient):
        """The gradient over z from the gradient over a = activation(z)."""
        if name == "softmax":
            return a * (gradient - (gradient * a).sum(axis=1, keepdims=True))
        return gradient * {
            "identity": lambda: np.ones_like(a),
            "sigmoid": lambda: a * (1 - a),
            "tanh": lambda: 1 - a * a,
            "relu": lambda: np.where(a > 0, 1, 0),
            "leakyRelu": lambda: np.where(a > 0, 1, SLOPE),
            "silu": lambda: (1 + z / (1 + np.exp(z))) / (1 + np.exp(-z)),
            "elu": lambda: np.where(z > 0, 1, np.exp(z)),
            "selu": lambda: SELU_SCALE * np.where(z > 0, 1, SELU_ALPHA * np.exp(z)),
            "gelu": lambda: (1 + erf(z / np.sqrt(2))) / 2 + z * np.exp(-z * z / 2) / np.sqrt(2 * np.pi),
            "mish": lambda: np.tanh(np.log1p(np.exp(z))) + z / np.cosh(np.log1p(np.exp(z))) ** 2 / (1 + np.exp(-z)),
            "softplus": lambda: 1 / (1 + np.exp(-z)),
            "softsign": lambda: 1 / (1 + np.abs(z)) ** 2,
            "hardSigmoid": lambda: np.where(np.abs(z) < 3, 1 / 6, 0),
            "exponential": lambda: a,
        }[name]()

    def update(step, own, moments, gradients):
        """The parameters of a layer after a step, and their moments."""
        new, new_moments = dict(own), dict(moments)
        for name, gradient in gradients.items():
            if case.get("optimizer") == "adam":
                m, v = moments[name]
                m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
                new_moments[name] = (m, v)
                gradient = m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
            new[name] = own[name] - rate * gradient
        return new, new_moments

    nearest, clipped = np.inf, 0
    losses, losses_with_l2 = [], []
    for step, rows in enumerate(batches(), 1):
        y = targets[rows]
        a, z, normalized = [features[rows]], [], {}
        for index, (own, layer) in enumerate(zip(parameters, layers)):
            if is_dense(layer):
                z.append(a[-1] @ own["weight"].T + own.get("bias", 0))
                if layer["activation"] in ("relu", "leakyRelu", "selu"):
                    nearest = min(nearest, np.abs(z[-1]).min())
                a.append(activation(layer["activation"], z[-1]))
            else:
                axis = norm_axis(layer)
                mean, variance = a[-1].mean(axis=axis, keepdims=True), a[-1].var(axis=axis, keepdims=True)
                deviation = np.sqrt(variance + layer.get("epsilon", 1e-5))
                normalized[index] = ((a[-1] - mean) / deviation, deviation)
                z.append(own["weight"] * normalized[index][0] + own["bias"])
                a.append(z[-1])
                if layer["type"] == "batchNorm":
                    share = layer.get("momentum", 0.1)
                    own["running_mean"] = (1 - share) * own["running_mean"] + share * mean[0]
                    unbiased = variance[0] * len(y) / (len(y) - 1)
                    own["running_var"] = (1 - share) * own["running_var"] + share * unbiased
        out, last = a[-1], layers[-1]["activation"]
        if loss.endswith("quaredError"):
            factor = {"squaredError": 1, "halfSquaredError": 1 / 2, "meanSquaredError": 1 / y.shape[1]}[loss]
            loss_sum = factor * ((out - y) ** 2).sum()
            delta = derivative(last, z[-1], out, 2 * factor * (out - y))
        elif loss in ("meanAbsoluteError", "huber"):
            d = out - y
            loss_sum = np.abs(d) if loss != "huber" else np.where(np.abs(d) <= 1, d * d / 2, np.abs(d) - 1 / 2)
            loss_sum = loss_sum.sum() / y.shape[1]
            slope = np.sign(d) if loss != "huber" else np.clip(d, -1, 1)
            delta = derivative(last, z[-1], out, slope / y.shape[1])
        elif loss == "poisson":
            loss_sum = (out - y * z[-1]).sum()
            delta = out - y
        elif loss == "hinge":
            own, rivals = (out * y).sum(axis=1), np.where(y > 0, -np.inf, out)
            margins = 1 - own + rivals.max(axis=1)
            loss_sum = np.maximum(margins, 0).sum()
            delta = (margins > 0)[:, None] * (np.eye(y.shape[1])[rivals.argmax(axis=1)] - y)
        else:
            log_likelihood = y * np.log(out)
            if loss == "binaryCrossEntropy":
                log_likelihood += (1 - y) * np.log(1 - out)
            loss_sum = -log_likelihood.sum()
            delta = out - y  # with sigmoid and with softmax
        losses.append(float(loss_sum / len(y)))
        losses_with_l2.append(float(loss_sum / len(y) + l2_term(case, parameters)))
        gradients = []
        for index in reversed(range(len(layers))):
            own, layer = parameters[index], layers[index]
            if is_dense(layer):
                if index < len(layers) - 1:
                    delta = derivative(layer["activation"], z[index], a[index + 1], delta)
                gradients.insert(0, {"weight": delta.T @ a[index] / len(y)})
                if "bias" in own:
                    gradients[0]["bias"] = delta.sum(axis=0) / len(y)
                delta = delta @ own["weight"]
            else:
                x, deviation = normalized[index]
                gradients.insert(0, {"weight": (delta * x).sum(axis=0) / len(y), "bias": delta.sum(axis=0) / len(y)})
                axis, delta = norm_axis(layer), delta * own["weight"]
                mean, product = delta.mean(axis=axis, keepdims=True), (delta * x).mean(axis=axis, keepdims=True)
                delta = (delta - mean - x * product) / deviation
        if "clipping" in case:
            norm = np.sqrt(sum((g**2).sum() for own in gradients for g in own.values()))
            clipped += norm > case["clipping"]
            gradients = [{n: g * min(1, case["clipping"] / (norm + 1e-6)) for n, g in own.items()} for own in gradients]
        for index, layer in enumerate(layers):
            if is_dense(layer):
                gradients[index]["weight"] = gradients[index]["weight"] + l2 * parameters[index]["weight"]
            parameters[index], moments[index] = update(step, parameters[index], moments[index], gradients[index])
    assert "clipping" not in case or 0 < clipped < STEPS, f"{case['name']}: {clipped} steps are clipped"
    return results(losses, losses_with_l2, parameters), nearest


def check(case):
    """Compares a finished case with NumPy and prints what it spans."""

    def flat(result):
        parameters = [np.ravel(values) for layer in result["final"] for values in layer.values()]
        return np.concatenate([result["batchLosses"], result["batchLossesWithL2"], *parameters])

    expected, nearest = train_with_numpy(case)
    difference = np.abs(flat(case) - flat(expected)).max()
    assert difference < 1e-12, f"{case['name']}: PyTorch and NumPy differ by {difference}"
    assert nearest > RELU_MARGIN, f"{case['name']}: a ReLU sees {nearest}; take another seed"
    moved = max(
        np.abs(np.subtract(final[key], initial[key])).max()
        for final, initial in zip(case["final"], case["initial"])
        for key in final
    )
    largest = max(np.abs(values).max() for layer in case["final"] for values in layer.values())
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
