"""scikit-learn's MLPClassifier with plain SGD, in Float32.

Its training loop cannot be called a few mini-batches at a time without checking all data again, so `fit` runs once for ever and
the clock is looked at in its backward pass.
"""

import warnings

from sklearn.neural_network import MLPClassifier

import serve


class Classifier(MLPClassifier):
    """Tells `turns` of each mini-batch."""

    turns = None

    def _backprop(self, features, *rest):
        results = super()._backprop(features, *rest)
        if self.turns:
            self.turns.trained(len(features))
        return results


def main():
    options = serve.parse_options()
    turns = serve.Turns()
    classifier = Classifier(
        hidden_layer_sizes=tuple(options.widths[1:-1]),
        solver="sgd",
        alpha=0.0,
        batch_size=options.batch,
        learning_rate_init=serve.LEARNING_RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        max_iter=serve.CHECK_EPOCHS if options.check else 10**9,
        tol=0.0,
        n_iter_no_change=10**9,
        random_state=1,
    )
    warnings.filterwarnings("ignore")
    if not options.check:
        classifier.turns = turns
    classifier.fit(*serve.load(options))
    serve.report_accuracy(options, turns, classifier.score)


if __name__ == "__main__":
    main()
