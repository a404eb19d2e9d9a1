// The names of lower rooms that a front end needs to start a run and to tell its errors apart; whoever imports
// `Training` sees them.

@_exported import enum DataParallel.Execution
@_exported import enum DataParallel.WorkerCount
@_exported import struct Datasets.DataError
@_exported import enum Kernels.InstructionSet
