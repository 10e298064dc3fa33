import BlitzTensor
import CLAPACK

/// What LAPACK computes of one matrix. Results lie one behind the other, all in the matrix's dtype;
/// last is the number with which LAPACK says what is wrong, 0 if nothing is.
struct Routine: Sendable {
  /// The user's word, for errors and printed plans.
  let word: String
  let kind: Kind
  let dtype: DType
  /// Whether what LAPACK finds wrong is an error; it is a number of the result anyhow.
  var checks = true

  enum Kind: Sendable {
    /// `[n, n]`, of which the lower half is read: L `[n, n]`, with zeros above the diagonal.
    case cholesky(Int)
    /// `[m, n]`: L and U in one, `[m, n]`; the rows that pivots changed places with, from 1.
    case lu(Int, Int)
    /// `[n, n]` and `[n, k]`: the solution `[n, k]`.
    case solve(Int, Int)
    /// `[n, n]` and `[n, k]`: the solution `[n, k]`.
    case triangular(Int, Int, upper: Bool, unit: Bool)
    /// `[m, n]`: R with the reflectors below, `[m, n]`; their scales.
    case reflectors(Int, Int)
    /// Reflectors `[m, n]` and `k` scales: the first `n` columns of Q, `[m, n]`.
    case orthogonal(Int, Int, Int)
    /// `[n, n]`, of which the lower half is read: eigenvalues, ascending; eigenvectors `[n, n]`.
    case eigen(Int, vectors: Bool)
    /// `[m, n]`: U, the singular values, the transposed V.
    case singular(Int, Int, Vectors)
    /// `[n, n]`, of which the lower half is read: L and D in one, `[n, n]`; pivots.
    case ldl(Int)
    /// Complex `[n, n]`, as pairs: eigenvalues; eigenvectors `[n, n]`, as pairs, too.
    case general(Int, vectors: Bool)
    /// L and D `[n, n]`, int32 pivots, `[n, k]`: the solution `[n, k]`.
    case ldlSolve(Int, Int)
  }

  /// How many of the singular vectors are asked for.
  enum Vectors: Int, Sendable {
    case none, some, all
  }

  /// The shapes of the results for one matrix, without the number behind them.
  var results: [[Int]] {
    switch kind {
    case .cholesky(let n): [[n, n]]
    case .lu(let m, let n), .reflectors(let m, let n): [[m, n], [min(m, n)]]
    case .solve(let n, let k), .triangular(let n, let k, _, _), .ldlSolve(let n, let k): [[n, k]]
    case .orthogonal(let m, let n, _): [[m, n]]
    case .eigen(let n, let vectors): vectors ? [[n], [n, n]] : [[n]]
    case .singular(let m, let n, let vectors):
      switch vectors {
      case .none: [[min(m, n)]]
      case .some: [[m, min(m, n)], [min(m, n)], [min(m, n), n]]
      case .all: [[m, m], [min(m, n)], [n, n]]
      }
    case .ldl(let n): [[n, n], [n]]
    case .general(let n, let vectors): vectors ? [[n, 2], [n, n, 2]] : [[n, 2]]
    }
  }

  /// All that tells the routine from others of the word.
  var numbers: [Int] {
    let rest: [Int] =
      switch kind {
      case .cholesky(let n): [0, n]
      case .lu(let m, let n): [1, m, n]
      case .solve(let n, let k): [2, n, k]
      case .triangular(let n, let k, let upper, let unit): [3, n, k, upper ? 1 : 0, unit ? 1 : 0]
      case .reflectors(let m, let n): [4, m, n]
      case .orthogonal(let m, let n, let k): [5, m, n, k]
      case .eigen(let n, let vectors): [6, n, vectors ? 1 : 0]
      case .singular(let m, let n, let vectors): [7, m, n, vectors.rawValue]
      case .ldl(let n): [8, n]
      case .ldlSolve(let n, let k): [9, n, k]
      case .general(let n, let vectors): [10, n, vectors ? 1 : 0]
      }
    return rest + [checks ? 1 : 0, dtype == .float64 ? 1 : 0]
  }

  /// Multiplications and additions, about.
  var work: Int {
    func times(_ factor: Double, _ sizes: Int...) -> Int {
      Int(min(1e15, sizes.reduce(factor) { $0 * Double($1) }))
    }
    return switch kind {
    case .cholesky(let n), .ldl(let n): times(0.4, n, n, n)
    case .lu(let m, let n): times(1, m, n, min(m, n))
    case .solve(let n, let k): times(1, n, n, n) + times(1, n, n, k)
    case .triangular(let n, let k, _, _), .ldlSolve(let n, let k): times(1, n, n, k)
    case .reflectors(let m, let n): times(2, m, n, min(m, n))
    case .orthogonal(let m, let n, let k): times(2, m, n, k)
    case .eigen(let n, _): times(10, n, n, n)
    case .general(let n, _): times(80, n, n, n)
    case .singular(let m, let n, _): times(10, m, n, min(m, n))
    }
  }

