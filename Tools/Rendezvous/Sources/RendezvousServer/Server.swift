import BlitzProcesses
import NIOCore
import NIOPosix

/// The server at which the processes of one job meet; see `Message` for what it understands.
public final class Server: Sendable {
  /// Where it listens.
  public let endpoint: Endpoint
  private let group: MultiThreadedEventLoopGroup

  /// Listens at one address, and at no other.
  ///
  /// - Parameters:
  ///   - endpoint: port 0 lets the system choose one.
  ///   - processCount: how many processes the job has.
  ///   - token: what each of them has to show.
  ///   - silence: after how many seconds without a sign of life a process is given up.
  /// - Throws: NIO's error if the address is not this machine's or the port is taken.
  public init(
    _ endpoint: Endpoint, processCount: Int, token: String, silence: Double = 20
  ) throws {
    // One loop holds all that is known of the job, so that nothing needs a lock.
    group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let silence = TimeAmount.nanoseconds(Int64(silence * 1e9))
    let job = try loop.submit {
      NIOLoopBound(
        Job(processCount: processCount, token: token, silence: silence, loop: loop),
        eventLoop: loop)
    }.wait()
    do {
      let channel = try ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 256)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers([
              ByteToMessageHandler(FrameDecoder()), Connection(job.value),
            ])
          }
        }
        .bind(host: endpoint.host, port: Int(endpoint.port)).wait()
      let port = channel.localAddress?.port ?? Int(endpoint.port)
      self.endpoint = Endpoint(host: endpoint.host, port: UInt16(port))
    } catch {
      group.shutdownGracefully { _ in }
      throw error
    }
    let interval = TimeAmount.nanoseconds(max(silence.nanoseconds / 4, 1_000_000))
    loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
      job.value.checkHeartbeats()
    }
  }

  /// Closes all connections.
  public func shutDown() throws { try group.syncShutdownGracefully() }
}
