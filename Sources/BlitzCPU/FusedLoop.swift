import BlitzTensor
import CKernels

extension FusedKernel: CPUKernel {
  func prepared() -> any PreparedKernel { FusedLoop(self) }
}

/// A fused kernel as a program of the tile interpreter.
///
/// Unchecked: the program is written once, in `init`, and only read from then on.
final class FusedLoop: RowwiseKernel, @unchecked Sendable {
  private var program = blz_program()
  private let kernel: FusedKernel
  private let operands: UnsafeMutablePointer<blz_operand>
  private let scalarDTypes: UnsafeMutablePointer<Int32>
  private let instructions: UnsafeMutablePointer<blz_instr>
  private let stores: UnsafeMutablePointer<blz_store>
  private let parts: Parts

  /// How the kernel's work is cut for several threads; it depends on sizes alone, so that
  /// results do not depend on the number of threads.
  private enum Parts {
    /// Ranges of so many elements, or with a reduction of so many rows.
    case ranges(size: Int, count: Int)
    /// The one row of a reduction in pieces, which are combined in order.
    case pieces(size: Int, count: Int)
  }

  init(_ kernel: FusedKernel) {
    self.kernel = kernel
    operands = .allocate(capacity: kernel.operands.count)
    scalarDTypes = .allocate(capacity: kernel.scalars.count)
    instructions = .allocate(capacity: kernel.instructions.count)
    stores = .allocate(capacity: kernel.stores.count)
    parts = FusedLoop.parts(kernel)

    let (wide, kept) = (kernel.wideTruths(), kernel.keptResults())
    let registers = Registers(kernel, wide: wide)
    for (index, operand) in kernel.operands.enumerated() {
      (operands + index).initialize(to: blz_operand(operand))
    }
    for (index, scalar) in kernel.scalars.enumerated() {
      (scalarDTypes + index).initialize(to: Int32(scalar.dtype.rawValue))
    }
    for (index, instruction) in kernel.instructions.enumerated() {
      let from = instruction.operands.map { Int32(registers.of[$0]) }
      var code = blz_instr(
        op: instruction.op.code, dtype: Int32(instruction.dtype.rawValue),
        dst: Int32(registers.of[kernel.operands.count + kernel.scalars.count + index]),
        a: from[0], b: from.count > 1 ? from[1] : 0, c: from.count > 2 ? from[2] : 0,
        has_wide_truths: wide.contains(index), continues: kernel.continues(index),
        is_kept: kept.contains(index))
      if instruction.op == .cast { code.c = Int32(instruction.resultDType.rawValue) }
      (instructions + index).initialize(to: code)
    }
    for (index, store) in kernel.stores.enumerated() {
      (stores + index).initialize(
        to: blz_store(reg: Int32(registers.of[store.value]), to: blz_operand(store.to)))
    }

    program.rank = Int32(kernel.sizes.count)
    withUnsafeMutableBytes(of: &program.dims) { bytes in
      let dims = bytes.bindMemory(to: Int64.self)
      for (index, size) in kernel.sizes.enumerated() { dims[index] = Int64(size) }
    }
    program.operand_count = Int32(kernel.operands.count)
    program.operands = UnsafePointer(operands)
    program.scalar_count = Int32(kernel.scalars.count)
    program.scalar_dtypes = UnsafePointer(scalarDTypes)
    program.instr_count = Int32(kernel.instructions.count)
    program.instrs = UnsafePointer(instructions)
    program.store_count = Int32(kernel.stores.count)
    program.stores = UnsafePointer(stores)
    program.register_count = Int32(registers.count)
    if let reduction = kernel.reduction {
      program.reduction = blz_reduction(
        kind: reduction.kind.code, reg: Int32(registers.of[reduction.value]),
        dtype: Int32(reduction.dtype.rawValue), outer: Int64(reduction.outer),
        count: Int64(reduction.count), inner: Int64(reduction.inner))
    }
  }

  deinit {
    operands.deallocate()
    scalarDTypes.deallocate()
    instructions.deallocate()
    stores.deallocate()
  }

  // MARK: Running

