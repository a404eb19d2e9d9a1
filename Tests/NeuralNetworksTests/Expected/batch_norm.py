"""Makes batch_norm.json and batch_norm_groups.json: running statistics, gradients and predictions of batch normalization, in double
precision, over whole mini-batches and over groups of 4 of their rows.

    python3 batch_norm.py

Requirements: Python 3.11, numpy 2.4.6. With PyTorch (2.15.0) its `BatchNorm1d` must agree in float64 to 1e-12.

`batches`: mini-batches x, [samples][columns] of float32 numbers, one after another through the same
layer with γ `scale` and β `shift`. After each, `runningMean` and `runningVariance`; `outputs` are those of training,
y = γ (x − μ) / √(σ² + ε) + β. `inputGradient`, `scaleGradient` and `shiftGradient` are those of Σ y² / 2 over the mini-batch.
The last group of a mini-batch has the rows that are left, and 5 where one is left. Running statistics see one group after another.
`predictions` are the outputs for the first mini-batch by the running statistics after the last one.
"""

import json
from pathlib import Path

import numpy as np

EPSILON = 1e-5
MOMENTUM = 0.1
COLUMNS = 6


def floats(array):
    return [[float(x) for x in row] for row in np.asarray(array, np.float32)]


def groups(samples, size):
    """The rows of each group."""
    starts = list(range(0, samples, size))
    if len(starts) > 1 and samples - starts[-1] == 1:
        starts.pop()
    return [slice(start, end) for start, end in zip(starts, starts[1:] + [samples])]


def make(name, sizes, group):
    random = np.random.default_rng(2)
    scale, shift = floats(random.normal(size=(2, COLUMNS)))
    gamma, beta = np.array(scale), np.array(shift)
    mean, variance = np.zeros(COLUMNS), np.ones(COLUMNS)
    batches = []
    for samples in sizes:
        data = floats(random.normal(size=(samples, COLUMNS)) * random.uniform(0.1, 5, COLUMNS) + random.normal(size=COLUMNS) * 3)
        batch = dict(x=data, outputs=[], inputGradient=[])
        all_sums, all_products = 0, 0
        for rows in groups(samples, group or samples):
            x = np.array(data)[rows]
            mu, population = x.mean(axis=0), x.var(axis=0)
            mean = (1 - MOMENTUM) * mean + MOMENTUM * mu
            variance = (1 - MOMENTUM) * variance + MOMENTUM * x.var(axis=0, ddof=1)
            normalized = (x - mu) / np.sqrt(population + EPSILON)
            y = gamma * normalized + beta
            # dC/dy = y for C = sum y^2 / 2
            sums, products = y.sum(axis=0), (y * normalized).sum(axis=0)
            gradient = gamma / np.sqrt(population + EPSILON) * (y - sums / len(x) - normalized * products / len(x))
            batch["outputs"] += y.tolist()
            batch["inputGradient"] += gradient.tolist()
            all_sums, all_products = all_sums + sums, all_products + products
        batch |= dict(
            runningMean=mean.tolist(), runningVariance=variance.tolist(), scaleGradient=all_products.tolist(),
            shiftGradient=all_sums.tolist())
        batches.append(batch)
    predictions = gamma * (np.array(batches[0]["x"]) - mean) / np.sqrt(variance + EPSILON) + beta
    result = dict(scale=scale, shift=shift, batches=batches, predictions=predictions.tolist())
    try:
        import torch
    except ImportError:
        checked = "not compared with PyTorch, which is not here"
    else:
        check_with_torch(torch, result, group)
        checked = f"agrees with PyTorch {torch.__version__}"
    Path(__file__).with_name(name).write_text(json.dumps(result) + "\n")
    print(checked)


def check_with_torch(torch, result, group):
    def agree(tensor, expected):
        assert np.allclose(tensor.detach().numpy(), expected, rtol=1e-12, atol=1e-12)

    layer = torch.nn.BatchNorm1d(COLUMNS, eps=EPSILON, momentum=MOMENTUM, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(result["scale"]))
        layer.bias.copy_(torch.tensor(result["shift"]))
    for batch in result["batches"]:
        x = torch.tensor(batch["x"], dtype=torch.float64, requires_grad=True)
        layer.zero_grad()
        y = torch.cat([layer(x[rows]) for rows in groups(len(x), group or len(x))])
        (y.square().sum() / 2).backward()
        agree(y, batch["outputs"])
        agree(x.grad, batch["inputGradient"])
        agree(layer.weight.grad, batch["scaleGradient"])
        agree(layer.bias.grad, batch["shiftGradient"])
        agree(layer.running_mean, batch["runningMean"])
        agree(layer.running_var, batch["runningVariance"])
    layer.eval()
    agree(layer(torch.tensor(result["batches"][0]["x"], dtype=torch.float64)), result["predictions"])


if __name__ == "__main__":
    make("batch_norm.json", [7, 12, 2, 16], None)
    make("batch_norm_groups.json", [7, 9, 2, 16, 13, 3], 4)
