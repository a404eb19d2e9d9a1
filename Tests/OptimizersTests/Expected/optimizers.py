"""Makes optimizers.json: twenty steps of Adam, and factors of clipping by the global norm, in double precision.

    python3 optimizers.py

Requirements: Python 3.11, numpy 2.4.6. With PyTorch (2.15.0) its `torch.optim.Adam` and `clip_grad_norm_` must agree in
float64 to 1e-14.

`start` and `gradients` are float32 numbers; all others are float64.

`adam`: cases with the coefficients as float64, `start` and for each step `gradients` (the mean gradient, without decay)
and the `parameters` after the step; `first` and `second` are the moments after the last one. `decay` is PyTorch's
`weight_decay`, the l2 of Lockstep.
`clipping`: `gradients` summed over `samples` samples, the norm `limit`, and the `factor` of the mean gradient.
"""

import json
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("optimizers.json")
STEPS = 20
SIZE = 16


def floats(array):
    return [float(x) for x in np.asarray(array, np.float32).ravel()]


def adam(start, gradients, rate, beta1, beta2, epsilon, decay):
    w = np.array(start)
    m = np.zeros(SIZE)
    v = np.zeros(SIZE)
    parameters = []
    for t, gradient in enumerate(gradients, 1):
        g = np.array(gradient) + decay * w
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        w = w - rate / (1 - beta1**t) * m / (np.sqrt(v) / np.sqrt(1 - beta2**t) + epsilon)
        parameters.append(w.tolist())
    return parameters, m.tolist(), v.tolist()


def factor(gradients, samples, limit):
    norm = np.sqrt(np.sum(np.square(np.array(gradients)))) / samples
    return min(1.0, limit / (norm + 1e-6))


def check_with_torch(case):
    import torch

    w = torch.tensor(case["start"], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam(
        [w], lr=case["rate"], betas=(case["beta1"], case["beta2"]), eps=case["epsilon"], weight_decay=case["decay"])
    for gradient, expected in zip(case["gradients"], case["parameters"]):
        w.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        assert np.allclose(w.detach().numpy(), expected, rtol=1e-14, atol=1e-14)


def check_clipping_with_torch(case):
    import torch

    w = torch.zeros(len(case["gradients"]), dtype=torch.float64, requires_grad=True)
    mean = np.array(case["gradients"]) / case["samples"]
    w.grad = torch.tensor(mean)
    torch.nn.utils.clip_grad_norm_([w], case["limit"])
    assert np.allclose(w.grad.numpy(), mean * case["factor"], rtol=1e-14, atol=0)


def main():
    random = np.random.default_rng(1)
    cases = []
    for rate, beta1, beta2, epsilon, decay in [
        (0.001, 0.9, 0.999, 1e-8, 0), (0.01, 0.9, 0.999, 1e-8, 0.1), (0.1, 0.5, 0.75, 0.01, 0), (0.02, 0.0, 0.9, 1e-3, 0.01),
    ]:
        start = floats(random.normal(size=SIZE))
        gradients = [floats(random.normal(size=SIZE) * random.choice([1, 10, 0.1], SIZE)) for _ in range(STEPS)]
        parameters, first, second = adam(start, gradients, rate, beta1, beta2, epsilon, decay)
        cases.append(
            dict(
                rate=rate, beta1=beta1, beta2=beta2, epsilon=epsilon, decay=decay, start=start, gradients=gradients,
                parameters=parameters, first=first, second=second))
    clipping = []
    for samples, limit in [(1, 1), (8, 1), (8, 0.25), (3, 100), (1, 1e-3)]:
        gradients = floats(random.normal(size=SIZE) * 3)
        clipping.append(
            dict(gradients=gradients, samples=samples, limit=limit, factor=factor(gradients, samples, limit)))
    clipping.append(dict(gradients=[0.0] * SIZE, samples=2, limit=1e-9, factor=factor([0.0] * SIZE, 2, 1e-9)))
    try:
        import torch
    except ImportError:
        checked = "not compared with PyTorch, which is not here"
    else:
        for case in cases:
            check_with_torch(case)
        for case in clipping:
            check_clipping_with_torch(case)
        checked = f"agrees with PyTorch {torch.__version__}"
    FILE.write_text(
        '{"adam": [\n' + ",\n".join(json.dumps(case) for case in cases) + '\n],\n"clipping": [\n'
        + ",\n".join(json.dumps(case) for case in clipping) + "\n]}\n")
    print(checked)


if __name__ == "__main__":
    main()