  func call(_ run: Run) throws(TensorError) {
    let call = bind(run)
    let failures = FailureFlag()
    switch parts {
    case .ranges(let size, let count): runRanges(call, size, count, failures)
    case .pieces(let size, let count): runPieces(call, size, count, failures)
    }
    try check(failures)
  }

  func check(_ failures: FailureFlag) throws(TensorError) {
    if failures.status == Int32(BLZ_DIVIDED_BY_ZERO) { throw .dividedByZero }
    if failures.isRaised { throw .outOfScratch(kernel.instructions.count) }
  }

  private func bind(_ run: Run) -> Call {
    let inputs = kernel.operands.map {
      UnsafeRawPointer(run.pointers[$0.slot]) as UnsafeRawPointer?
    }
    let outputs = kernel.stores.map {
      run.pointers[$0.to.slot] as UnsafeMutableRawPointer?
    }
    let scalars = kernel.scalars.map { blz_scalar(run.scalars[$0.index], $0.dtype) }
    let reduced = kernel.reduction.map {
      run.pointers[$0.slot] + $0.offset * $0.dtype.byteCount
    }
    return Call(inputs: inputs, outputs: outputs, scalars: scalars, reduced: reduced)
  }

  /// Unchecked: pointers that the run's caller keeps alive, to parts that threads share out.
  private struct Call: @unchecked Sendable {
    let inputs: [UnsafeRawPointer?]
    let outputs: [UnsafeMutableRawPointer?]
    let scalars: [blz_scalar]
    let reduced: UnsafeMutableRawPointer?
  }

  private func runRanges(_ call: Call, _ size: Int, _ count: Int, _ failures: FailureFlag) {
    let total = kernel.reduction?.outer ?? kernel.elementCount
    ThreadPool.shared.run(parts: count) { part in
      self.run(call, part * size..<min((part + 1) * size, total), failures)
    }
  }

  /// A range of elements, or of what is reduced to.
  private func run(_ call: Call, _ range: Range<Int>, _ failures: FailureFlag) {
    let status = withUnsafePointer(to: program) { program in
      blz_run(
        program, call.inputs, call.scalars, call.outputs, call.reduced, Int64(range.lowerBound),
        Int64(range.upperBound))
    }
    failures.note(status)
  }

  func onRows(_ run: Run, of rows: RowBlocks, _ failures: FailureFlag) -> RowsBody {
    let call = bind(run)
    if let reduction = kernel.reduction, reduction.outer < rows.rows {
      return reducingRows(call, reduction, rows, failures)
    }
    let size = (kernel.reduction?.outer ?? kernel.elementCount) / rows.rows
    return RowsBody { self.run(call, $0.lowerBound * size..<$0.upperBound * size, failures) }
  }

  /// A reduction over all rows: what each grain comes to, combined in order at the end.
  private func reducingRows(
    _ call: Call, _ reduction: FusedKernel.Reduce, _ rows: RowBlocks, _ failures: FailureFlag
  ) -> RowsBody {
    let size = reduction.count / rows.rows
    let partials = Partials(
      kind: reduction.kind.code, dtype: Int32(reduction.dtype.rawValue), rows.grainCount,
      reduction.inner)
    let body: @Sendable (Range<Int>) -> Void = { [self] range in
      for first in stride(from: range.lowerBound, to: range.upperBound, by: rows.grain) {
        let end = min(first + rows.grain, range.upperBound)
        let part = first / rows.grain
        partials.begin(part)
        failures.note(
          withUnsafePointer(to: program) { program in
            blz_run_partial(
              program, call.inputs, call.scalars, call.outputs, 0, Int64(first * size),
              Int64(end * size), 0, Int64(reduction.inner), partials.of(part))
          })
      }
    }
    return RowsBody(run: body) { partials.end(into: call.reduced!) }
  }

