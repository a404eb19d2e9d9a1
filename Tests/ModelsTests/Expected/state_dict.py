"""Makes state_dict.safetensors, the state dict of a network of PyTorch, and state_dict.json: what the network makes of some rows.

    python3 state_dict.py

Requirements: Python 3.11, torch 2.15.0, safetensors 0.8.0. The network is a chain with batch normalization and with layers of equal
shapes, of which one has a number of two digits: the library stores the tensors in alphabetical order, `10.weight` before `3.weight`, and
`bias` before `weight`. There is a counter that no network has, num_batches_tracked.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

torch.manual_seed(1)
NETWORK = nn.Sequential(
    nn.Linear(4, 5),
    nn.BatchNorm1d(5),
    nn.ReLU(),
    nn.Linear(5, 5),
    nn.Tanh(),
    nn.Linear(5, 5),
    nn.ReLU(),
    nn.Linear(5, 5),
    nn.Tanh(),
    nn.Dropout(0.5),
    nn.Linear(5, 5),
    nn.Tanh(),
    nn.Linear(5, 3),
)
# Running statistics, γ and β that are not those of the start.
with torch.no_grad():
    for _ in range(7):
        NETWORK(torch.randn(16, 4) * 2 + 1)
    NETWORK[1].weight.uniform_(0.5, 2)
    NETWORK[1].bias.uniform_(-1, 1)
    NETWORK.eval()
    folder = Path(__file__).parent
    save_file(NETWORK.state_dict(), folder / "state_dict.safetensors")
    rows = torch.randn(6, 4)
    outputs = NETWORK.double()(rows.double())
(folder / "state_dict.json").write_text(
    json.dumps({"rows": rows.tolist(), "outputs": outputs.tolist()}, indent=1) + "\n"
)
