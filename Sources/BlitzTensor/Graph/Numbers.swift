/// Where the numbers of a node are: in this machine's memory, or in a device's.
enum Numbers: Sendable {
  case memory(Storage)
  /// They may still be being computed.
  case array(DeviceArray)
}
