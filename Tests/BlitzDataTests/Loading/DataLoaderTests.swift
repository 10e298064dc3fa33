import Blitz
import BlitzData
import Foundation
import Synchronization
import Testing

/// Numbers 0 to `count - 1`, each its own label; counts its calls, and fails where it is told to.
private struct Numbers: Dataset {
  var count: Int
  var failing: Int? = nil
  var fetches: Fetches? = nil

  final class Fetches: Sendable {
    let count = Atomic<Int>(0)
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  func examples(at indices: [Int]) throws -> Examples {
    fetches?.count.wrappingAdd(1, ordering: .relaxed)
    if let failing, indices.contains(failing) { throw Failure(description: "disk on fire") }
    return Examples(
      inputs: try HostArray(indices.map(Float.init), shape: [indices.count, 1]),
      labels: try HostArray(indices, shape: [indices.count]))
  }
}

/// 24 pictures of 2 x 3 x 4 different numbers.
private func pictures() throws -> TensorDataset {
  try TensorDataset(
    Tensor.arange(24 * 24).cast(to: .float32).reshaped(to: [24, 2, 3, 4]), Tensor.arange(24))
}

/// Every number and label that a loader hands out.
private func everything(_ loader: DataLoader) throws -> [[Float]] {
  try loader.map { batch in
    try batch.inputs.scalars(as: Float.self)
      + batch.labels.cast(to: .float32).scalars(as: Float.self)
  }
}

/// The order of each epoch, and the number that the generator draws after the last, against
/// PyTorch's.
private func checkOrder(
  _ reference: LoadingReference.Loader, workers: Int, shuffledBy shuffler: Generator?
) throws {
  let loader = DataLoader(
    Numbers(count: reference.count), batchSize: reference.batchSize, shuffledBy: shuffler,
    dropLast: reference.dropLast, workers: workers)
  for epoch in reference.epochs {
    #expect(loader.batchCount == epoch.count)
    var order: [[Int]] = []
    for batch in loader.batches {
      order.append(try batch.labels.array())
      #expect(batch.indices == order.last)
      #expect(try batch.inputs.scalars() == order.last!.map(Float.init))
    }
    #expect(order == epoch)
  }
  let next = Tensor.randint(0, 1 << 20, [1], generator: shuffler ?? .shared)
  #expect(try next.item(as: Int.self) == reference.next)
}

@Suite("DataLoader")
struct DataLoaderTests {
  @Test(
    "hands out the examples in the order of PyTorch's DataLoader",
    arguments: LoadingReference.stored.loaders.filter(\.own), [0, 1, 3])
  func order(reference: LoadingReference.Loader, workers: Int) throws {
    try checkOrder(reference, workers: workers, shuffledBy: Generator(seed: reference.seed))
  }

  // In a process of its own: other tests draw from the shared generator, too.
  @Test("with the shared generator has the order of PyTorch's DataLoader without one")
  func sharedOrder() async {
    await #expect(processExitsWith: .success) {
      let references = LoadingReference.stored.loaders.filter { !$0.own }
      #expect(references.count == 4)
      for reference in references {
        manualSeed(reference.seed)
        try checkOrder(reference, workers: 1, shuffledBy: reference.shuffles ? .shared : nil)
      }
    }
  }

  @Test("gives the same batches whatever the number of workers", arguments: [1, 2, 5])
  func workers(count: Int) throws {
    func epochs(workers: Int, prefetch: Int) throws -> [[[Float]]] {
      let noise = Transform { numbers, _, generator in
        for i in numbers.indices { numbers[i] += Float.random(in: 0..<1, using: &generator) }
      }
      let loader = DataLoader(
        try pictures(), batchSize: 5, shuffledBy: Generator(seed: 1),
        transforms: [
          .randomCrop(padding: 1, fill: -1), .randomHorizontalFlip(), noise,
          .normalise(mean: [1, 2], std: [3, 4]),
        ], workers: workers, prefetch: prefetch)
      return try (0..<3).map { _ in try everything(loader) }
    }
    let expected = try epochs(workers: 0, prefetch: 1)
    #expect(expected[0] != expected[1])
    #expect(try epochs(workers: count, prefetch: 1) == expected)
    #expect(try epochs(workers: count, prefetch: 7) == expected)
    #expect(try epochs(workers: count, prefetch: .max) == expected)
  }

