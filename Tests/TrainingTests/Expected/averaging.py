"""Makes averaging.json: averages of parameters by PyTorch's torch.optim.swa_utils, in Double.

    python3 averaging.py > averaging.json

Requirements: Python 3.11, torch 2.15.0 (CPU). A network with two batch normalizations is trained by plain SGD; after each
step (ema) or after each epoch from the second on (swa) its parameters are averaged; then update_bn computes the running
statistics anew.
"""

import json

import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

torch.set_default_dtype(torch.float64)
torch.manual_seed(3)

FEATURES = (torch.randn(14, 3) * torch.tensor([1.0, 2.0, 0.5]) + torch.tensor([0.5, -1.0, 2.0])).float().double()
LABELS = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 0, 1]
BATCH, EPOCHS, RATE, DECAY, FROM = 4, 4, 0.25, 0.75, 2


def tensors(model):
    return {
        name.replace("module.", ""): value.tolist()
        for name, value in model.state_dict().items()
        if "num_batches" not in name and "n_averaged" not in name
    }


def case(kind):
    torch.manual_seed(5)
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 5), nn.BatchNorm1d(5), nn.Linear(5, 2))
    for parameter in model.parameters():
        parameter.data = parameter.data.float().double()
    initial = tensors(model)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(DECAY)) if kind == "ema" else AveragedModel(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    batches = [(FEATURES[i : i + BATCH], torch.tensor(LABELS[i : i + BATCH])) for i in range(0, 14, BATCH)]
    for epoch in range(1, EPOCHS + 1):
        for x, y in batches:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
            if kind == "ema":
                average.update_parameters(model)
        if kind == "swa" and epoch >= FROM:
            average.update_parameters(model)
    update_bn([x for x, _ in batches], average)
    return {"kind": kind, "initial": initial, "trained": tensors(model), "average": tensors(average)}


print(
    json.dumps(
        {
            "features": FEATURES.tolist(), "labels": LABELS, "batchSize": BATCH, "epochs": EPOCHS, "learningRate": RATE,
            "decay": DECAY, "from": FROM, "cases": [case("ema"), case("swa")],
        },
        indent=1,
    )
)
