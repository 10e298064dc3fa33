/// Where the elements of a node are: in this machine's memory, or in a device's.
enum Contents: Sendable {
  case memory(Storage)
  /// They may still be being computed.
  case array(any DeviceArray)
}
