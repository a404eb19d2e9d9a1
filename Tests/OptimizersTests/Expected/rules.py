"""Makes rules.json: twenty steps of every rule in double precision, by PyTorch.

    python3 rules.py

Requirements: Python 3.11, PyTorch 2.13 or later.

`section` is the section `optimizer` of a configuration. `start` and `gradients` are float32 numbers, the mean gradients
without penalties; `parameters` are those after each step. PyTorch's `weight_decay` is Lockstep's `l2`, but for AdamW, whose
is `weightDecay`; λ sign(w) is added to the gradient for `l1`; and the decoupled decay of other rules is
w *= 1 - η λ before the step, as AdamW does it.
"""

import json
from pathlib import Path

import torch

FILE = Path(__file__).with_name("rules.json")
STEPS = 20
SIZE = 16

KINDS = {
    "sgd": (torch.optim.SGD, {"momentum": "momentum", "nesterov": "nesterov"}),
    "adam": (torch.optim.Adam, {"epsilon": "eps"}),
    "adamw": (torch.optim.AdamW, {"epsilon": "eps"}),
    "nadam": (torch.optim.NAdam, {"epsilon": "eps", "momentumDecay": "momentum_decay"}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": "alpha", "epsilon": "eps", "momentum": "momentum"}),
    "adagrad": (torch.optim.Adagrad, {"epsilon": "eps"}),
}

CASES = [
    {"type": "sgd", "learningRate": 0.1},
    {"type": "sgd", "learningRate": 0.1, "l2": 0.01, "l1": 0.001},
    {"type": "sgd", "learningRate": 0.1, "momentum": 0.9},
    {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "l2": 0.1},
    {"type": "sgd", "learningRate": 0.05, "momentum": 0.5, "nesterov": True},
    {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True, "l2": 0.01, "weightDecay": 0.1},
    {"type": "adam"},
    {"type": "adam", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.99, "l2": 0.1},
    {"type": "adam", "learningRate": 0.01, "l1": 0.05},
    {"type": "adamw"},
    {"type": "adamw", "learningRate": 0.01, "weightDecay": 0.5, "beta2": 0.95},
    {"type": "adamw", "learningRate": 0.01, "weightDecay": 0},
    {"type": "nadam"},
    {"type": "nadam", "learningRate": 0.01, "beta1": 0.5, "momentumDecay": 0.2, "l2": 0.1},
    {"type": "nadam", "learningRate": 0.01, "weightDecay": 0.5, "momentumDecay": 0},
    {"type": "rmsprop"},
    {"type": "rmsprop", "learningRate": 0.002, "alpha": 0.9, "momentum": 0.9},
    {"type": "rmsprop", "learningRate": 0.01, "alpha": 0.5, "epsilon": 0.001, "l2": 0.1, "weightDecay": 0.2},
    {"type": "adagrad"},
    {"type": "adagrad", "learningRate": 0.1, "epsilon": 0.01, "l2": 0.1, "l1": 0.01},
    {"type": "adagrad", "learningRate": 0.1, "weightDecay": 0.1},
]


def optimizer(section, w):
    make, names = KINDS[section["type"]]
    arguments = {name: section[key] for key, name in names.items() if key in section}
    if "learningRate" in section:
        arguments["lr"] = section["learningRate"]
    if "beta1" in section or "beta2" in section:
        arguments["betas"] = (section.get("beta1", 0.9), section.get("beta2", 0.999))
    if section["type"] == "adamw":
        if "weightDecay" in section:
            arguments["weight_decay"] = section["weightDecay"]
    else:
        arguments["weight_decay"] = section.get("l2", 0)
    return make([w], **arguments)


def parameters(section, start, gradients):
    w = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = optimizer(section, w)
    result = []
    for gradient in gradients:
        w.grad = torch.tensor(gradient, dtype=torch.float64) + section.get("l1", 0) * torch.sign(w.detach())
        if section["type"] != "adamw" and section.get("weightDecay", 0) > 0:
            # The penalty is of the weights before the decay.
            w.grad += section.get("l2", 0) * w.detach()
            rule.param_groups[0]["weight_decay"] = 0
            with torch.no_grad():
                w *= 1 - rule.param_groups[0]["lr"] * section["weightDecay"]
        rule.step()
        result.append(w.detach().tolist())
    return result


def main():
    torch.manual_seed(1)
    cases = []
    for section in CASES:
        start = torch.randn(SIZE).tolist()
        sizes = torch.tensor([1.0, 10.0, 0.1])[torch.randint(3, (STEPS, SIZE))]
        gradients = (torch.randn(STEPS, SIZE) * sizes).tolist()
        cases.append(
            dict(section=section, start=start, gradients=gradients, parameters=parameters(section, start, gradients)))
    FILE.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
    print(f"made with PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
