"""Makes weights.json: ten steps with weights of samples and classes, smoothed labels and soft targets, by PyTorch in Double.

    python3 weights.py > weights.json

Requirements: Python 3.11, torch 2.15.0 (CPU). 11 rows in file order, 4 at a time: mini-batches of 4, 4, 3, ... The loss of a
mini-batch is the mean of the losses of its samples, weighted by the weight of each sample times that of its class; one
mini-batch has no weight at all.
"""

import json

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
ROWS, BATCH, STEPS, CLASSES = 11, 4, 10, 3
RATE = 0.5


def floats(tensor):
    return tensor.float().double()


torch.manual_seed(7)
FEATURES = floats(torch.randn(ROWS, 4))
LABELS = [0, 1, 2, 0, 1, 1, 0, 0, 2, 0, 1]
WEIGHTS = floats(torch.rand(ROWS) * 3)
WEIGHTS[5] = 0
EMPTY = WEIGHTS.clone()
EMPTY[4:8] = 0
CLASS_WEIGHTS = torch.tensor([0.5, 2.0, 3.25])
SOFT = torch.softmax(2 * torch.randn(ROWS, CLASSES), dim=1)
# In eighths, so that they have the sum 1 in Float too.
SOFT = torch.round(SOFT * 8) / 8
SOFT[:, 0] += 1 - SOFT.sum(dim=1)
MANY = (torch.rand(ROWS, CLASSES) > 0.6).double()
NUMBERS = floats(torch.randn(ROWS, CLASSES))


def balanced(weights):
    totals = torch.zeros(CLASSES).index_add(0, torch.tensor(LABELS), weights)
    return totals.sum() / (CLASSES * totals)


def case(name, kind, weights=None, class_weights=None, smoothing=0.0, clipping=None):
    torch.manual_seed(11)
    weight = floats(torch.randn(CLASSES, 4) / 2).requires_grad_()
    bias = floats(torch.randn(CLASSES) / 4).requires_grad_()
    initial = {"weight": weight.tolist(), "bias": bias.tolist()}
    optimizer = torch.optim.SGD([weight, bias], lr=RATE)
    one_hot = F.one_hot(torch.tensor(LABELS), CLASSES).double()
    values = None
    if class_weights == "balanced":
        values = balanced(torch.ones(ROWS) if weights is None else weights)
    elif class_weights is not None:
        values = CLASS_WEIGHTS
    rows = torch.ones(ROWS) if weights is None else weights
    if values is not None:
        rows = rows * values[torch.tensor(LABELS)]
    losses = []
    for step in range(STEPS):
        first = BATCH * (step % 3)
        part = slice(first, min(first + BATCH, ROWS))
        z = FEATURES[part] @ weight.T + bias
        w = rows[part]
        if kind == "labels":
            y = one_hot[part] * (1 - smoothing) + smoothing / CLASSES
            own = -(y * F.log_softmax(z, dim=1)).sum(dim=1)
        elif kind == "distributions":
            y = SOFT[part] * (1 - smoothing) + smoothing / CLASSES
            own = F.cross_entropy(z, y, reduction="none")
        elif kind == "several":
            y = MANY[part] * (1 - smoothing) + smoothing / 2
            own = F.binary_cross_entropy_with_logits(z, y, reduction="none").sum(dim=1)
        else:
            own = ((z - NUMBERS[part]) ** 2).sum(dim=1)
        total = w.sum()
        loss = (w * own).sum() / total if total > 0 else 0 * own.sum()
        losses.append(loss.item())
        if kind == "labels" and weights is None and class_weights is not None and smoothing == 0:
            torch.testing.assert_close(loss, F.cross_entropy(z, torch.tensor(LABELS[part]), weight=values))
        optimizer.zero_grad()
        loss.backward()
        if clipping:
            torch.nn.utils.clip_grad_norm_([weight, bias], clipping)
        optimizer.step()
    return {
        "name": name, "kind": kind, "weights": None if weights is None else weights.tolist(),
        "classWeights": "balanced" if class_weights == "balanced" else None if values is None else
        {str(i): v for i, v in enumerate(values.tolist())},
        "smoothing": smoothing, "clipping": clipping, "initial": initial, "batchLosses": losses,
        "final": {"weight": weight.tolist(), "bias": bias.tolist()},
    }


print(json.dumps({
    "features": FEATURES.tolist(), "labels": LABELS, "soft": SOFT.tolist(), "several": MANY.tolist(),
    "numbers": NUMBERS.tolist(), "batchSize": BATCH, "learningRate": RATE,
    "cases": [
        case("samples", "labels", weights=WEIGHTS),
        case("aMiniBatchOfNone", "labels", weights=EMPTY),
        case("classes", "labels", class_weights="given"),
        case("balanced", "labels", class_weights="balanced"),
        case("both", "labels", weights=WEIGHTS, class_weights="balanced", smoothing=0.125),
        case("smoothing", "labels", smoothing=0.25),
        case("clipping", "labels", weights=WEIGHTS, clipping=0.25),
        case("distributions", "distributions", weights=WEIGHTS),
        case("smoothDistributions", "distributions", smoothing=0.25),
        case("several", "several", weights=WEIGHTS, smoothing=0.125),
        case("numbers", "numbers", weights=WEIGHTS, clipping=1.0),
    ],
}, indent=1))
