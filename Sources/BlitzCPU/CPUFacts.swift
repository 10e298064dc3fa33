import COneDNN

/// What the CPU backend is made of, for `blitz doctor`.
package enum CPUFacts {
  /// The version of oneDNN that is loaded, `2.6.3`; nil if it does not say.
  package static var oneDNNVersion: String? {
    dnnl_version().map { "\($0.pointee.major).\($0.pointee.minor).\($0.pointee.patch)" }
  }

  /// How many threads kernels are split over: one for each core, or `BLITZ_NUM_THREADS`.
  package static var threadCount: Int { ThreadPool.shared.threadCount }
}
