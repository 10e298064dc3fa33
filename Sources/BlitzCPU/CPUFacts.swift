import CKernels

/// What the CPU backend uses of the processor, for `blitz doctor`.
package enum CPUFacts {
  /// The instruction set that loops and products use: `avx512`, `avx2` or `portable`; the widest
  /// that the processor has, or the one that `BLITZ_ISA` names if that is less.
  package static var instructionSet: String {
    switch Int(blz_isa()) {
    case BLZ_ISA_AVX512: "avx512"
    case BLZ_ISA_AVX2: "avx2"
    default: "portable"
    }
  }

  /// Whether products of bytes are made by the instructions for them (VNNI), four at a time.
  package static var hasByteProducts: Bool { blz_bytes_has_quads(blz_isa()) }

  /// How many threads kernels are split over: one for each core, or `BLITZ_NUM_THREADS`.
  package static var threadCount: Int { ThreadPool.shared.threadCount }
}
