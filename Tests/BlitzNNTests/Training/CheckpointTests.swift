import Blitz
import BlitzData
import Foundation
import Testing

@testable import BlitzNN

@Suite struct CheckpointTests {
  /// A training run that can stop after any batch: a network with dropout, Adam, a warm-up and a
  /// cosine, and rows in an order that each epoch draws.
  final class Run {
    struct Position: Codable {
      var epoch = 0
      var batch = 0
      var order: [Int] = []
    }

    let generator: Generator
    let model: Sequential
    let optimizer: Adam
    let schedule = Schedule.warmUp(over: 4).then(.cosine(over: 12))
    var position = Position()
    let compiled: Bool
    private let step: CompiledTraining

    init(seed: UInt64, compiled: Bool) {
      generator = Generator(seed: seed)
      model = CompiledTrainingTests.network(generator)
      optimizer = Adam(model, rate: 0.05)
      self.compiled = compiled
      let model = model
      step = compile(model, optimizer) { x, y in crossEntropy(logits: model(x), labels: y) }
    }

    func next() throws -> Double {
      if position.batch == 0 {
        position.order = try Tensor.randperm(12, generator: generator).scalars(as: Int.self)
      }
      optimizer.follow(schedule, at: optimizer.stepCount)
      let rows = Tensor(Array(position.order[position.batch * 4..<position.batch * 4 + 4]))
      let x = CompiledTrainingTests.x.indexSelect(axis: 0, indices: rows)
      let y = CompiledTrainingTests.y.indexSelect(axis: 0, indices: rows)
      position.batch = (position.batch + 1) % 3
      if position.batch == 0 { position.epoch += 1 }
      if compiled { return try step(x, y).item() }
      let loss = crossEntropy(logits: model(x), labels: y)
      try loss.backward()
      try optimizer.step()
      return try loss.item()
    }

    func save(_ path: String) throws {
      var checkpoint = try Checkpoint(model, optimizer)
      try checkpoint.set(generator.state, as: "generator")
      try checkpoint.set(position, as: "position")
      try checkpoint.set(schedule, as: "schedule")
      try checkpoint.write(to: path)
    }

    func resume(_ path: String) throws {
      let checkpoint = try Checkpoint(contentsOf: path)
      try checkpoint.restore(model, optimizer)
      generator.state = try checkpoint.value(of: "generator")
      position = try checkpoint.value(of: "position")
      #expect(try checkpoint.value(Schedule.self, of: "schedule") == schedule)
    }
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  @Test(
    "a run that resumes has the losses of one that never stopped, bit for bit",
    arguments: [false, true], [3, 7])
  func resumes(compiled: Bool, stop: Int) throws {
    try inFolder { folder in
      let path = "\(folder)/last.safetensors"
      let whole = Run(seed: 3, compiled: compiled)
      let expected = try (0..<16).map { _ in try whole.next() }
      let first = Run(seed: 3, compiled: compiled)
      var losses = try (0..<stop).map { _ in try first.next() }
      try first.save(path)
      // Another seed: nothing may come from how the second process started.
      let second = Run(seed: 99, compiled: compiled)
      _ = try second.next()
      try second.resume(path)
      losses += try (stop..<16).map { _ in try second.next() }
      #expect(losses == expected)
      #expect(Set(losses).count == 16)
    }
  }

  @Test("the file holds the model under PyTorch's names, for any reader of safetensors")
  func namesTensors() throws {
    try inFolder { folder in
      let run = Run(seed: 3, compiled: false)
      _ = try run.next()
      try run.save("\(folder)/a.safetensors")
      let tensors = try Safetensors.load("\(folder)/a.safetensors")
      #expect(tensors["model.0.weight"]?.shape == [16, 8])
      #expect(tensors["model.1.running_mean"]?.shape == [16])
      #expect(tensors["optimizer.4.bias.exp_avg_sq"]?.shape == [3])
      #expect(
        tensors.count == run.model.state.count + run.optimizer.state.tensors.count)
    }
  }

  @Test("a checkpoint does not change when training goes on")
  func isASnapshot() throws {
    let run = Run(seed: 3, compiled: false)
    _ = try run.next()
    let checkpoint = try Checkpoint(run.model, run.optimizer)
    let before = try checkpoint.tensors.mapValues {
      try $0.cast(to: .float32).scalars(as: Float.self)
    }
    _ = try run.next()
    let after = try checkpoint.tensors.mapValues {
      try $0.cast(to: .float32).scalars(as: Float.self)
    }
    #expect(before == after)
  }

  @Test("a disk that fills up while writing leaves the last good checkpoint, and no litter")
  func survivesAFullDisk() async {
    await #expect(processExitsWith: .success) {
      let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let path = "\(folder)/last.safetensors"
      let model = Linear(200, 200)
      try Checkpoint(model).write(to: path)
      let good = try Data(contentsOf: URL(filePath: path))
      // Writes past 64 kB fail from here on, as on a full disk.
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 65536, rlim_max: rlim_t.max)
      setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
      model.$weight.value = Tensor.zeros([200, 200])
      do {
        try Checkpoint(model).write(to: path)
        Issue.record("the write did not fail")
      } catch let error as DataError {
        #expect(error.reason.hasPrefix("cannot be written: "))
      }
      #expect(try Data(contentsOf: URL(filePath: path)) == good)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["last.safetensors"])
      let checkpoint = try Checkpoint(contentsOf: path)
      try checkpoint.restore(model)
      #expect(try model.weight.abs().sum().item() > 0)
    }
  }

  @Test("what does not fit is refused, and the model stays as it was")
  func refuses() throws {
    try inFolder { folder in
      let path = "\(folder)/a.safetensors"
      let model = Linear(2, 2)
      let optimizer = Adam(model)
      try model(Tensor.ones([1, 2])).sum().backward()
      try optimizer.step()
      try Checkpoint(model, optimizer).write(to: path)
      let checkpoint = try Checkpoint(contentsOf: path)

      let other = Linear(2, 2)
      let before = try other.weight.scalars(as: Float.self)
      #expect(throws: TensorError.self) { try checkpoint.restore(other, AdamW(other)) }
      #expect(try other.weight.scalars(as: Float.self) == before)
      #expect(throws: StateError.self) { try checkpoint.restore(Linear(3, 2)) }
      let missing = try #require(throws: DataError.self) {
        let _: Int = try checkpoint.value(of: "epoch")
      }
      #expect(missing.reason == "holds no \"epoch\"; it holds optimizer")
      #expect(throws: DataError.self) { let _: Int = try checkpoint.value(of: "optimizer") }
      try Safetensors.save(["w": Tensor.ones([2])], to: path)
      let plain = try #require(throws: DataError.self) { try Checkpoint(contentsOf: path) }
      #expect(
        plain.reason == "is not a checkpoint, but other tensors; read them with Safetensors.load")
      #expect(throws: DataError.self) { try Checkpoint(model).restore(model, optimizer) }
    }
  }
}
