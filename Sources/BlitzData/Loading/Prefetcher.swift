import BlitzSystem

/// Makes numbered things ahead of time on threads of its own and hands them out in order.
///
/// The threads only wait and call `make`; they never touch the engine. Letting go of the
/// prefetcher stops them: each ends what it is making, nothing is begun any more, and `deinit`
/// returns when all are gone.
final class Prefetcher<Thing: Sendable>: Sendable {
  private let work: Work
  private let threads: [Thread]

  /// Starts the threads, which begin at once.
  ///
  /// - Parameters:
  ///   - numbers: the things to make.
  ///   - workers: how many threads; 0 makes each thing when it is asked for.
  ///   - depth: how many things may be ready or under way at once; as many as workers at least.
  ///   - make: makes a thing; called from several threads.
  init(
    _ numbers: Range<Int>, workers: Int, depth: Int,
    make: @escaping @Sendable (Int) -> Thing
  ) {
    let work = Work(numbers, depth: max(depth, workers), make: make)
    var threads: [Thread] = []
    for _ in 0..<min(workers, numbers.count) {
      guard let thread = Thread({ work.run() }) else { break }
      threads.append(thread)
    }
    // If the system has no thread to give, things are made by who asks for them.
    self.threads = threads
    self.work = work
  }

  deinit {
    work.stop()
    for thread in threads { thread.join() }
  }

  /// The next thing; waits until it is made. Nil after the last.
  func next() -> Thing? { threads.isEmpty ? work.makeNext() : work.takeNext() }

  /// What the threads share with their owner.
  private final class Work: Sendable {
    private struct State: Sendable {
      var nextToMake: Int
      var nextToTake: Int
      var made: [Int: Thing] = [:]
      var isStopped = false
    }

    private let state: Monitor<State>
    private let end: Int
    private let depth: Int
    private let make: @Sendable (Int) -> Thing

    init(_ numbers: Range<Int>, depth: Int, make: @escaping @Sendable (Int) -> Thing) {
      state = Monitor(State(nextToMake: numbers.lowerBound, nextToTake: numbers.lowerBound))
      end = numbers.upperBound
      self.depth = depth
      self.make = make
    }

    /// What a thread does.
    func run() {
      while let number = numberToMake() {
        let thing = make(number)
        state.change { $0.made[number] = thing }
      }
    }

    /// Waits until there is room for one thing more; nil if there is nothing left to do.
    private func numberToMake() -> Int? {
      state.wait { state -> Int?? in
        if state.isStopped || state.nextToMake >= end { return .some(nil) }
        guard state.nextToMake - state.nextToTake < depth else { return nil }
        state.nextToMake += 1
        return state.nextToMake - 1
      }
    }

    func takeNext() -> Thing? {
      // A thing that is taken makes room for another.
      state.wait(andWake: true) { state -> Thing?? in
        if state.nextToTake >= end { return .some(nil) }
        guard let thing = state.made.removeValue(forKey: state.nextToTake) else { return nil }
        state.nextToTake += 1
        return thing
      }
    }

    func makeNext() -> Thing? {
      let number = state.withLock { state in
        state.nextToTake += 1
        return state.nextToTake - 1
      }
      return number < end ? make(number) : nil
    }

    func stop() { state.change { $0.isStopped = true } }
  }
}
