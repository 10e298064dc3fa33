import CZeroMQ
import Foundation

/// A ZeroMQ socket.
package final class Socket {
  package let handle: UnsafeMutableRawPointer

  package enum Kind {
    case router, dealer, publish, subscribe, reply, request

    var code: Int32 {
      switch self {
      case .router: ZMQ_ROUTER
      case .dealer: ZMQ_DEALER
      case .publish: ZMQ_PUB
      case .subscribe: ZMQ_SUB
      case .reply: ZMQ_REP
      case .request: ZMQ_REQ
      }
    }
  }

  /// - Parameter identity: by which a router knows it; one of its own if empty.
  package init(_ kind: Kind, in context: UnsafeMutableRawPointer, identity: String = "") {
    handle = zmq_socket(context, kind.code)
    var linger: Int32 = 200  // milliseconds: what was said last still goes out
    zmq_setsockopt(handle, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
    var unbounded: Int32 = 0  // output is not dropped because a reader is slow
    zmq_setsockopt(handle, ZMQ_SNDHWM, &unbounded, MemoryLayout<Int32>.size)
    if !identity.isEmpty {
      zmq_setsockopt(handle, ZMQ_IDENTITY, identity, identity.utf8.count)
    }
    if kind == .subscribe { zmq_setsockopt(handle, ZMQ_SUBSCRIBE, "", 0) }
  }

  package func bind(_ address: String) throws {
    if zmq_bind(handle, address) != 0 { throw KernelFailure.here("cannot listen on \(address)") }
  }

  package func connect(_ address: String) throws {
    if zmq_connect(handle, address) != 0 {
      throw KernelFailure.here("cannot connect to \(address)")
    }
  }

  package func close() { zmq_close(handle) }

  package func send(_ frames: [[UInt8]]) {
    for (i, frame) in frames.enumerated() {
      let flags = i + 1 < frames.count ? ZMQ_SNDMORE : 0
      while zmq_send(handle, frame, frame.count, flags) < 0 && zmq_errno() == EINTR {}
    }
  }

  /// A message that has arrived, or nil if there is none now.
  package func receive() -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    while true {
      var message = zmq_msg_t()
      zmq_msg_init(&message)
      defer { zmq_msg_close(&message) }
      let count = zmq_msg_recv(&message, handle, frames.isEmpty ? ZMQ_DONTWAIT : 0)
      if count < 0 {
        if zmq_errno() == EINTR { continue }
        return nil
      }
      frames.append(Array(UnsafeRawBufferPointer(start: zmq_msg_data(&message), count: Int(count))))
      if zmq_msg_more(&message) == 0 { return frames }
    }
  }
}

/// Why the kernel cannot go on.
package struct KernelFailure: Error, CustomStringConvertible {
  package var description: String

  /// With the reason that the system gives.
  package static func here(_ text: String) -> KernelFailure {
    KernelFailure(description: "\(text): \(String(cString: zmq_strerror(zmq_errno())))")
  }
}