  /// Applies the routine to each matrix of a batch.
  ///
  /// - Parameters:
  ///   - operands: `[batch..., ...]`, each with the same batch.
  ///   - batch: the batch's sizes.
  /// - Returns: the results and the number of each matrix, `[batch..., all]`; not recorded.
  func callAsFunction(_ operands: [Tensor], batch: [Int]) -> Tensor {
    guard blz_lapack() != nil else {
      return Tensor(
        error: TensorError(
          word, "there is no LAPACK on this machine",
          operands: [("input", operands[0].signature)],
          help: "install liblapacke (apt) or lapack (brew)"))
    }
    let size = (results.map(Tensor.product) + [1]).reduce(0) {
      $0.addingReportingOverflow($1).overflow ? Int.max : $0 + $1
    }
    if let error = tooLarge(batch + [size], operands) { return Tensor(error: error) }
    let function = HostFunction(word, numbers, work: work) { item throws(TensorError) in
      try run(item)
    }
    return .host(
      function, operands, count: Tensor.product(batch), shape: Shape(batch + [size]),
      dtype: dtype)
  }
}

extension Routine {
  /// The error about more numbers than memory holds, or than LAPACK counts.
  private func tooLarge(_ sizes: [Int], _ operands: [Tensor]) -> TensorError? {
    let signatures = operands.map { ("input", $0.signature) }
    if let error = TensorError.badShape(word, sizes, operands: signatures) { return error }
    if numbers.allSatisfy({ $0 < 1 << 31 }) { return nil }
    return TensorError(
      word, "the matrices have 2^31 rows or columns or more", operands: signatures,
      help: "LAPACK counts up to 2^31 - 1")
  }
}

extension Routine {
  private typealias Memory = UnsafeMutableRawPointer

  /// Computes one matrix.
  private func run(_ item: HostFunction.Item) throws(TensorError) {
    let wide = dtype == .float64
    let size = dtype.byteCount
    let output = item.output
    let count = results.reduce(0) { $0 + $1.reduce(1, *) }
    /// Where a result begins.
    func place(_ index: Int) -> Memory {
      output + size * results[..<index].reduce(0) { $0 + $1.reduce(1, *) }
    }
    func copy(_ input: Int, _ count: Int, to memory: Memory) {
      memory.copyMemory(from: item.inputs[input], byteCount: count * size)
    }
    // LAPACK refuses work on nothing.
    if case .ldl(0) = kind { return write([0], to: output) }
    let info: Int32
    switch kind {
    case .cholesky(let n):
      copy(0, n * n, to: output)
      info = blz_potrf(wide, Int32(n), output)
      for row in 0..<n {
        (output + (row * n + row + 1) * size).initializeMemory(
          as: UInt8.self, repeating: 0, count: (n - row - 1) * size)
      }
    case .lu(let m, let n):
      copy(0, m * n, to: output)
      let found = withPivots(min(m, n)) { blz_getrf(wide, Int32(m), Int32(n), output, $0) }
      info = found.info
      write(found.pivots.map(Double.init), to: place(1))
    case .solve(let n, let k):
      copy(1, n * k, to: output)
      let (sizes, matrix) = ((Int32(n), Int32(k)), item.inputs[0])
      info = withScratch(n * n * size) { scratch in
        scratch.copyMemory(from: matrix, byteCount: n * n * size)
        return withPivots(n) { pivots in
          let info = blz_getrf(wide, sizes.0, sizes.0, scratch, pivots)
          if info != 0 { return info }
          return blz_getrs(wide, sizes.0, sizes.1, scratch, pivots, output)
        }.info
      }
      if info > 0 {
        write(Array(repeating: .nan, count: n * k), to: output)
      }
    case .triangular(let n, let k, let upper, let unit):
      copy(1, n * k, to: output)
      info = blz_trtrs(
        wide, Int8(UInt8(ascii: upper ? "U" : "L")), Int8(UInt8(ascii: unit ? "U" : "N")),
        Int32(n), Int32(k), item.inputs[0], output)
    case .reflectors(let m, let n):
      copy(0, m * n, to: output)
      info = blz_geqrf(wide, Int32(m), Int32(n), output, place(1))
    case .orthogonal(let m, let n, let k):
      copy(0, m * n, to: output)
      info = blz_orgqr(wide, Int32(m), Int32(n), Int32(k), output, item.inputs[1])
    case .eigen(let n, let vectors):
      try checkFinite(item, n * n)
      let matrix = item.inputs[0]
      info = withScratch(vectors ? 0 : n * n * size) { scratch in
        let memory = vectors ? place(1) : scratch
        memory.copyMemory(from: matrix, byteCount: n * n * size)
        return blz_syevd(
          wide, Int8(UInt8(ascii: vectors ? "V" : "N")), Int32(n), memory, output)
      }
    case .singular(let m, let n, let vectors):
      try checkFinite(item, m * n)
      let matrix = item.inputs[0]
      let job: UnicodeScalar = vectors == .none ? "N" : vectors == .some ? "S" : "A"
      info = withScratch(m * n * size) { scratch in
        scratch.copyMemory(from: matrix, byteCount: m * n * size)
        let isNone = vectors == .none
        return blz_gesdd(
          wide, Int8(UInt8(ascii: job)), Int32(m), Int32(n), scratch, place(isNone ? 0 : 1),
          isNone ? output : place(0), Int32(vectors == .all ? m : min(m, n)),
          isNone ? output : place(2))
      }
    case .general(let n, let vectors):
      try checkFinite(item, 2 * n * n)
      let matrix = item.inputs[0]
      info = withScratch(2 * n * n * size) { scratch in
        scratch.copyMemory(from: matrix, byteCount: 2 * n * n * size)
        return blz_geev(
          wide, Int8(UInt8(ascii: vectors ? "V" : "N")), Int32(n), scratch, output,
          vectors ? place(1) : output)
      }
    case .ldl(let n):
      copy(0, n * n, to: output)
      let found = withPivots(n) { blz_sytrf(wide, Int32(n), output, $0) }
      info = found.info
      write(found.pivots.map(Double.init), to: place(1))
    case .ldlSolve(let n, let k):
      copy(2, n * k, to: output)
      info = blz_sytrs(
        wide, Int32(n), Int32(k), item.inputs[0],
        item.inputs[1].assumingMemoryBound(to: Int32.self), output)
    }
    write([Double(info)], to: output + count * size)
    if info != 0 && checks || info < 0 { throw error(Int(info), item.index) }
  }

