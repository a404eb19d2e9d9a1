"""Makes batch_norm.json: running statistics, gradients and predictions of batch normalization, in double precision.

    python3 batch_norm.py

Requirements: Python 3.11, numpy 2.4.6. With PyTorch (2.15.0) its `BatchNorm1d` must agree in float64 to 1e-12.

`batches`: mini-batches x, [samples][columns] of float32 numbers, one after another through the same
layer with γ `scale` and β `shift`. After each, `runningMean` and `runningVariance`; `outputs` are those of training,
y = γ (x − μ) / √(σ² + ε) + β. `inputGradient`, `scaleGradient` and `shiftGradient` are those of Σ y² / 2 over the mini-batch.
`predictions` are the outputs for the first mini-batch by the running statistics after the last one.
"""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("batch_norm.json")
EPSILON = 1e-5
MOMENTUM = 0.1
COLUMNS = 6


def floats(array):
    return [[float(x) for x in row] for row in np.asarray(array, np.float32)]


def main():
    random = np.random.default_rng(2)
    scale, shift = floats(random.normal(size=(2, COLUMNS)))
    gamma, beta = np.array(scale), np.array(shift)
    mean, variance = np.zeros(COLUMNS), np.ones(COLUMNS)
    batches = []
    for samples in [7, 12, 2, 16]:
        data = floats(random.normal(size=(samples, COLUMNS)) * random.uniform(0.1, 5, COLUMNS) + random.normal(size=COLUMNS) * 3)
        x = np.array(data)
        mu, population = x.mean(axis=0), x.var(axis=0)
        mean = (1 - MOMENTUM) * mean + MOMENTUM * mu
        variance = (1 - MOMENTUM) * variance + MOMENTUM * x.var(axis=0, ddof=1)
        normalized = (x - mu) / np.sqrt(population + EPSILON)
        y = gamma * normalized + beta
        # dC/dy = y for C = sum y^2 / 2
        sums, products = y.sum(axis=0), (y * normalized).sum(axis=0)
        gradient = gamma / np.sqrt(population + EPSILON) * (y - sums / samples - normalized * products / samples)
        batches.append(
            dict(
                x=data, runningMean=mean.tolist(), runningVariance=variance.tolist(), outputs=y.tolist(),
                inputGradient=gradient.tolist(), scaleGradient=products.tolist(), shiftGradient=sums.tolist()))
    predictions = gamma * (np.array(batches[0]["x"]) - mean) / np.sqrt(variance + EPSILON) + beta
    result = dict(scale=scale, shift=shift, batches=batches, predictions=predictions.tolist())
    try:
        import torch
    except ImportError:
        checked = "not compared with PyTorch, which is not here"
    else:
        check_with_torch(torch, result)
        checked = f"agrees with PyTorch {torch.__version__}"
    FILE.write_text(json.dumps(result) + "\n")
    print(checked)


def check_with_torch(torch, result):
    def agree(tensor, expected):
        assert np.allclose(tensor.detach().numpy(), expected, rtol=1e-12, atol=1e-12)

    layer = torch.nn.BatchNorm1d(COLUMNS, eps=EPSILON, momentum=MOMENTUM, dtype=torch.float64)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor(result["scale"]))
        layer.bias.copy_(torch.tensor(result["shift"]))
    for batch in result["batches"]:
        x = torch.tensor(batch["x"], dtype=torch.float64, requires_grad=True)
        layer.zero_grad()
        y = layer(x)
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
    main()
