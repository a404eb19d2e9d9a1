// Plain values of the kernels that other rooms build: whoever imports `Kernels` sees them.

@_exported import struct KernelSource.AdagradStep
@_exported import struct KernelSource.AdamStep
@_exported import struct KernelSource.DescentStep
@_exported import enum KernelSource.ElementFunction
@_exported import enum KernelSource.ElementaryFunction
@_exported import struct KernelSource.GradientDescent
@_exported import enum KernelSource.ElementLoss
@_exported import struct KernelSource.GradientTerms
@_exported import struct KernelSource.MomentumStep
@_exported import struct KernelSource.NadamStep
@_exported import struct KernelSource.NesterovStep
@_exported import struct KernelSource.RMSPropMomentumStep
@_exported import struct KernelSource.RMSPropStep
@_exported import enum KernelSource.Update