  /// What LAPACK's number says of a matrix.
  private func error(_ info: Int, _ index: Int) -> TensorError {
    let matrix = "matrix \(index) of the batch"
    if info < 0 {
      return TensorError(word, "LAPACK refuses its argument \(-info) for \(matrix)")
    }
    switch kind {
    case .cholesky:
      return TensorError(
        word, "\(matrix) is not positive definite: pivot \(info - 1) is not above 0",
        help: "choleskyEx() tells which matrices are; eigvalsh() shows how far they are from it")
    case .lu, .solve, .triangular, .ldl, .ldlSolve:
      return TensorError(
        word, "\(matrix) is singular: pivot \(info - 1) is 0",
        help: "pinv() and lstsq() take singular matrices")
    case .eigen, .general, .singular, .reflectors, .orthogonal:
      return TensorError(
        word, "\(matrix) does not converge: LAPACK says \(info)",
        help: "look at its numbers; those of very different sizes do better in float64")
    }
  }

  /// Numbers that are none would have LAPACK go on for ever.
  private func checkFinite(_ item: HostFunction.Item, _ count: Int) throws(TensorError) {
    let isFinite =
      dtype == .float64
      ? UnsafeBufferPointer(
        start: item.inputs[0].assumingMemoryBound(to: Double.self), count: count
      ).allSatisfy(\.isFinite)
      : UnsafeBufferPointer(
        start: item.inputs[0].assumingMemoryBound(to: Float.self), count: count
      ).allSatisfy(\.isFinite)
    if isFinite { return }
    throw TensorError(
      word, "matrix \(item.index) of the batch has an element that is infinite or not a number",
      help: "isFinite() tells where")
  }

  private func write(_ numbers: [Double], to memory: Memory) {
    for (place, number) in numbers.enumerated() {
      if dtype == .float64 {
        memory.storeBytes(of: number, toByteOffset: 8 * place, as: Double.self)
      } else {
        memory.storeBytes(of: Float(number), toByteOffset: 4 * place, as: Float.self)
      }
    }
  }

  private func withScratch<R>(_ byteCount: Int, _ body: (Memory) -> R) -> R {
    let memory = Memory.allocate(byteCount: max(byteCount, 8), alignment: 64)
    defer { memory.deallocate() }
    return body(memory)
  }

  private func withPivots(
    _ count: Int, _ body: (UnsafeMutablePointer<Int32>) -> Int32
  ) -> (info: Int32, pivots: [Int32]) {
    var pivots = [Int32](repeating: 0, count: max(count, 1))
    let info = pivots.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    return (info, Array(pivots.prefix(count)))
  }
}
