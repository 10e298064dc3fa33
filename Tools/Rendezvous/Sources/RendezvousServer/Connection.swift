import BlitzProcesses
import NIOCore

/// Cuts the bytes that come into frames.
struct FrameDecoder: ByteToMessageDecoder {
  typealias InboundOut = ByteBuffer

  /// The first frame may come from anybody, and is short.
  private var limit = Message.helloLimit

  mutating func decode(
    context: ChannelHandlerContext, buffer: inout ByteBuffer
  ) throws -> DecodingState {
    guard let size = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else {
      return .needMoreData
    }
    guard size <= limit else {
      throw ProcessError(
        .malformed,
        "a message of \(size) bytes; \(limit) are allowed here: is this a rendezvous "
          + "of Blitz that you mean?")
    }
    guard buffer.readableBytes >= 4 + Int(size) else { return .needMoreData }
    buffer.moveReaderIndex(forwardBy: 4)
    limit = Message.frameLimit
    context.fireChannelRead(wrapInboundOut(buffer.readSlice(length: Int(size))!))
    return .continue
  }

  mutating func decodeLast(
    context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
  ) throws -> DecodingState { .needMoreData }
}

/// One connection: whoever it is of, and what it asks for.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let job: Job
  private var context: ChannelHandlerContext?
  private var peer: (process: Int, role: Message.Role)?
  private var greeting: Scheduled<Void>?
  private var isRefused = false

  /// How long a stranger may say nothing.
  static let greetingTimeout = TimeAmount.seconds(10)

  init(_ job: Job) { self.job = job }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    greeting = context.eventLoop.scheduleTask(in: Connection.greetingTimeout) {
      bound.value.refuse("no hello has come")
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefused else { return }
    do {
      let message = try Message(unwrapInboundIn(data).readableBytesView)
      if let peer {
        job.handle(message, from: peer.process, on: self)
      } else {
        greeting?.cancel()
        peer = job.join(message, on: self)
      }
    } catch {
      refuse("\(error)")
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    greeting?.cancel()
    self.context = nil
    if let peer { job.leave(peer.process, peer.role, self) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let error = error as? ProcessError {
      refuse(error.description)
    } else {
      context.close(promise: nil)
    }
  }

  /// Sends a message, if the other end is still there.
  func send(_ message: Message) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: message.frame)))
      .whenFailure { _ in }
  }

  /// Says what was wrong and closes this connection, no other.
  func refuse(_ text: String) {
    guard let context, !isRefused else { return }
    isRefused = true
    let frame = context.channel.allocator.buffer(bytes: Message.refused(text).frame)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in
      bound.value.close(promise: nil)
    }
  }
}
