// What the peers in C share: the command line, the data, the shuffle, and the answers to compare.py's requests; see serve.py.
#pragma once
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { maxLayers = 8, checkEpochs = 5 };
static const float learningRate = 0.1f;
static const double warmUpSeconds = 0.5;

typedef struct {
  const char *data, *library;
  int layers;                 // without the inputs
  int widths[maxLayers + 1];  // widths[0]: features
  int batch, chunk, threads;
  int dataParallel, check;
} Options;

typedef struct {
  int rows;
  float *features;  // [rows, features]
  int32_t *labels;
} Samples;

// Trains on the samples of `order` by mini-batches, of which the last may be smaller.
typedef void (*Train)(const int *order, int count);
typedef double (*Accuracy)(const Samples *samples);

static void fail(const char *message) {
  fprintf(stderr, "%s\n", message);
  exit(1);
}

static Options parseOptions(int count, char **arguments) {
  Options options = {.threads = 1};
  for (int i = 1; i < count; i++) {
    const char *name = arguments[i];
    if (!strcmp(name, "--check")) { options.check = 1; continue; }
    if (!strcmp(name, "--data-parallel")) { options.dataParallel = 1; continue; }
    if (++i == count) fail("an option needs a value");
    char *value = arguments[i];
    if (!strcmp(name, "--data")) options.data = value;
    else if (!strcmp(name, "--library")) options.library = value;
    else if (!strcmp(name, "--batch")) options.batch = atoi(value);
    else if (!strcmp(name, "--chunk")) options.chunk = atoi(value);
    else if (!strcmp(name, "--threads")) options.threads = atoi(value);
    else if (!strcmp(name, "--widths")) {
      options.layers = -1;
      for (char *width = strtok(value, ","); width && options.layers < maxLayers; width = strtok(NULL, ","))
        options.widths[++options.layers] = atoi(width);
    } else fail("unknown option");
  }
  return options;
}

// Zeros, at the start of a cache line.
static void *allocate(size_t bytes) {
  void *memory;
  if (posix_memalign(&memory, 64, bytes + 64)) fail("out of memory");
  return memset(memory, 0, bytes + 64);
}

static void *readFile(const char *prefix, const char *suffix, long *bytes) {
  char path[4096];
  snprintf(path, sizeof path, "%s-%s", prefix, suffix);
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) fail(path);
  *bytes = ftell(file);
  rewind(file);
  void *memory = allocate(*bytes);
  if (fread(memory, 1, *bytes, file) != (size_t)*bytes) fail(path);
  fclose(file);
  return memory;
}

static Samples loadSamples(const Options *options, const char *features, const char *labels) {
  Samples samples;
  long bytes;
  samples.features = readFile(options->data, features, &bytes);
  samples.labels = readFile(options->data, labels, &bytes);
  samples.rows = bytes / sizeof(int32_t);
  return samples;
}

// SplitMix64.
static uint64_t randomBits(void) {
  static uint64_t state = 1;
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static void shuffle(int *order, int count) {
  for (int i = count - 1; i > 0; i--) {
    int j = (int)(((unsigned __int128)randomBits() * (i + 1)) >> 64);
    int other = order[j];
    order[j] = order[i];
    order[i] = other;
  }
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

// An epoch without end, a piece at a time.
typedef struct {
  Train train;
  int *order, rows, next, piece;
} Epochs;

static int trainPiece(Epochs *epochs) {
  if (epochs->next == 0) shuffle(epochs->order, epochs->rows);
  int left = epochs->rows - epochs->next;
  int count = left < epochs->piece ? left : epochs->piece;
  epochs->train(epochs->order + epochs->next, count);
  epochs->next = (epochs->next + count) % epochs->rows;
  return count;
}

static long trainFor(Epochs *epochs, double seconds, double *elapsed) {
  double start = now();
  long samples = 0;
  for (*elapsed = 0; *elapsed < seconds; *elapsed = now() - start) samples += trainPiece(epochs);
  return samples;
}

static int serve(const Options *options, const Samples *training, Train train, Accuracy accuracy) {
  Epochs epochs = {train, allocate(training->rows * sizeof(int)), training->rows, 0, options->chunk * options->batch};
  for (int i = 0; i < training->rows; i++) epochs.order[i] = i;
  if (options->check) {
    for (int epoch = 0; epoch < checkEpochs; epoch++) do trainPiece(&epochs); while (epochs.next > 0);
    Samples test = loadSamples(options, "test.f32", "test.i32");
    printf("accuracy %.4f %.4f\n", accuracy(training), accuracy(&test));
    return 0;
  }
  double elapsed, seconds;
  trainFor(&epochs, warmUpSeconds, &elapsed);
  puts("ready");
  fflush(stdout);
  for (char line[100]; fgets(line, sizeof line, stdin) && sscanf(line, "run %lf", &seconds) == 1;) {
    trainFor(&epochs, seconds / 5, &elapsed);
    long samples = trainFor(&epochs, seconds, &elapsed);
    printf("samples %ld seconds %.9f\n", samples, elapsed);
    fflush(stdout);
  }
  return 0;
}