  @Test("goes on after any batch as if it had never stopped", arguments: [0, 2])
  func resuming(workers: Int) throws {
    func loader(seed: UInt64) throws -> DataLoader {
      DataLoader(
        try pictures(), batchSize: 5, shuffledBy: Generator(seed: seed),
        transforms: [.randomCrop(padding: 2), .randomHorizontalFlip()], workers: workers)
    }
    // All batches of three epochs, and the state after each of them.
    let whole = try loader(seed: 3)
    var (batches, states) = ([[Float]](), [whole.state])
    for _ in 0..<3 {
      for batch in whole {
        batches.append(try batch.inputs.scalars())
        states.append(whole.state)
      }
    }
    #expect(batches.count == 15)
    #expect(states[7].epoch == 1)
    #expect(states[7].batch == 2)
    for (done, state) in states.enumerated() {
      let kept = try JSONDecoder().decode(
        DataLoader.State.self, from: JSONEncoder().encode(state))
      #expect(kept == state)
      // Another seed: all that counts is in the state.
      let resumed = try loader(seed: 99)
      try resumed.restore(kept)
      #expect(resumed.state == state)
      var rest: [[Float]] = []
      for epoch in kept.epoch..<3 {
        #expect(resumed.state.epoch == epoch)
        for batch in resumed { rest.append(try batch.inputs.scalars()) }
      }
      #expect(rest == Array(batches[done...]), "after \(done) batches")
    }
  }

