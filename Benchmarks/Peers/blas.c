// A trainer written by hand on a library of matrix products: OpenBLAS or oneDNN, whichever `--library` names.
//
// Plain: the library divides each product between its threads; what is between the products, little, runs on one. The gradient of
// the weights is added to them by the product itself.
// `--data-parallel`: as many threads as asked, each with its share of the rows of each mini-batch and serial products; they meet
// at a spinning barrier, and each then adds the gradients of all for its share of the parameters and applies them.

#include "serve.h"

#include <dlfcn.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

typedef void (*CblasProduct)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef int (*OneDNNProduct)(char, char, int64_t, int64_t, int64_t, float, const float *, int64_t, const float *, int64_t, float,
                             float *, int64_t);
static CblasProduct cblasProduct;
static OneDNNProduct oneDNNProduct;

static Options options;
static Samples training;
static size_t parameterCount;
static float *parameters, *weights[maxLayers], *biases[maxLayers];  // weights: [inputs, units]

// What a thread has for itself.
typedef struct {
  float *activations[maxLayers + 1];  // [rows, width]; 0: the features of its rows
  float *deltas[maxLayers + 1];
  float *gradients, *weightGradients[maxLayers], *biasGradients[maxLayers];
  int32_t *labels;
} Workspace;
static Workspace *workspaces;

// C [m, n] ← alpha · A B + beta · C, all by rows; A [m, k], or [k, m] where transposed, B likewise.
static void product(int transposeA, int transposeB, int m, int n, int k, float alpha, const float *a, const float *b, float beta,
                    float *c) {
  int strideA = transposeA ? m : k, strideB = transposeB ? k : n;
  if (cblasProduct) {
    enum { rowMajor = 101, plain = 111, transposed = 112 };
    cblasProduct(rowMajor, transposeA ? transposed : plain, transposeB ? transposed : plain, m, n, k, alpha, a, strideA, b, strideB,
                 beta, c, n);
  } else {
    oneDNNProduct(transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', m, n, k, alpha, a, strideA, b, strideB, beta, c, n);
  }
}

static void gather(Workspace *own, const int *order, int rows) {
  size_t features = options.widths[0];
  for (int row = 0; row < rows; row++) {
    memcpy(own->activations[0] + row * features, training.features + order[row] * features, features * sizeof(float));
    own->labels[row] = training.labels[order[row]];
  }
}

static void forward(Workspace *own, int rows) {
  for (int layer = 0; layer < options.layers; layer++) {
    int inputs = options.widths[layer], units = options.widths[layer + 1];
    const float *restrict bias = biases[layer];
    product(0, 0, rows, units, inputs, 1, own->activations[layer], weights[layer], 0, own->activations[layer + 1]);
    for (int row = 0; row < rows; row++) {
      float *restrict output = own->activations[layer + 1] + (size_t)row * units;
      if (layer < options.layers - 1)
        for (int unit = 0; unit < units; unit++) output[unit] = fmaxf(output[unit] + bias[unit], 0);
      else
        for (int unit = 0; unit < units; unit++) output[unit] += bias[unit];
    }
  }
}

// The δ of the outputs: softmax(scores) − target.
static void lossGradient(Workspace *own, int rows) {
  int classes = options.widths[options.layers];
  for (int row = 0; row < rows; row++) {
    const float *restrict scores = own->activations[options.layers] + row * classes;
    float *restrict delta = own->deltas[options.layers] + row * classes;
    float largest = scores[0], sum = 0;
    for (int i = 1; i < classes; i++) largest = fmaxf(largest, scores[i]);
    for (int i = 0; i < classes; i++) sum += delta[i] = expf(scores[i] - largest);
    for (int i = 0; i < classes; i++) delta[i] /= sum;
    delta[own->labels[row]] -= 1;
  }
}

// Goes back through the layers. With a step other than 0, each layer's parameters are changed by step · gradient; with 0, the
// gradients, summed over the rows, stay in the workspace.
static void backward(Workspace *own, int rows, float step) {
  for (int layer = options.layers - 1; layer >= 0; layer--) {
    int inputs = options.widths[layer], units = options.widths[layer + 1];
    const float *restrict delta = own->deltas[layer + 1];
    if (layer > 0) {
      float *restrict before = own->deltas[layer];
      const float *restrict activation = own->activations[layer];
      product(0, 1, rows, inputs, units, 1, delta, weights[layer], 0, before);
      for (size_t i = 0; i < (size_t)rows * inputs; i++) before[i] = activation[i] > 0 ? before[i] : 0;
    }
    if (step != 0) product(1, 0, inputs, units, rows, step, own->activations[layer], delta, 1, weights[layer]);
    else product(1, 0, inputs, units, rows, 1, own->activations[layer], delta, 0, own->weightGradients[layer]);
    float *restrict biasGradient = own->biasGradients[layer];
    memset(biasGradient, 0, units * sizeof(float));
    for (int row = 0; row < rows; row++)
      for (int unit = 0; unit < units; unit++) biasGradient[unit] += delta[(size_t)row * units + unit];
    if (step != 0) for (int unit = 0; unit < units; unit++) biases[layer][unit] += step * biasGradient[unit];
  }
}

static void trainPlain(const int *order, int count) {
  for (int first = 0; first < count; first += options.batch) {
    int rows = count - first < options.batch ? count - first : options.batch;
    gather(workspaces, order + first, rows);
    forward(workspaces, rows);
    lossGradient(workspaces, rows);
    backward(workspaces, rows, -learningRate / rows);
  }
}

// Threads that spin until all have come.
static void barrier(void) {
  static atomic_int waiting, generation;
  int before = atomic_load(&generation);
  if (atomic_fetch_add(&waiting, 1) == options.threads - 1) {
    atomic_store(&waiting, 0);
    atomic_store(&generation, before + 1);
    return;
  }
  for (long spins = 0; atomic_load_explicit(&generation, memory_order_acquire) == before; spins++) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
    if (spins > 200000) sched_yield();
  }
}

