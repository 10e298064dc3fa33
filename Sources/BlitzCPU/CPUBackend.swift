import BlitzTensor
import CKernels

/// The backend of the processor that runs the program.
package struct CPUBackend: PlanBackend {
  /// `cpu`.
  package var name: String { "cpu" }
  /// One: all cores together.
  package var deviceCount: Int { 1 }

  /// Makes a backend; the program has one from the start.
  package init() {}

  /// Translates a plan's kernels to calls of the vector loops and products.
  package func prepare(_ plan: Plan) throws(TensorError) -> any Executable {
    PreparedPlan(plan)
  }

  /// Turns uniform numbers into normal ones by PyTorch's vectors of floats.
  package func makeNormal(
    _ numbers: UnsafeMutablePointer<Float>, blocks: Int, mean: Float, std: Float
  ) {
    blz_normals(numbers, Int64(blocks), mean, std)
  }
}

/// Called by a constructor in CKernels before `main`, so that a program that links this
/// module has the backend without naming it.
@c(blz_register_cpu_backend)
package func registerCPUBackend() {
  Backends.register(CPUBackend())
}
