import CKernels

/// A fused program over a contiguous space, for tests of the kernels alone.
struct KernelProgram {
  var dims: [Int]
  var operands: [blz_operand] = []
  var scalarDTypes: [Int] = []
  var instructions: [blz_instr] = []
  var stores: [blz_store] = []
  var reduction = blz_reduction()
  var registerCount = 0

  /// Adds a contiguous operand, or a strided one; its register is returned.
  mutating func operand(_ dtype: Int, offset: Int = 0, strides: [Int]? = nil) -> Int {
    operands.append(Self.layout(dtype, offset: offset, strides: strides))
    registerCount += 1
    return registerCount - 1
  }

  /// Adds a scalar, after all operands.
  mutating func scalar(_ dtype: Int) -> Int {
    scalarDTypes.append(dtype)
    registerCount += 1
    return registerCount - 1
  }

  /// Adds an instruction, after all operands and scalars; its register is new unless `into` says.
  @discardableResult
  mutating func instruction(
    _ op: Int, _ dtype: Int, _ a: Int, _ b: Int = 0, _ c: Int = 0, into: Int? = nil
  ) -> Int {
    let register = into ?? registerCount
    if into == nil { registerCount += 1 }
    instructions.append(
      blz_instr(
        op: Int32(op), dtype: Int32(dtype), dst: Int32(register), a: Int32(a), b: Int32(b),
        c: Int32(c), has_wide_truths: false, continues: false, is_kept: true))
    return register
  }

  mutating func store(_ register: Int, _ dtype: Int, offset: Int = 0, strides: [Int]? = nil) {
    let layout = Self.layout(dtype, offset: offset, strides: strides)
    stores.append(blz_store(reg: Int32(register), to: layout))
  }

  mutating func reduce(
    _ kind: Int, _ register: Int, _ dtype: Int, outer: Int, count: Int, inner: Int
  ) {
    reduction = blz_reduction(
      kind: Int32(kind), reg: Int32(register), dtype: Int32(dtype), outer: Int64(outer),
      count: Int64(count), inner: Int64(inner))
  }

  /// Calls `body` with the program as the kernels see it.
  func withProgram<Result>(_ body: (UnsafePointer<blz_program>) -> Result) -> Result {
    let scalarDTypes = scalarDTypes.map { Int32($0) }
    return operands.withUnsafeBufferPointer { operands in
      scalarDTypes.withUnsafeBufferPointer { scalarDTypes in
        instructions.withUnsafeBufferPointer { instructions in
          stores.withUnsafeBufferPointer { stores in
            var program = blz_program()
            program.rank = Int32(dims.count)
            Self.fill(&program.dims, dims)
            program.operand_count = Int32(operands.count)
            program.operands = operands.baseAddress
            program.scalar_count = Int32(scalarDTypes.count)
            program.scalar_dtypes = scalarDTypes.baseAddress
            program.instr_count = Int32(instructions.count)
            program.instrs = instructions.baseAddress
            program.store_count = Int32(stores.count)
            program.stores = stores.baseAddress
            program.reduction = reduction
            program.register_count = Int32(registerCount)
            return withUnsafePointer(to: &program) { body($0) }
          }
        }
      }
    }
  }

  /// Runs the whole space, or the whole of `outer` if there is a reduction.
  func run(
    _ inputs: [UnsafeRawPointer?], scalars: [blz_scalar] = [],
    outputs: [UnsafeMutableRawPointer?] = [], reduced: UnsafeMutableRawPointer? = nil
  ) -> Bool {
    status(inputs, scalars: scalars, outputs: outputs, reduced: reduced) == Int32(BLZ_DONE)
  }

  /// The same, and how it ended.
  func status(
    _ inputs: [UnsafeRawPointer?], scalars: [blz_scalar] = [],
    outputs: [UnsafeMutableRawPointer?] = [], reduced: UnsafeMutableRawPointer? = nil
  ) -> Int32 {
    let end = reduction.kind == 0 ? Int64(dims.reduce(1, *)) : reduction.outer
    return withProgram { blz_run($0, inputs, scalars, outputs, reduced, 0, end) }
  }

  private static func layout(_ dtype: Int, offset: Int, strides: [Int]?) -> blz_operand {
    var layout = blz_operand()
    layout.dtype = Int32(dtype)
    layout.contiguous = strides == nil ? 1 : 0
    layout.offset = Int64(offset)
    fill(&layout.strides, strides ?? [])
    return layout
  }

  /// C arrays are tuples in Swift.
  private static func fill<Tuple>(_ tuple: inout Tuple, _ values: [Int]) {
    withUnsafeMutableBytes(of: &tuple) { bytes in
      let elements = bytes.bindMemory(to: Int64.self)
      for (place, value) in values.enumerated() { elements[place] = Int64(value) }
    }
  }
}

/// One elementwise op over contiguous arrays of one element type.
func elementwise<T, R>(_ op: Int, _ dtype: Int, _ arguments: [[T]], zero: R) -> [R] {
  var program = KernelProgram(dims: [arguments[0].count])
  let registers = arguments.map { _ in program.operand(dtype) }
  let result = program.instruction(op, dtype, registers[0], registers.count > 1 ? registers[1] : 0)
  let resultDType = R.self == Bool.self ? BLZ_BOOL : dtype
  program.store(result, resultDType)
  var out = [R](repeating: zero, count: arguments[0].count)
  let pointers = arguments.map { array in
    array.withUnsafeBytes { bytes in
      let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 64)
      copy.copyMemory(from: bytes.baseAddress!, byteCount: bytes.count)
      return UnsafeRawPointer(copy)
    }
  }
  defer { pointers.forEach { $0.deallocate() } }
  out.withUnsafeMutableBytes { _ = program.run(pointers, outputs: [$0.baseAddress!]) }
  return out
}
