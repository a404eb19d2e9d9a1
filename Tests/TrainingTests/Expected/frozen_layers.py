"""Makes frozen_layers.json: ten steps of networks with layers that are not trained, or that learn more slowly, by PyTorch.

    python3 frozen_layers.py

Requirements: Python 3.11, PyTorch 2.13 or later.

`layers` and `optimizer` are those sections of a configuration. Each step takes all rows. `initial` and `final` are the
parameters by their names in files. A layer that is not trained has no `requires_grad`, and a batch normalization among them is
in evaluation mode; each layer is a group of parameters with a learning rate of its own; clipping is `clip_grad_value_` or
`clip_grad_norm_` of all parameters that are trained. l2 is of the weights of dense layers alone.
"""

import json
from pathlib import Path

import torch

FILE = Path(__file__).with_name("frozen_layers.json")
ROWS, INPUTS, STEPS = 12, 4, 10


def dense(units, activation, **more):
    return {"type": "dense", "units": units, "activation": activation, **more}


FROZEN = {"trainable": False}
CASES = [
    (
        [{"type": "batchNorm", **FROZEN}, dense(6, "tanh", **FROZEN), dense(5, "tanh", learningRateFactor=0.5), {"type": "batchNorm", **FROZEN},
         dense(2, "identity")],
        {"type": "sgd", "learningRate": 0.125, "momentum": 0.9, "l2": 0.01, "clipping": {"value": 0.0625}},
    ),
    (
        # No bias before a batch normalization: its gradient is 0, and Adam would step along its rounding errors.
        [dense(6, "identity", bias=False), {"type": "batchNorm", "learningRateFactor": 2}, {"type": "activation", "activation": "tanh"},
         {"type": "layerNorm", **FROZEN}, dense(5, "tanh", **FROZEN), dense(2, "identity", learningRateFactor=0.125)],
        {"type": "adam", "learningRate": 0.03125, "clipping": {"norm": 1}},
    ),
    (
        [{"type": "layerNorm", **FROZEN}, dense(6, "tanh", **FROZEN), dense(2, "identity", **FROZEN, bias=False),
         {"type": "batchNorm"}],
        {"type": "sgd", "learningRate": 0.125},
    ),
]


def module(layer, width):
    kind = layer["type"]
    if kind == "dense":
        return torch.nn.Linear(width, layer["units"], bias=layer.get("bias", True)).double()
    if kind == "batchNorm":
        return torch.nn.BatchNorm1d(width).double()
    if kind == "layerNorm":
        return torch.nn.LayerNorm(width).double()
    return torch.nn.Identity()


def single(tensor):
    return tensor.detach().float().double()


def named(modules):
    return {
        f"layers.{index}.{name}": single(value).tolist()
        for index, one in enumerate(modules) for name, value in one.state_dict().items() if name != "num_batches_tracked"
    }


def exact(modules):
    return {
        f"layers.{index}.{name}": value.tolist()
        for index, one in enumerate(modules) for name, value in one.state_dict().items() if name != "num_batches_tracked"
    }


def case(layers, optimizer):
    modules, width = [], INPUTS
    for layer in layers:
        modules.append(module(layer, width))
        width = layer.get("units", width)
    with torch.no_grad():
        for one in modules:
            for name, value in one.state_dict().items():
                if name == "num_batches_tracked":
                    continue
                value.copy_(single(value + 0.25 * torch.rand_like(value)))
    features, targets = single(torch.randn(ROWS, INPUTS)), single(torch.randn(ROWS, width))
    initial = named(modules)
    groups = []
    for layer, one in zip(layers, modules):
        is_trained = layer.get("trainable", True)
        one.train(is_trained)
        for name, parameter in one.named_parameters():
            parameter.requires_grad = is_trained
            decay = optimizer.get("l2", 0) if layer["type"] == "dense" and name == "weight" else 0
            rate = optimizer["learningRate"] * layer.get("learningRateFactor", 1)
            if is_trained:
                groups.append({"params": [parameter], "lr": rate, "weight_decay": decay})
    rule = (
        torch.optim.Adam(groups) if optimizer["type"] == "adam"
        else torch.optim.SGD(groups, momentum=optimizer.get("momentum", 0)))
    trained = [group["params"][0] for group in groups]
    clipped = 0
    for _ in range(STEPS):
        a = features
        for layer, one in zip(layers, modules):
            a = one(a)
            if layer.get("activation") == "tanh":
                a = torch.tanh(a)
        rule.zero_grad()
        (((a - targets) ** 2).sum() / ROWS).backward()
        clipping = optimizer.get("clipping", {})
        if "value" in clipping:
            clipped += any((p.grad.abs() > clipping["value"]).any() for p in trained)
            torch.nn.utils.clip_grad_value_(trained, clipping["value"])
        if "norm" in clipping:
            clipped += torch.nn.utils.clip_grad_norm_(trained, clipping["norm"]) > clipping["norm"]
        rule.step()
    assert clipped > 0 or not optimizer.get("clipping")
    return dict(
        layers=layers, optimizer=optimizer, features=features.tolist(), targets=targets.tolist(), initial=initial,
        final=exact(modules))


def main():
    torch.manual_seed(3)
    cases = [case(*one) for one in CASES]
    FILE.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(f"made with PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