  private func runPieces(_ call: Call, _ size: Int, _ count: Int, _ failures: FailureFlag) {
    let reduction = program.reduction
    let inner = Int(reduction.inner)
    let partials = Partials(kind: reduction.kind, dtype: reduction.dtype, count, inner)
    for row in 0..<reduction.outer {
      partials.begin()
      ThreadPool.shared.run(parts: count) { part in
        let begin = Int64(part * size)
        let status = withUnsafePointer(to: self.program) { program in
          blz_run_partial(
            program, call.inputs, call.scalars, call.outputs, row, begin,
            min(begin + Int64(size), reduction.count), 0, reduction.inner, partials.of(part))
        }
        failures.note(status)
      }
      let byteCount = kernel.reduction!.dtype.byteCount
      partials.end(into: call.reduced! + Int(row) * inner * byteCount)
    }
  }

  /// Cuts of about this much work, in elements of a cheap op, keep threads busy for longer
  /// than starting on them takes.
  private static let smallestPart = 16 * 1024
  /// More rows than this many are not added up after each other.
  private static let mostPieces = 16

  /// The elements of as many rows as share the source's cache lines, where a copy turns rows into
  /// columns.
  private static func turnedRows(_ kernel: FusedKernel) -> Int? {
    guard kernel.instructions.isEmpty, kernel.operands.count == 1, kernel.sizes.count >= 2,
      let last = kernel.operands[0].strides.last, last > 1, let length = kernel.sizes.last
    else { return nil }
    return 64 * length
  }

  private static func parts(_ kernel: FusedKernel) -> Parts {
    let cost = kernel.instructions.reduce(1) { $0 + ($1.op.isCostly ? 16 : 1) }
    // Up to four parts a thread on the largest machines even out differences between them.
    func split(_ total: Int, workPerItem: Int, multiple: Int) -> (size: Int, count: Int) {
      let least = max(1, smallestPart / max(1, workPerItem))
      let size = max(least, (total + 255) / 256)
      let rounded = (size + multiple - 1) / multiple * multiple
      return (rounded, max(1, (total + rounded - 1) / rounded))
    }
    guard let reduction = kernel.reduction else {
      if let rows = turnedRows(kernel) {
        let (size, count) = split(kernel.elementCount, workPerItem: cost, multiple: rows)
        if count >= 8 { return .ranges(size: size, count: count) }
      }
      let (size, count) = split(kernel.elementCount, workPerItem: cost, multiple: Int(BLZ_TILE))
      return .ranges(size: size, count: count)
    }
    let row = reduction.count * reduction.inner
    if reduction.outer < 8 && row * cost > 4 * smallestPart && reduction.inner <= 4096 {
      let multiple = max(1, 16 * Int(BLZ_TILE) / max(1, reduction.inner))
      var (size, count) = split(
        reduction.count, workPerItem: cost * reduction.inner, multiple: multiple)
      if count > mostPieces && reduction.inner > 1 {
        // What each piece comes to is as wide as a row, and added up by one thread.
        size = (reduction.count + mostPieces - 1) / mostPieces
        count = (reduction.count + size - 1) / size
      }
      if count > 1 { return .pieces(size: size, count: count) }
    }
    let (size, count) = split(reduction.outer, workPerItem: row * cost, multiple: 1)
    return .ranges(size: size, count: count)
  }
}

extension FusedKernel {
  /// Whether an instruction can be computed in one pass with the one before it, whose result it
  /// takes.
  fileprivate func continues(_ index: Int) -> Bool {
    guard index > 0, instructions[index - 1].chains, instructions[index].chains else {
      return false
    }
    let before = operands.count + scalars.count + index - 1
    let instruction = instructions[index]
    let places = instruction.operands.indices.filter { instruction.operands[$0] == before }
    switch instruction.op {
    case .maximum, .minimum: return places == [0]
    case .multiply: return !places.isEmpty
    default: return places.count == 1
    }
  }

  /// The instructions whose results are read otherwise than by one that continues them.
  fileprivate func keptResults() -> Set<Int> {
    let fixed = operands.count + scalars.count
    var kept = Set(stores.map { $0.value - fixed })
    if let reduction { kept.insert(reduction.value - fixed) }
    for (reader, instruction) in instructions.enumerated() {
      let continued = continues(reader) ? reader - 1 : nil
      for value in instruction.operands where value - fixed != continued {
        kept.insert(value - fixed)
      }
    }
    return kept
  }