// Adds the gradients of all threads for the share of one, and applies them.
static void reduceAndApply(int thread, float step) {
  size_t lines = parameterCount / 16;
  size_t first = lines * thread / options.threads * 16, end = lines * (thread + 1) / options.threads * 16;
  const float *restrict one = workspaces[0].gradients, *restrict two = workspaces[1].gradients;
  for (int other = 2; other < options.threads; other++) {
    float *restrict sum = workspaces[0].gradients;
    const float *restrict more = workspaces[other].gradients;
    for (size_t i = first; i < end; i++) sum[i] += more[i];
  }
  float *restrict values = parameters;
  for (size_t i = first; i < end; i++) values[i] += step * (one[i] + two[i]);
}

static void trainShare(int thread, const int *order, int count) {
  Workspace *own = &workspaces[thread];
  for (int first = 0; first < count; first += options.batch) {
    int rows = count - first < options.batch ? count - first : options.batch;
    int begin = rows * thread / options.threads, end = rows * (thread + 1) / options.threads;
    if (end > begin) {
      gather(own, order + first + begin, end - begin);
      forward(own, end - begin);
      lossGradient(own, end - begin);
      backward(own, end - begin, 0);
    } else memset(own->gradients, 0, parameterCount * sizeof(float));
    barrier();
    reduceAndApply(thread, -learningRate / rows);
    barrier();
  }
}

static const int *sharedOrder;
static int sharedCount;
static cpu_set_t allProcessors;

// The `index`-th processor this process may use, for this thread alone.
static void pin(int index) {
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int processor = 0; processor < CPU_SETSIZE; processor++)
    if (CPU_ISSET(processor, &allProcessors) && index-- == 0) CPU_SET(processor, &one);
  if (CPU_COUNT(&one)) sched_setaffinity(0, sizeof one, &one);
}

__attribute__((noreturn)) static void *worker(void *argument) {
  int thread = (int)(intptr_t)argument;
  pin(thread);
  for (;;) {
    barrier();
    trainShare(thread, sharedOrder, sharedCount);
  }
}

