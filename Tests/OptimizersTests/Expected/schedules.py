"""Makes schedules.json: the learning rates of the steps of a run, by PyTorch's schedulers.

    python3 schedules.py

Requirements: Python 3.11, PyTorch 2.13 or later.

`schedule` is the section `optimizer.schedule` of a configuration, `rates` are η of the steps 0, 1, … of epochs of
`stepsPerEpoch` steps, with `learningRate` η of the configuration and `epochs` its `training.epochs`. A warmup is a `LinearLR`
before the other scheduler, joined by `SequentialLR`. PyTorch's cosine rises again after its end; Lockstep's does not, and so
no case goes on there.
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler as lr

FILE = Path(__file__).with_name("schedules.json")
RATE = 0.3

# schedule, steps of an epoch, epochs of the run, steps that are compared
CASES = [
    ("constant", 4, 3, 12),
    ({"type": "constant", "warmup": {"steps": 5}}, 4, 3, 12),
    ({"type": "constant", "warmup": {"epochs": 2}}, 4, 3, 12),
    ({"type": "step", "every": 2}, 4, 7, 28),
    ({"type": "step", "every": 3, "factor": 0.5, "by": "step"}, 4, 3, 12),
    ({"type": "step", "every": 1, "factor": 0.5, "warmup": {"epochs": 1}}, 4, 5, 20),
    ({"type": "exponential", "factor": 0.9}, 3, 6, 18),
    ({"type": "exponential", "factor": 0.99, "by": "step"}, 3, 6, 18),
    ("cosine", 5, 4, 21),
    ({"type": "cosine", "by": "epoch"}, 5, 4, 20),
    ({"type": "cosine", "finalFactor": 0.1, "epochs": 3, "warmup": {"steps": 7}}, 10, 4, 31),
    ({"type": "cosine", "warmup": {"epochs": 1}}, 7, 5, 36),
    ("polynomial", 5, 4, 25),
    ({"type": "polynomial", "power": 2.5}, 5, 4, 25),
    ({"type": "polynomial", "power": 2, "by": "epoch", "epochs": 3}, 5, 4, 20),
    ("linear", 5, 4, 25),
    ({"type": "linear", "startFactor": 0.25, "finalFactor": 1, "epochs": 2}, 5, 4, 25),
    ({"type": "linear", "finalFactor": 0.5, "by": "epoch"}, 5, 4, 25),
    ("oneCycle", 10, 4, 40),
    ({"type": "oneCycle", "startFactor": 0.1, "finalFactor": 0.01, "risingPart": 0.5}, 9, 3, 27),
    ({"type": "oneCycle", "epochs": 2, "risingPart": 0.25}, 20, 3, 40),
]


def scheduler(optimizer, section, total):
    """The scheduler of a section over `total` units of time."""
    kind = section["type"]
    if kind == "constant":
        return lr.ConstantLR(optimizer, factor=1)
    if kind == "step":
        return lr.StepLR(optimizer, section["every"], section.get("factor", 0.1))
    if kind == "exponential":
        return lr.ExponentialLR(optimizer, section["factor"])
    if kind == "cosine":
        return lr.CosineAnnealingLR(optimizer, total, eta_min=RATE * section.get("finalFactor", 0))
    if kind == "polynomial":
        return lr.PolynomialLR(optimizer, total, section.get("power", 1))
    if kind == "linear":
        return lr.LinearLR(optimizer, section.get("startFactor", 1), section.get("finalFactor", 0), total)
    start = section.get("startFactor", 0.04)
    return lr.OneCycleLR(
        optimizer, RATE, total_steps=total, pct_start=section.get("risingPart", 0.3), cycle_momentum=False,
        div_factor=1 / start, final_div_factor=start / section.get("finalFactor", 4e-6))


def rates(section, per_epoch, epochs, count):
    by_epoch = section.get("by", "epoch" if section["type"] in ("step", "exponential") else "step") == "epoch"
    warmup = section.get("warmup", {})
    start = warmup.get("steps", 0) + warmup.get("epochs", 0) * per_epoch
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    steps = section.get("epochs", epochs) * per_epoch - start
    main = scheduler(optimizer, section, steps // per_epoch if by_epoch else steps)
    values = []
    if start > 0:
        before = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
        rising = lr.LinearLR(before, 1 / (start + 1), 1, start)
        for _ in range(start):
            values.append(before.param_groups[0]["lr"])
            before.step()
            rising.step()
    while len(values) < count:
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if not by_epoch or (len(values) - start) % per_epoch == 0:
            main.step()
    return values


def plateau(values, maximized, factor, patience, change, minimum):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=RATE)
    rule = lr.ReduceLROnPlateau(
        optimizer, "max" if maximized else "min", factor=factor, patience=patience, threshold=change,
        threshold_mode="abs", min_lr=minimum, eps=0)
    result = []
    for value in values:
        rule.step(value)
        result.append(optimizer.param_groups[0]["lr"])
    return result


def main():
    warnings.simplefilter("ignore")
    cases = []
    for schedule, per_epoch, epochs, count in CASES:
        section = {"type": schedule} if isinstance(schedule, str) else schedule
        cases.append(
            dict(schedule=schedule, learningRate=RATE, stepsPerEpoch=per_epoch, epochs=epochs,
                 rates=rates(section, per_epoch, epochs, count)))
    values = [1, 0.9, 0.85, 0.86, 0.85, 0.84, 0.8399, 0.839, 0.9, 0.9, 0.9, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    plateaus = []
    for maximized, factor, patience, change, minimum in [
        (False, 0.1, 10, 0, 0), (False, 0.5, 1, 0, 0), (False, 0.5, 2, 0.01, 0.05), (True, 0.25, 0, 0, 0), (True, 0.5, 3, 0, 1e-3),
    ]:
        plateaus.append(
            dict(values=values, isMaximized=maximized, factor=factor, patience=patience, minimumChange=change,
                 minimum=minimum, learningRate=RATE,
                 rates=plateau(values, maximized, factor, patience, change, minimum)))
    FILE.write_text(
        '{"cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + '\n],\n"plateaus": [\n'
        + ",\n".join(json.dumps(case) for case in plateaus) + "\n]}\n")
    print(f"made with PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