  /// The comparisons and tests of float32 numbers whose truths are as wide as these, and the
  /// choices that read them: nothing else does. So vectors of numbers and of truths are as long.
  fileprivate func wideTruths() -> Set<Int> {
    let fixed = operands.count + scalars.count
    var wide = Set(
      instructions.indices.filter {
        let instruction = instructions[$0]
        return instruction.dtype == .float32 && instruction.resultDType == .bool
          && instruction.op != .cast
      })
    for store in stores { wide.remove(store.value - fixed) }
    if let reduction { wide.remove(reduction.value - fixed) }
    var choices: Set<Int> = []
    for (index, instruction) in instructions.enumerated() {
      for (place, value) in instruction.operands.enumerated() {
        let isChosenBy =
          instruction.op == .select && instruction.dtype == .float32 && place == 0
        if !isChosenBy { wide.remove(value - fixed) }
      }
      if instruction.op == .select { choices.insert(index) }
    }
    return wide.union(choices.filter { wide.contains(instructions[$0].operands[0] - fixed) })
  }
}

extension FusedKernel.Instruction {
  /// Whether it is one of those that can be computed in one pass with others.
  fileprivate var chains: Bool {
    dtype == .float32 && resultDType == .float32 && blz_chains(op.code)
  }
}

/// Which register each value is in: operands and scalars have theirs for the whole run, a
/// value's is used again after its last reader.
private struct Registers {
  private(set) var of: [Int]
  private(set) var count: Int

  /// - Parameter wide: the instructions whose truths are as wide as float32 numbers.
  init(_ kernel: FusedKernel, wide: Set<Int>) {
    let fixed = kernel.operands.count + kernel.scalars.count
    let total = fixed + kernel.instructions.count
    of = Array(0..<fixed) + [Int](repeating: 0, count: kernel.instructions.count)
    var lastUse = [Int](repeating: -1, count: total)
    for (index, instruction) in kernel.instructions.enumerated() {
      for value in instruction.operands { lastUse[value] = index }
    }
    // What is stored or reduced is read at the end.
    for store in kernel.stores { lastUse[store.value] = Int.max }
    if let reduction = kernel.reduction { lastUse[reduction.value] = Int.max }
    var free: [Int] = []
    count = fixed
    for (index, instruction) in kernel.instructions.enumerated() {
      // The result may take an operand's register only if elements are as large: a loop
      // that writes larger ones would run over those it has still to read.
      func size(_ index: Int) -> Int {
        wide.contains(index)
          ? DType.float32.byteCount : kernel.instructions[index].resultDType.byteCount
      }
      var later: [Int] = []
      for value in Set(instruction.operands) where value >= fixed && lastUse[value] == index {
        if size(value - fixed) == size(index) {
          free.append(of[value])
        } else {
          later.append(of[value])
        }
      }
      if let register = free.popLast() {
        of[fixed + index] = register
      } else {
        of[fixed + index] = count
        count += 1
      }
      free += later
    }
  }
}

/// The values that pieces of a reduction come to, until they are combined.
///
/// Unchecked: each thread writes the part it was given.
private final class Partials: @unchecked Sendable {
  private let kind: Int32
  private let dtype: Int32
  private let count: Int
  private let inner: Int
  private let values: UnsafeMutablePointer<blz_scalar>

  init(kind: Int32, dtype: Int32, _ count: Int, _ inner: Int) {
    self.kind = kind
    self.dtype = dtype
    self.count = count
    self.inner = inner
    values = .allocate(capacity: count * inner)
  }

  deinit { values.deallocate() }

  func of(_ part: Int) -> UnsafeMutablePointer<blz_scalar> { values + part * inner }

  func begin() { blz_reduce_begin(kind, dtype, values, Int64(count * inner)) }

  func begin(_ part: Int) { blz_reduce_begin(kind, dtype, of(part), Int64(inner)) }

  func end(into result: UnsafeMutableRawPointer) {
    for part in 1..<count { blz_reduce_combine(kind, dtype, values, of(part), Int64(inner)) }
    blz_reduce_end(kind, dtype, values, result, Int64(inner))
  }
}