static void trainDataParallel(const int *order, int count) {
  sharedOrder = order;
  sharedCount = count;
  barrier();
  trainShare(0, order, count);
}

static double accuracy(const Samples *samples) {
  int right = 0, classes = options.widths[options.layers];
  for (int first = 0; first < samples->rows; first += options.batch) {
    int rows = samples->rows - first < options.batch ? samples->rows - first : options.batch;
    size_t features = options.widths[0];
    memcpy(workspaces->activations[0], samples->features + first * features, rows * features * sizeof(float));
    forward(workspaces, rows);
    for (int row = 0; row < rows; row++) {
      const float *scores = workspaces->activations[options.layers] + row * classes;
      int best = 0;
      for (int i = 1; i < classes; i++) if (scores[i] > scores[best]) best = i;
      right += best == samples->labels[first + row];
    }
  }
  return (double)right / samples->rows;
}

// Weights and biases of all layers in one array, each at the start of a cache line.
static size_t layOut(float *base, float **layerWeights, float **layerBiases) {
  size_t offset = 0;
  for (int layer = 0; layer < options.layers; layer++) {
    size_t units = options.widths[layer + 1];
    layerWeights[layer] = base + offset;
    offset += (options.widths[layer] * units + 15) / 16 * 16;
    layerBiases[layer] = base + offset;
    offset += (units + 15) / 16 * 16;
  }
  return offset;
}

static void makeNetwork(void) {
  float *unused[maxLayers];
  parameterCount = layOut(NULL, unused, unused);
  parameters = allocate(parameterCount * sizeof(float));
  layOut(parameters, weights, biases);
  for (int layer = 0; layer < options.layers; layer++) {
    size_t count = (size_t)options.widths[layer] * options.widths[layer + 1];
    float limit = sqrtf(6.0f / options.widths[layer]);
    for (size_t i = 0; i < count; i++) weights[layer][i] = limit * (2 * (float)(randomBits() >> 40) * 0x1p-24f - 1);
  }
  workspaces = allocate(options.threads * sizeof(Workspace));
  for (int thread = 0; thread < options.threads; thread++) {
    Workspace *own = &workspaces[thread];
    for (int layer = 0; layer <= options.layers; layer++) {
      own->activations[layer] = allocate(sizeof(float) * options.batch * options.widths[layer]);
      own->deltas[layer] = allocate(sizeof(float) * options.batch * options.widths[layer]);
    }
    own->labels = allocate(sizeof(int32_t) * options.batch);
    own->gradients = allocate(sizeof(float) * parameterCount);
    layOut(own->gradients, own->weightGradients, own->biasGradients);
  }
}

static void openLibrary(void) {
  void *library = options.library ? dlopen(options.library, RTLD_NOW) : NULL;
  if (!library) fail(options.library ? dlerror() : "--library is missing");
  cblasProduct = (CblasProduct)dlsym(library, "scipy_cblas_sgemm");
  if (!cblasProduct) cblasProduct = (CblasProduct)dlsym(library, "cblas_sgemm");
  if (!cblasProduct) oneDNNProduct = (OneDNNProduct)dlsym(library, "dnnl_sgemm");
  if (!cblasProduct && !oneDNNProduct) fail("the library has neither cblas_sgemm nor dnnl_sgemm");
}

int main(int count, char **arguments) {
  options = parseOptions(count, arguments);
  if (options.threads < 2) options.dataParallel = 0;
  sched_getaffinity(0, sizeof allProcessors, &allProcessors);
  // oneDNN's threads are those of TBB, which makes as many as there are processors for the thread that first calls it.
  if (options.dataParallel) pin(0);
  training = loadSamples(&options, "train.f32", "train.i32");
  openLibrary();
  makeNetwork();
  if (!options.dataParallel) return serve(&options, &training, trainPlain, accuracy);
  trainPlain((int[]){0}, 1);
  for (int thread = 1; thread < options.threads; thread++) {
    pthread_t handle;
    if (pthread_create(&handle, NULL, worker, (void *)(intptr_t)thread)) fail("no thread");
  }
  exit(serve(&options, &training, trainDataParallel, accuracy));
}
