"""PyTorch in three ways: `stock` as most people write it, `tuned` by hand, `compiled` with torch.compile."""

import torch
from torch.nn import functional

import serve


class Trainer:
    """The samples, and what the three ways have in common."""

    def __init__(self, options):
        self.widths, self.batch = options.widths, options.batch
        features, labels = serve.load(options)
        self.features, self.labels = torch.from_numpy(features), torch.from_numpy(labels)

    def shuffle(self):
        return torch.randperm(len(self.labels))

    @torch.no_grad()
    def accuracy(self, features, labels):
        predicted = self.scores(torch.from_numpy(features)).argmax(1)
        return (predicted == torch.from_numpy(labels)).float().mean().item()


def network(widths):
    """The network of torch.nn, with the initialization of the others."""
    layers = []
    for weights, biases in serve.initial_parameters(widths):
        linear = torch.nn.Linear(*weights.shape)
        linear.weight.data.copy_(torch.from_numpy(weights.T))
        linear.bias.data.copy_(torch.from_numpy(biases))
        layers += [linear, torch.nn.ReLU()]
    return torch.nn.Sequential(*layers[:-1])


class Stock(Trainer):
    """Eager PyTorch: torch.nn, autograd, torch.optim. The samples lie in two tensors, without a DataLoader."""

    def __init__(self, options):
        super().__init__(options)
        self.scores = network(self.widths)
        self.optimizer = torch.optim.SGD(self.scores.parameters(), lr=serve.LEARNING_RATE, fused=True)

    def train(self, order):
        for rows in order.split(self.batch):
            loss = functional.cross_entropy(self.scores(self.features[rows]), self.labels[rows])
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


class Tuned(Trainer):
    """Backpropagation by hand, without autograd: every result goes to a tensor that exists already, and the product that is
    the gradient of the weights is added to the weights right away."""

    def __init__(self, options):
        super().__init__(options)
        self.one_hot = functional.one_hot(self.labels, self.widths[-1]).float()
        parameters = serve.initial_parameters(self.widths)
        self.weights = [torch.from_numpy(weights) for weights, _ in parameters]
        self.biases = [torch.from_numpy(biases) for _, biases in parameters]
        self.transposed_weights = [weights.t() for weights in self.weights]
        self.bias_gradients = [torch.empty_like(biases) for biases in self.biases]
        self.buffers = {}

    def scores(self, activations):
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases)):
            activations = torch.addmm(biases, activations, weights)
            if layer < len(self.weights) - 1:
                activations = activations.relu_()
        return activations

    def buffers_for(self, rows):
        """Activations, the same transposed, and the gradients with respect to them, for so many rows; and their targets."""
        if rows not in self.buffers:
            activations = [torch.empty(rows, width) for width in self.widths]
            gradients = [torch.empty(rows, width) for width in self.widths]
            transposed = [tensor.t() for tensor in activations]
            self.buffers[rows] = activations, transposed, gradients, torch.empty(rows, self.widths[-1])
        return self.buffers[rows]

    @torch.inference_mode()
    def train(self, order):
        last = len(self.weights) - 1
        threshold_backward = torch.ops.aten.threshold_backward.grad_input
        for rows in order.split(self.batch):
            activations, transposed, gradients, targets = self.buffers_for(len(rows))
            torch.index_select(self.features, 0, rows, out=activations[0])
            torch.index_select(self.one_hot, 0, rows, out=targets)
            for layer, (weights, biases) in enumerate(zip(self.weights, self.biases)):
                torch.addmm(biases, activations[layer], weights, out=activations[layer + 1])
                if layer < last:
                    activations[layer + 1].relu_()
            gradient = torch.softmax(activations[-1], 1, out=gradients[-1]).sub_(targets)
            step = -serve.LEARNING_RATE / len(rows)
            for layer in range(last, -1, -1):
                if layer > 0:
                    torch.mm(gradient, self.transposed_weights[layer], out=gradients[layer])
                    threshold_backward(gradients[layer], activations[layer], 0, grad_input=gradients[layer])
                self.weights[layer].addmm_(transposed[layer], gradient, alpha=step)
                torch.sum(gradient, 0, out=self.bias_gradients[layer])
                self.biases[layer].add_(self.bias_gradients[layer], alpha=step)
                gradient = gradients[layer]


class Compiled(Trainer):
    """The whole step, gather and update included, as one graph for torch.compile."""

    def __init__(self, options):
        super().__init__(options)
        linear = [module for module in network(self.widths) if isinstance(module, torch.nn.Linear)]
        self.weights = [module.weight.detach().clone() for module in linear]
        self.biases = [module.bias.detach().clone() for module in linear]
        # Calls of the graph from C++ are a third faster on the smallest network; `max_autotune` won nothing.
        self.compiled_step = torch.compile(self.step, dynamic=False, fullgraph=True, options={"cpp_wrapper": True})

    def scores(self, activations):
        return self.forward(activations)[-1]

    def forward(self, features):
        """The inputs of all layers, and the scores."""
        results = [features]
        for layer, (weights, biases) in enumerate(zip(self.weights, self.biases)):
            result = torch.addmm(biases, results[-1], weights.t())
            results.append(torch.relu(result) if layer < len(self.weights) - 1 else result)
        return results

    def step(self, features, labels, rows):
        *inputs, scores = self.forward(features.index_select(0, rows))
        targets = functional.one_hot(labels.index_select(0, rows), self.widths[-1])
        gradient = (torch.softmax(scores, 1) - targets) * (1 / len(rows))
        for layer in range(len(self.weights) - 1, -1, -1):
            weight_gradient, bias_gradient = gradient.t() @ inputs[layer], gradient.sum(0)
            if layer > 0:
                gradient = (gradient @ self.weights[layer]) * (inputs[layer] > 0)
            self.weights[layer].sub_(weight_gradient, alpha=serve.LEARNING_RATE)
            self.biases[layer].sub_(bias_gradient, alpha=serve.LEARNING_RATE)

    @torch.no_grad()
    def train(self, order):
        for rows in order.split(self.batch):
            self.compiled_step(self.features, self.labels, rows)


if __name__ == "__main__":
    variants = {"stock": Stock, "tuned": Tuned, "compiled": Compiled}
    options = serve.parse_options(*variants)
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    serve.serve(options, variants[options.variant](options))
