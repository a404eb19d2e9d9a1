// Makes SwiftPM see a C target; everything is in the header.
#include "ProcessorFeatures.h"
