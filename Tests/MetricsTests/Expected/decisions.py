"""Makes decisions.json: temperatures and thresholds that are best on some samples.

    python3 decisions.py

Requirements: Python 3.11, numpy 2.4.6, scipy.

A case has `logits`, rows of `columns` float32 numbers in 9 significant digits, `labels`, perhaps `weights`, and the `function` that makes
probabilities of logits. `temperature` is found by SciPy's bounded minimization of the negative log likelihood in float64. For two
classes `thresholds` gives for each rule the best value that any threshold reaches on the probabilities `scores`, by trying all.
"""

import json
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import expit, logsumexp

FILE = Path(__file__).with_name("decisions.json")


def floats(array):
    return [float(f"{x:.9g}") for x in np.asarray(array, np.float32).ravel()]


def likelihood(t, z, labels, weights, function):
    z = z / t
    if function == "softmax":
        return (weights * (logsumexp(z, axis=1) - z[np.arange(len(z)), labels])).sum()
    y = labels[:, None] if z.shape[1] == 1 else np.eye(z.shape[1])[labels]
    return (weights[:, None] * (np.logaddexp(0, z) - y * z)).sum()


def values(scores, labels, weights, threshold):
    found = scores > threshold
    tp, fp = (weights * (found & (labels == 1))).sum(), (weights * (found & (labels == 0))).sum()
    p, n = weights[labels == 1].sum(), weights[labels == 0].sum()
    return {
        "f1": 2 * tp / (tp + fp + p),
        "balancedAccuracy": tp / p + (n - fp) / n,
        "costs": -(2 * fp + 7 * (p - tp)),
    }


def case(name, seed, samples, columns, function, scale, noise, weighted=False):
    random = np.random.default_rng(seed)
    classes = max(columns, 2)
    labels = random.choice(classes, samples, p=[0.7, 0.3] if classes == 2 else None)
    signal = (2 * labels[:, None] - 1) if columns == 1 else 2 * np.eye(classes)[labels]
    logits = np.array(floats(scale * (signal + noise * random.normal(size=(samples, columns)))), np.float32)
    z = logits.astype(float).reshape(samples, columns)
    weights = np.array(floats(random.uniform(0, 2, samples)), np.float32).astype(float) if weighted else np.ones(samples)
    result = minimize_scalar(
        lambda u: likelihood(np.exp(u), z, labels, weights, function), bounds=(-4.6, 4.6), method="bounded",
        options={"xatol": 1e-10},
    )
    found = {"name": name, "columns": columns, "function": function, "logits": floats(logits)}
    found |= {"labels": labels.tolist(), "temperature": float(np.exp(result.x))}
    if weighted:
        found["weights"] = floats(weights)
    if classes == 2:
        p = expit(z[:, 0]) if columns == 1 else np.exp(z[:, 1] - logsumexp(z, axis=1))
        scores = np.array(floats(p), np.float32).astype(float)
        candidates = [0.0, 1.0, *scores]
        best = {key: max(values(scores, labels, weights, t)[key] for t in candidates) for key in ["f1", "balancedAccuracy", "costs"]}
        found |= {"scores": floats(p), "thresholds": best}
    return found


if __name__ == "__main__":
    cases = [
        case("overconfident", 1, 200, 4, "softmax", 5, 1),
        case("underconfident", 2, 150, 3, "softmax", 0.2, 1.5),
        case("two of softmax", 3, 120, 2, "softmax", 1.5, 1.2),
        case("weights", 4, 150, 3, "softmax", 3, 1, weighted=True),
        case("one output", 5, 200, 1, "sigmoid", 6, 1.2),
        case("one output with weights", 6, 100, 1, "sigmoid", 1, 0.8, weighted=True),
        case("one against all", 7, 90, 5, "sigmoid", 2, 1),
    ]
    for found in cases:
        print(found["name"], found["temperature"], found.get("thresholds"))
    FILE.write_text("[\n" + ",\n".join(json.dumps(found) for found in cases) + "\n]\n")
