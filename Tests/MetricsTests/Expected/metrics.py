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


def calibration_error(probabilities, classes, labels, weights):
    """Of 15 bins of the confidence; scikit-learn has none."""
    confidence = probabilities[np.arange(len(labels)), classes]
    bins = np.clip(np.ceil(confidence * 15).astype(int) - 1, 0, 14)
    right = classes == labels
    gaps = [abs((weights * (right - confidence))[bins == b].sum()) for b in range(15)]
    return sum(gaps) / weights.sum()


def labelled(name, outputs, labels, weights=None):
    outputs, labels = np.asarray(outputs, np.float32), np.asarray(labels)
    classes = outputs.argmax(axis=1) if outputs.shape[1] > 1 else (outputs[:, 0] > 0.5).astype(int)
    p = outputs.astype(np.float64)
    if p.shape[1] == 1:
        p = np.hstack([1 - p, p])
    count = p.shape[1]
    average = "binary" if count == 2 else "macro"
    own = {"sample_weight": weights}
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, np.float64)
    one_hot = np.eye(count)[labels]
    is_distribution = np.allclose(p.sum(axis=1), 1, atol=1e-6)
    figures = {
        "accuracy": metrics.accuracy_score(labels, classes, **own),
        "balancedAccuracy": metrics.balanced_accuracy_score(labels, classes, **own),
        "precision": metrics.precision_score(labels, classes, average=average, zero_division=0, **own),
        "recall": metrics.recall_score(labels, classes, average=average, zero_division=0, **own),
        "f1": metrics.f1_score(labels, classes, average=average, zero_division=0, **own),
        "f1Weighted": metrics.f1_score(labels, classes, average="weighted", zero_division=0, **own),
        "hammingLoss": metrics.hamming_loss(labels, classes, **own),
    }
    each = dict(labels=range(count), average=None, zero_division=0) | own
    figures["precision.l0"] = metrics.precision_score(labels, classes, **each)[0]
    figures["recall.l1"] = metrics.recall_score(labels, classes, **each)[1]
    figures["f1.l1"] = metrics.f1_score(labels, classes, **each)[1]
    for k in (2, 3, 4, 5, 7):
        if count > k:
            figures[f"top{k}Accuracy"] = metrics.top_k_accuracy_score(labels, p, k=k, labels=range(count), **own)
    if count == 2:
        figures["rocAUC"] = metrics.roc_auc_score(labels, p[:, 1], **own)
        figures["averagePrecision"] = metrics.average_precision_score(labels, p[:, 1], **own)
    elif len(set(labels)) == count:
        figures["rocAUC"] = metrics.roc_auc_score(one_hot, p, average="macro", **own)
        figures["averagePrecision"] = metrics.average_precision_score(one_hot, p, average="macro", **own)
    if is_distribution:
        figures["logLoss"] = metrics.log_loss(labels, p, labels=range(count), **own)
        squares = (p[:, 1] - labels) ** 2 if count == 2 else ((p - one_hot) ** 2).sum(axis=1)
        figures["brier"] = np.average(squares, weights=weights)
        if count == 2:
            assert abs(figures["brier"] - metrics.brier_score_loss(labels, p[:, 1], **own)) < 1e-12
        figures["calibrationError"] = calibration_error(p, classes, labels, w)
    return {
        "name": name, "columns": outputs.shape[1], "outputs": floats(outputs), "classes": classes.tolist(),
        "labels": labels.tolist(), "weights": None if weights is None else floats(weights),
        "metrics": {key: float(value) for key, value in figures.items()},
    }


