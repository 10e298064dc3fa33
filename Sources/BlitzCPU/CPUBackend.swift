import BlitzTensor
import CKernels

/// The backend of the processor that runs the program.
public struct CPUBackend: PlanBackend {
  /// `cpu`.
  public var name: String { "cpu" }
  /// One: all cores together.
  public var deviceCount: Int { 1 }

  /// Makes a backend; the program has one from the start.
  public init() {}

  /// Translates a plan's kernels to calls of oneDNN and the vector loops.
  public func prepare(_ plan: Plan) throws(TensorError) -> any Executable {
    PreparedPlan(plan)
  }

  /// Turns uniform numbers into normal ones by PyTorch's vectors of floats.
  public func makeNormal(
    _ numbers: UnsafeMutablePointer<Float>, blocks: Int, mean: Float, std: Float
  ) {
    blz_normals(numbers, Int64(blocks), mean, std)
  }
}

/// Called by a constructor in CKernels before `main`, so that a program that links this
/// module has the backend without naming it.
@c(blz_register_cpu_backend)
public func registerCPUBackend() {
  Backends.register(CPUBackend())
}
