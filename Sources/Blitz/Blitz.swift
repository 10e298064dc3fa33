// What `import Blitz` brings. The backend of the processor and the finder of plugins for other
// devices are linked in and make themselves known.
@_exported import BlitzData
@_exported import BlitzNN
@_exported import BlitzTensor
import BlitzCPU
import BlitzXLA
