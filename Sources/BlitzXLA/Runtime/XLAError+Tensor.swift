import BlitzSystem
import BlitzTensor

extension XLAError {
  /// What a user of tensors should know of it: what happened on which device, XLA's words, and
  /// what to do.
  func asTensorError(_ op: String, on client: Client, device: Int) -> TensorError {
    let name = client.name(device)
    let words = [("xla", "\(code): \(message)")]
    if isOutOfMemory {
      let place = client.devices.indices.contains(device) ? client.devices[device] : nil
      var live = "\((place?.liveBytes ?? 0).inBytes) of tensors are alive there"
      if let memory = place?.memory {
        live += ", \(memory.used.inBytes) in use"
        if let limit = memory.limit { live += " of \(limit.inBytes)" }
      }
      return TensorError(
        op, "\(name) is out of memory: \(live)", operands: words,
        help: "use a smaller batch, or let go of tensors; what is alive can still be read")
    }
    if isLostDevice {
      return TensorError(
        op, "\(name) was lost while it computed; what it held cannot be read any more",
        operands: words,
        help: "start the program again from its last checkpoint; dmesg and nvidia-smi say more")
    }
    return TensorError(op, "\(name) returned an error", operands: words)
  }

  /// Whether memory ran out; an error during a computation may say so only in its text.
  var isOutOfMemory: Bool {
    code == .resourceExhausted
      || ["Out of memory", "OUT_OF_MEMORY", "RESOURCE_EXHAUSTED"].contains { message.contains($0) }
  }

  /// Whether the device, not the program, is broken: every later call fails too.
  private var isLostDevice: Bool {
    switch code {
    case .unavailable, .dataLoss: return true
    case .internalError, .aborted, .unknown:
      // The driver's names for a GPU that must be reset before it computes again.
      let fatal = [
        "CUDA_ERROR_ILLEGAL_ADDRESS", "CUDA_ERROR_LAUNCH_FAILED", "CUDA_ERROR_ECC_UNCORRECTABLE",
        "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA_ERROR_HARDWARE_STACK_ERROR",
        "CUDA_ERROR_CONTAINED", "device lost", "GPU is lost", "fallen off the bus",
      ]
      return fatal.contains { message.contains($0) }
    default: return false
    }
  }
}
