"""Accuracy on small tabular data, over five seeds: breast-cancer in ten folds, diabetes beside scikit-learn's ridge.

    python3 folds.py TRAINER breast-cancer|diabetes

TRAINER is a trainer's binary. Requirements: Python 3.11, numpy, scikit-learn. Folds and splits are scikit-learn's, stratified for
classes; each is a training file and a test file of its own, so that scaling is fitted to the training rows alone. The settings are
those of configs/tabular.json and configs/diabetes-scaled.json, without validation data and early stopping.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import RidgeCV
from sklearn.metrics import root_mean_squared_error
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

CONFIGS = Path(__file__).resolve().parents[2] / "configs"


def read(name):
    with open(CONFIGS / "data" / name) as file:
        header, *rows = csv.reader(file)
    return header, rows


def test(trainer, configuration, header, training, tested, seed):
    """What the trainer's summary says of the test rows."""
    configuration = json.loads((CONFIGS / configuration).read_text()) | {"seed": seed}
    target = configuration["dataset"]["train"]["target"]
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in [("training", training), ("test", tested)]:
            with open(f"{folder}/{name}.csv", "w", newline="") as file:
                csv.writer(file).writerows([header, *rows])
        dataset = {key: value for key, value in configuration["dataset"].items() if "caling" in key}
        for part, name in [("train", "training"), ("test", "test")]:
            dataset[part] = {"format": "csv", "path": f"{folder}/{name}.csv", "target": target}
        configuration["dataset"] = dataset
        configuration["training"].pop("earlyStopping", None)
        Path(f"{folder}/c.json").write_text(json.dumps(configuration))
        subprocess.run(
            [trainer, "--config", f"{folder}/c.json", "--output", f"{folder}/run", "--quiet"], check=True,
            stdout=subprocess.DEVNULL,
        )
        return json.loads(Path(f"{folder}/run/summary.json").read_text())["test"]


def breast_cancer(trainer):
    header, rows = read("breast-cancer.csv")
    labels = [row[header.index("diagnosis")] for row in rows]
    means = []
    for seed in range(1, 6):
        right = 0
        for training, tested in StratifiedKFold(10, shuffle=True, random_state=seed).split(rows, labels):
            found = test(trainer, "tabular.json", header, [rows[i] for i in training], [rows[i] for i in tested], seed)
            right += found["accuracy"] * len(tested)
        means.append(right / len(rows))
        print(f"seed {seed}: accuracy {means[-1]:.4f} in ten folds")
    print(f"mean {np.mean(means):.4f}")


def diabetes(trainer):
    header, rows = read("diabetes.csv")
    column = header.index("progression")
    numbers = np.array(rows, float)
    features, targets = np.delete(numbers, column, 1), numbers[:, column]
    errors = []
    for seed in range(1, 6):
        training, tested = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=seed)
        scaler = StandardScaler().fit(features[training])
        ridge = RidgeCV(np.logspace(-2, 3, 20)).fit(scaler.transform(features[training]), targets[training])
        peer = root_mean_squared_error(targets[tested], ridge.predict(scaler.transform(features[tested])))
        found = test(
            trainer, "diabetes-scaled.json", header, [rows[i] for i in training], [rows[i] for i in tested], seed
        )
        errors.append((found["rootMeanSquaredError"], peer))
        print(f"seed {seed}: root mean squared error {errors[-1][0]:.2f}, ridge {errors[-1][1]:.2f}")
    own, peer = np.mean(errors, axis=0)
    print(f"mean {own:.2f}, ridge {peer:.2f}, ratio {own / peer:.3f}")


if __name__ == "__main__":
    {"breast-cancer": breast_cancer, "diabetes": diabetes}[sys.argv[2]](str(Path(sys.argv[1]).resolve()))
