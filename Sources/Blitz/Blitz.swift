// What `import Blitz` brings. The backend of the processor is linked in and makes itself known.
@_exported import BlitzData
@_exported import BlitzNN
@_exported import BlitzTensor
import BlitzCPU
