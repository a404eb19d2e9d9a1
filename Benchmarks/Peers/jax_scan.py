"""JAX: one compiled function trains on a whole piece of an epoch, a lax.scan over its mini-batches, its parameters donated."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

import serve


def scores(parameters, activations):
    *hidden, (weights, biases) = parameters
    for hidden_weights, hidden_biases in hidden:
        activations = jax.nn.relu(activations @ hidden_weights + hidden_biases)
    return activations @ weights + biases


def loss(parameters, features, targets):
    return -jnp.mean(jnp.sum(jax.nn.log_softmax(scores(parameters, features)) * targets, axis=1))


@functools.partial(jax.jit, donate_argnums=0, static_argnums=4)
def train(parameters, features, targets, order, batch):
    """The parameters after training on the samples of `order`, whose last mini-batch may be smaller."""

    def step(parameters, rows):
        # Indices are always in range: `clip` spares the code that fills in NaN where they are not.
        gradients = jax.grad(loss)(
            parameters, jnp.take(features, rows, axis=0, mode="clip"), jnp.take(targets, rows, axis=0, mode="clip")
        )
        return jax.tree.map(lambda value, gradient: value - serve.LEARNING_RATE * gradient, parameters, gradients), None

    full = len(order) // batch * batch
    if full > 0:
        parameters, _ = jax.lax.scan(step, parameters, order[:full].reshape(-1, batch))
    if full < len(order):
        parameters, _ = step(parameters, order[full:])
    return parameters


class Trainer:
    def __init__(self, options):
        self.batch = options.batch
        features, labels = serve.load(options)
        self.samples = len(labels)
        self.features = jax.device_put(features)
        self.targets = jax.device_put(np.eye(options.widths[-1], dtype=np.float32)[labels])
        self.parameters = jax.device_put(serve.initial_parameters(options.widths))
        self.random = np.random.default_rng(1)

    def shuffle(self):
        return self.random.permutation(np.arange(self.samples, dtype=np.int32))

    def train(self, order):
        self.parameters = train(self.parameters, self.features, self.targets, order, self.batch)
        jax.block_until_ready(self.parameters)

    def accuracy(self, features, labels):
        return float((scores(self.parameters, features).argmax(1) == labels).mean())


if __name__ == "__main__":
    options = serve.parse_options()
    serve.serve(options, Trainer(options))
