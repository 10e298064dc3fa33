// Without the trait `MPI` this module is empty, and nothing of MPI is looked for.
#if MPI
  import BlitzNN
  import BlitzProcesses
  import CMPI
  import Synchronization

  /// Adds up gradients over the processes that `mpirun` or `srun` has started, with
  /// `MPI_Allreduce`.
  ///
  ///     let exchange = try MPIExchange()
  ///     ...
  ///     try optimizer.exchangeGradients(exchange)
  ///     ...
  ///     exchange.end()
  ///
  /// If a process ends without ``end()``, `mpirun` ends the others.
  public final class MPIExchange: GradientExchange {
    /// This process's rank.
    public let process: Int
    /// The size of `MPI_COMM_WORLD`.
    public let processCount: Int
    /// Locked while a sum is under way: MPI is used from one thread at a time.
    private let traffic = Mutex(ExchangeTraffic())

    /// Starts MPI, which a program can do only once.
    ///
    /// - Throws: `ProcessError` with MPI's message.
    public init() throws(ProcessError) {
      var process: Int32 = 0, count: Int32 = 0
      try MPIExchange.check(blz_mpi_start(&process, &count), "MPI_Init")
      (self.process, processCount) = (Int(process), Int(count))
    }

    /// The cost of the sums so far.
    public var total: ExchangeTraffic { traffic.withLock { $0 } }

    /// Replaces each number by its sum over all processes.
    public func sum(_ numbers: UnsafeMutableBufferPointer<Float>) throws(ProcessError) {
      // MPI counts in 32 bits.
      let limit = 1 << 30
      try traffic.withLock { traffic throws(ProcessError) in
        let begin = ContinuousClock.now
        for start in stride(from: 0, to: numbers.count, by: limit) {
          let count = min(limit, numbers.count - start)
          try MPIExchange.check(
            blz_mpi_sum(numbers.baseAddress! + start, Int32(count)), "MPI_Allreduce")
        }
        traffic.add(numbers.count, since: begin)
      }
    }

    /// Ends MPI, once all processes have called this.
    public func end() { _ = blz_mpi_end() }

    private static func check(_ status: Int32, _ call: String) throws(ProcessError) {
      guard status != 0 else { return }
      let text = String(unsafeUninitializedCapacity: 1024) { room in
        room.withMemoryRebound(to: CChar.self) { blz_mpi_error(status, $0.baseAddress!) }
        return room.firstIndex(of: 0) ?? 0
      }
      throw ProcessError(.lost, "\(call): \(text)")
    }
  }
#endif