def multilabel(name, outputs, truth, weights=None):
    outputs, truth = np.asarray(outputs, np.float32), np.asarray(truth)
    p, found = outputs.astype(np.float64), (outputs > 0.5).astype(int)
    own = {"sample_weight": weights}
    macro = own | {"average": "macro"}
    figures = {
        "accuracy": metrics.accuracy_score(truth, found, **own),
        "hammingLoss": metrics.hamming_loss(truth, found, **own),
        "precision": metrics.precision_score(truth, found, zero_division=0, **macro),
        "recall": metrics.recall_score(truth, found, zero_division=0, **macro),
        "f1": metrics.f1_score(truth, found, zero_division=0, **macro),
        "f1Weighted": metrics.f1_score(truth, found, zero_division=0, average="weighted", **own),
        "brier": np.average(((p - truth) ** 2).mean(axis=1), weights=weights),
        "recall.l1": metrics.recall_score(truth[:, 1], found[:, 1], zero_division=0, **own),
        "precision.l0": metrics.precision_score(truth[:, 0], found[:, 0], zero_division=0, **own),
        "f1.l2": metrics.f1_score(truth[:, 2], found[:, 2], zero_division=0, **own),
    }
    # The means over the labels that are true of some samples alone; of other labels scikit-learn has none, or 0.
    defined = [label for label in range(truth.shape[1]) if 0 < truth[:, label].sum() < len(truth)]
    if defined:
        figures["rocAUC"] = metrics.roc_auc_score(truth[:, defined], p[:, defined], **macro)
        figures["averagePrecision"] = metrics.average_precision_score(truth[:, defined], p[:, defined], **macro)
    return {
        "name": name, "columns": outputs.shape[1], "outputs": floats(outputs), "labelSets": floats(truth),
        "weights": None if weights is None else floats(weights),
        "metrics": {key: float(value) for key, value in figures.items()},
    }


def numeric(name, outputs, values, weights=None):
    outputs, values = np.asarray(outputs, np.float32), np.asarray(values, np.float32)
    y, a = values.astype(np.float64), outputs.astype(np.float64)
    own = {"sample_weight": weights}
    figures = {
        "rootMeanSquaredError": metrics.root_mean_squared_error(y, a, **own),
        "meanAbsoluteError": metrics.mean_absolute_error(y, a, **own),
        "meanAbsolutePercentageError": metrics.mean_absolute_percentage_error(y, a, **own),
    }
    if len(y) > 1:
        figures["r2"] = metrics.r2_score(y, a, **own)
    return {
        "name": name, "columns": outputs.shape[1], "outputs": floats(outputs), "values": floats(values),
        "weights": None if weights is None else floats(weights),
        "metrics": {key: float(value) for key, value in figures.items()},
    }


def cases():
    random = np.random.default_rng(1)
    # Labels drawn from the probabilities themselves: right in a good part of the cases.
    for columns, samples in [(2, 30), (3, 40), (10, 60)]:
        outputs = softmax(2 * random.normal(size=(samples, columns)))
        yield labelled(f"softmax of {columns}", outputs, [random.choice(columns, p=row) for row in outputs])
    # Weights, eighths so that they are Floats; some are 0. A class that no sample has.
    outputs = softmax(2 * random.normal(size=(60, 4)))
    labels = [random.choice(4, p=row) for row in outputs]
    weights = random.integers(0, 20, size=60) / 8
    yield labelled("weights", outputs, labels, weights)
    yield labelled("weights of two classes", outputs[:, :1], np.minimum(labels, 1), weights)
    yield labelled("an absent class", softmax(random.normal(size=(40, 4))), random.integers(0, 3, size=40))
    # Many ties of scores.
    outputs = random.integers(0, 5, size=(60, 1)) / 4
    yield labelled("ties of a single output", outputs, random.integers(0, 2, size=60), weights)
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
    yield numeric("weights of numbers", random.normal(size=(40, 2)), random.normal(size=(40, 2)), weights[:40])
    yield numeric("equal targets", [[1], [2], [3]], [[2], [2], [2]])
    yield numeric("one sample", [[1.5, -2]], [[1, 2]])
    random = np.random.default_rng(2)
    outputs = 1 / (1 + np.exp(-2 * random.normal(size=(40, 3))))
    truth = random.uniform(size=outputs.shape) < outputs
    yield multilabel("label sets", outputs, truth.astype(int))
    # Eighths: ties, and some are exactly one half.
    eighths = np.round(outputs * 8) / 8
    yield multilabel("label sets with weights", eighths, truth.astype(int), random.integers(0, 20, size=40) / 8)
    # Of the first label no sample is true and none predicted; then nothing is true at all.
    yield multilabel("label sets without one", outputs * [0.5, 1, 1], truth.astype(int) * [0, 1, 1])
    yield multilabel("label sets without any", outputs, truth.astype(int) * 0)


FILE.write_text("[\n" + ",\n".join(map(json.dumps, cases())) + "\n]\n")
