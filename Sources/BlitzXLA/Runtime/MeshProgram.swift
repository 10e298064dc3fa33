import BlitzTensor

/// A program that the devices of a mesh run together.
package final class MeshProgram: LoadedProgram {
  /// Whether it was found on disk.
  package var wasKept: Bool { loaded.wasKept }
  /// The bytes of memory of one device, if the plugin says.
  package var memoryLimit: Int? { loaded.memoryLimit }
  private let loaded: XLALoadedProgram
  private let arguments: [Program.Value]
  private let results: [Program.Value]
  private let mesh: Mesh

  init(_ loaded: XLALoadedProgram, of program: Program, mesh: Mesh) {
    self.loaded = loaded
    self.mesh = mesh
    arguments = program.arguments
    results = program.results
  }

  /// Starts a run on all devices of the mesh.
  package func run(
    _ arguments: [any DeviceArray], keeping kept: [Int]
  ) throws(TensorError) -> [any DeviceArray] {
    var arrays: [MeshArray] = []
    arrays.reserveCapacity(arguments.count)
    for (index, (given, wanted)) in zip(arguments, self.arguments).enumerated() {
      guard let array = given as? MeshArray, array.sharding == wanted.sharding else {
        throw TensorError(
          "run", "argument \(index) does not lie on the mesh as the program takes it",
          help: "move it there with .to(mesh, split:)")
      }
      arrays.append(array)
    }
    let lists = loaded.placement.devices.indices.map { device in
      arrays.map { $0.parts[device] as any DeviceArray }
    }
    let returned = try loaded.run(lists: lists, keeping: kept)
    return results.enumerated().map { place, value in
      MeshArray(
        returned.map { unsafeDowncast($0[place], to: XLAArray.self) }, shape: value.shape,
        dtype: value.dtype, sharding: value.sharding, mesh: mesh)
    }
  }
}

extension Program {
  /// The program with its arguments and results as one device of a mesh sees them.
  func part(on mesh: Mesh) -> Program {
    func part(_ value: Value) -> Value {
      Value(shape: value.sharding.part(of: value.shape, on: mesh), dtype: value.dtype)
    }
    return Program(
      text: text, arguments: arguments.map(part), results: results.map(part),
      donated: donated)
  }
}
