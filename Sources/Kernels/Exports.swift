// Plain values of the kernels that other rooms build: whoever imports `Kernels` sees them.

@_exported import struct KernelInterface.AdamStep
@_exported import enum KernelInterface.ElementFunction
@_exported import enum KernelInterface.ElementaryFunction
@_exported import struct KernelInterface.GradientDescent
@_exported import enum KernelInterface.Update
