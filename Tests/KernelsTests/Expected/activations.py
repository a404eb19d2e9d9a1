"""Makes activations.json: values and derivatives of activations by PyTorch in double precision.

    python3 activations.py

Requirements: Python 3.11, torch 2. For each activation of the configuration: inputs z (float32 numbers), g(z) and g'(z), the kinks
among them.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

FUNCTIONS = {
    "relu": F.relu, "leakyRelu": lambda z: F.leaky_relu(z, 0.25), "sigmoid": torch.sigmoid, "tanh": torch.tanh,
    "silu": F.silu, "elu": F.elu, "selu": F.selu, "mish": F.mish,
    # F.gelu takes 1 + erf(z / sqrt 2), which has no digits far below 0.
    "gelu": lambda z: z * torch.erfc(-z * 0.5**0.5) / 2,
    # F.softplus takes z itself beyond a threshold.
    "softplus": lambda z: torch.logaddexp(z, torch.zeros_like(z)), "softsign": F.softsign, "hardSigmoid": F.hardsigmoid,
}  # fmt: skip
KINKS = [0.0, 3.0, -3.0]
INPUTS = KINKS + [sign * x for x in (1e-30, 1e-6, 1e-3, 0.0625, 0.3, 0.75, 1, 1.2785, 2, 2.9, 3.1, 4, 6, 9, 13, 20, 50, 1000, 1e30) for sign in (1, -1)]

tables = {}
for name, function in FUNCTIONS.items():
    z = torch.tensor(INPUTS, dtype=torch.float32).double().requires_grad_()
    a = function(z)
    a.sum().backward()
    tables[name] = {"inputs": z.tolist(), "values": a.tolist(), "derivatives": z.grad.tolist()}
lines = [f'"{name}": {json.dumps(table, allow_nan=False)}' for name, table in tables.items()]
Path(__file__).with_name("activations.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
