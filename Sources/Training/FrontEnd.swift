// The names of lower rooms that a front end needs to start a run and to tell its errors apart; whoever imports
// `Training` sees them.

@_exported import enum DataParallel.Execution
@_exported import enum DataParallel.WorkerCount
@_exported import struct Files.InputError
@_exported import struct Files.OutputError
@_exported import func Files.ignoreWriteSignals
@_exported import enum Kernels.InstructionSet
@_exported import enum Metrics.MetricKind
@_exported import enum Metrics.RequestedMetric
