"""Makes foreign.safetensors: tensors as other programs write them, by the package safetensors.

    python3 foreign.py

Requirements: Python 3.11, torch 2.15.0 (CPU), safetensors. The parameters of a dense layer of two inputs and two units as F16, BF16
and F64, all sixteen-bit patterns of special numbers among them, and a counter that no network has.
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

HALF = torch.tensor([[1.5, -0.333251953125], [6.103515625e-05, 65504.0]], dtype=torch.float16)
save_file(
    {
        "layers.0.weight": HALF,
        "layers.0.bias": torch.tensor([1.0078125, -3.0], dtype=torch.bfloat16),
        "layers.1.weight": torch.tensor([[0.1, 1e-40], [-1e30, 3.0]], dtype=torch.float64),
        # The smallest number of half precision, and zeros of both signs.
        "layers.1.bias": torch.tensor([5.960464477539063e-08, -0.0], dtype=torch.float16),
        "bn.num_batches_tracked": torch.tensor(7),
        "head.weight": torch.ones(3),
    },
    Path(__file__).with_name("foreign.safetensors"),
)
