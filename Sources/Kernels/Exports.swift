// Plain values of the kernels that other rooms build: whoever imports `Kernels` sees them.

@_exported import struct KernelSource.AdamStep
@_exported import enum KernelSource.ElementFunction
@_exported import enum KernelSource.ElementaryFunction
@_exported import struct KernelSource.GradientDescent
@_exported import enum KernelSource.Update
