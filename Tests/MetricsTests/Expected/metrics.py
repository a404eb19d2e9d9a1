"""Makes metrics.json: predictions, what they should have been, and the metrics of scikit-learn.

    python3 metrics.py

Requirements: Python 3.11, numpy 2.4.6, scikit-learn 1.9.1.

`outputs` are rows of `columns` float32 numbers in 9 significant digits, so a reader that parses them as Float gets
exactly the numbers used here. `classes` is the column of the greatest output, or of a single one whether it exceeds 0.5.
Metrics are computed in float64 from the float32 numbers. A case has `labels` or `values`.
"""

import json
from pathlib import Path

import numpy as np
from sklearn import metrics

FILE = Path(__file__).with_name("metrics.json")


def floats(array):
    return [float(f"{x:.9g}") for x in np.asarray(array, np.float32).ravel()]


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def labelled(name, outputs, labels):
    outputs = np.asarray(outputs, np.float32)
    classes = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(int)
    return {
        "name": name, "columns": outputs.shape[1], "outputs": floats(outputs), "classes": classes.tolist(),
        "labels": np.asarray(labels).tolist(),
        "metrics": {"accuracy": metrics.accuracy_score(labels, classes)},
    }


def numeric(name, outputs, values):
    outputs, values = np.asarray(outputs, np.float32), np.asarray(values, np.float32)
    error = metrics.root_mean_squared_error(values.astype(np.float64), outputs.astype(np.float64))
    return {
        "name": name, "columns": outputs.shape[1], "outputs": floats(outputs), "values": floats(values),
        "metrics": {"rootMeanSquaredError": float(error)},
    }


def cases():
    random = np.random.default_rng(1)
    # Labels drawn from the probabilities themselves: right in a good part of the cases.
    for columns, samples in [(2, 30), (3, 40), (10, 60)]:
        outputs = softmax(2 * random.normal(size=(samples, columns)))
        yield labelled(f"softmax of {columns}", outputs, [random.choice(columns, p=row) for row in outputs])
    # Five distinct numbers: most rows have several greatest ones.
    outputs = random.integers(0, 5, size=(50, 6)) / 4
    yield labelled("ties", outputs, random.integers(0, 6, size=50))
    # Eighths: some are exactly one half.
    outputs = random.integers(0, 9, size=(50, 1)) / 8
    yield labelled("a single output", outputs, random.integers(0, 2, size=50))
    # Fits to an offset, so that the variance is not all of the error; columns of different scales.
    values = random.normal(size=(50, 1)) * 100 + 150
    yield numeric("one value", values + random.normal(size=(50, 1)) * 40 + 5, values)
    values = random.normal(size=(30, 3)) * [1, 1000, 1e-3]
    yield numeric("three values", values * [0.9, 1.1, 0.5] + 1e-4, values)
    yield numeric("one sample", [[1.5, -2]], [[1, 2]])


FILE.write_text("[\n" + ",\n".join(map(json.dumps, cases())) + "\n]\n")