  @Test("hands out pairs with names, and batches with all that an example has")
  func pairs() throws {
    let data = try TensorDataset(Tensor.arange(5), Tensor.arange(5) * 2, Tensor.arange(5) * 3)
    let loader = DataLoader(data, batchSize: 2)
    var (pairs, named): ([[Int]], [[Int]]) = ([], [])
    for (x, y) in loader { pairs.append(try x.array() + y.array()) }
    for batch in loader { named.append(try batch.inputs.array() + batch.labels.array()) }
    #expect(pairs == [[0, 1, 0, 2], [2, 3, 4, 6], [4, 8]] && named == pairs)
    for (number, (x, _)) in loader.enumerated() {
      #expect(try x[0].item(as: Int.self) == 2 * number)
    }
    let batches = Array(loader.batches)
    #expect(batches.map(\.indices) == [[0, 1], [2, 3], [4]])
    #expect(try batches[1][2].array() == [6, 9])
    #expect(loader.state.epoch == 4)
    // Where there is nothing to be told, only the inputs are there.
    let alone = try #require(
      DataLoader(try TensorDataset(Tensor.arange(3)), batchSize: 3).first { _ in true })
    #expect(alone.inputs.error == nil)
    #expect(alone.labels.error?.rule == "there is no tensor 1: an example has 1")
    #expect(
      "\(try #require(loader.first { _ in true }))"
        == "(inputs: Tensor([0, 1], int64[2]), labels: Tensor([0, 2], int64[2]))")
  }

  @Test("counts an epoch that is left early, and begins another")
  func leaving() throws {
    let loader = DataLoader(
      Numbers(count: 10), batchSize: 2, shuffledBy: Generator(seed: 0), workers: 2)
    var first: [Int] = []
    for batch in loader.batches {
      first = batch.indices
      break
    }
    #expect(loader.state.epoch == 0)
    #expect(loader.state.batch == 1)
    let second = loader.batches.flatMap(\.indices)
    #expect(second.count == 10)
    #expect(Array(second[..<2]) != first)
    #expect(loader.state.epoch == 2)
    #expect(loader.state.batch == 0)
  }

  @Test("passes an error on in the batch it belongs to, and goes on", arguments: [0, 1, 2])
  func failing(workers: Int) throws {
    let loader = DataLoader(Numbers(count: 10, failing: 4), batchSize: 3, workers: workers)
    let batches = Array(loader.batches)
    #expect(batches.map { $0.error == nil } == [true, false, true, true])
    #expect(batches[1].indices == [3, 4, 5])
    for tensor in [batches[1].inputs, batches[1].labels] {
      let error = tensorError { try (tensor * 2).sum().item() }
      #expect(error?.summary == "examples: disk on fire")
    }
    #expect(try batches[3].labels.array() == [9])
  }

  struct Refused: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var make: @Sendable () throws -> DataLoader
    var message: String
  }

  @Test(
    "hands out one batch that says why there is none",
    arguments: [
      Refused(
        testDescription: "batch size 0", make: { DataLoader(Numbers(count: 3), batchSize: 0) },
        message: "DataLoader: the batch size is 0\n  help: give 1 or more"),
      Refused(
        testDescription: "no examples", make: { DataLoader(Numbers(count: 0), batchSize: 2) },
        message: "DataLoader: the dataset has no examples\n  help: give one at least"),
      Refused(
        testDescription: "all dropped",
        make: { DataLoader(Numbers(count: 3), batchSize: 4, dropLast: true) },
        message: "DataLoader: 3 examples do not fill a batch of 4, and dropLast drops the rest\n"
          + "  help: give a smaller batchSize, or leave out dropLast"),
      Refused(
        testDescription: "workers",
        make: { DataLoader(Numbers(count: 3), batchSize: 2, workers: -1, prefetch: 0) },
        message: "DataLoader: there are -1 workers and 0 batches to prefetch\n"
          + "  help: give 0 to 1024 workers, and 0 batches or more"),
      Refused(
        testDescription: "ragged", make: { DataLoader(Ragged(), batchSize: 2) },
        message: "examples: 2 were asked for, the dataset gave float32[1, 1]\n"
          + "  help: the first axis of each array counts the examples"),
    ])
  func refused(row: Refused) throws {
    let batches = Array(try row.make().batches)
    #expect(batches.count == 1)
    let error = tensorError { try batches[0].inputs.sum().item() }
    #expect(error?.message == row.message)
  }

  /// Gives a row too few.
  private struct Ragged: Dataset {
    let count = 2
    func examples(at indices: [Int]) throws -> Examples {
      Examples(
        inputs: try HostArray([1 as Float], shape: [1, 1]),
        labels: try HostArray([1], shape: [1]))
    }
  }

  @Test("refuses a state of another loader")
  func wrongState() throws {
    let state = DataLoader(Numbers(count: 10), batchSize: 3).state
    let other = DataLoader(Numbers(count: 10), batchSize: 4, shuffledBy: Generator(seed: 0))
    let error = tensorError { try other.restore(state) }
    #expect(
      error?.summary == "restore: the state is of a loader of 10 examples in batches of 3; "
        + "this one is of 10 examples in batches of 4, shuffled")
  }

  @Test("makes no more batches ahead than it is told to, and none after the loop is left")
  func prefetching() throws {
    let fetches = Numbers.Fetches()
    let loader = DataLoader(
      Numbers(count: 1000, fetches: fetches), batchSize: 1, workers: 2, prefetch: 4)
    for batch in loader.batches {
      // Two handed out, four ahead.
      if batch.indices == [1] { break }
    }
    let made = fetches.count.load(ordering: .relaxed)
    #expect(made >= 2 && made <= 6)
    usleep(20_000)
    #expect(fetches.count.load(ordering: .relaxed) == made)
  }

  @Test("leaves neither threads nor memory behind when loops are left")
  func leaks() async {
    await #expect(processExitsWith: .success) {
      func threadCount() throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count
      }
      let data = try TensorDataset(Tensor.ones([100, 1000]), Tensor.zeros([100]))
      let loader = DataLoader(
        data, batchSize: 10, shuffledBy: Generator(seed: 0), workers: 3, prefetch: 5)
      func leave(times: Int) throws {
        for round in 0..<times {
          for (count, batch) in loader.enumerated() {
            #expect(try batch.inputs.sum().item() == 10_000)
            if count == round % 4 { break }
          }
        }
      }
      try leave(times: 10)
      let (threads, bytes) = (try threadCount(), Memory.liveBytes)
      try leave(times: 200)
      // The system lists a thread for some time after it was joined; one that leaked stays.
      for _ in 0..<500 where try threadCount() > threads { usleep(10_000) }
      #expect(try threadCount() <= threads)
      #expect(Memory.liveBytes == bytes)
    }
  }
}
