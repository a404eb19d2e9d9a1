// FANN, the nearest it can do. It has neither softmax nor cross-entropy: its outputs are sigmoids with squared error. Debian's
// version has no ReLU: its hidden units are linear between 0 and 1. It knows steps after each sample or after all; a mini-batch
// here is a data set of its own, of pointers to rows, that one call of `fann_train_epoch` trains in batch mode. It has no threads.

#include "serve.h"

#include <floatfann.h>
#include <math.h>

static Options options;
static Samples training;
static struct fann *network;
static struct fann_train_data batch;
static float **targets;  // by class

static void train(const int *order, int count) {
  for (int first = 0; first < count; first += options.batch) {
    batch.num_data = count - first < options.batch ? count - first : options.batch;
    for (unsigned row = 0; row < batch.num_data; row++) {
      size_t sample = order[first + row];
      batch.input[row] = training.features + sample * options.widths[0];
      batch.output[row] = targets[training.labels[sample]];
    }
    fann_train_epoch(network, &batch);
  }
}

static double accuracy(const Samples *samples) {
  int right = 0, classes = options.widths[options.layers];
  for (int row = 0; row < samples->rows; row++) {
    const float *scores = fann_run(network, samples->features + (size_t)row * options.widths[0]);
    int best = 0;
    for (int i = 1; i < classes; i++) if (scores[i] > scores[best]) best = i;
    right += best == samples->labels[row];
  }
  return (double)right / samples->rows;
}

int main(int count, char **arguments) {
  options = parseOptions(count, arguments);
  training = loadSamples(&options, "train.f32", "train.i32");
  int classes = options.widths[options.layers];
  targets = allocate(classes * sizeof(float *));
  for (int i = 0; i < classes; i++) {
    targets[i] = allocate(classes * sizeof(float));
    targets[i][i] = 1;
  }
  batch.num_input = options.widths[0];
  batch.num_output = classes;
  batch.input = allocate(options.batch * sizeof(float *));
  batch.output = allocate(options.batch * sizeof(float *));

  unsigned widths[maxLayers + 1];
  for (int layer = 0; layer <= options.layers; layer++) widths[layer] = options.widths[layer];
  network = fann_create_standard_array(options.layers + 1, widths);
  fann_set_activation_function_hidden(network, FANN_LINEAR_PIECE);
  fann_set_activation_function_output(network, FANN_SIGMOID);
  fann_set_activation_steepness_hidden(network, 1);
  fann_set_train_error_function(network, FANN_ERRORFUNC_LINEAR);
  fann_set_training_algorithm(network, FANN_TRAIN_BATCH);
  fann_set_learning_rate(network, learningRate);
  float limit = sqrtf(6.0f / options.widths[0]);
  fann_randomize_weights(network, -limit, limit);
  return serve(&options, &training, train, accuracy);
}
