@_exported import BlitzTensor
