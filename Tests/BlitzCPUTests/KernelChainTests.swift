import CKernels
import Testing

/// Programs whose instructions are computed in one pass where they can be, with operands that are
/// one number, one for each row, or a row that comes again, beside a loop over elements.
@Suite("Chains of instructions")
struct KernelChainTests {
  private static let binary = ["add", "subtract", "multiply", "divide", "maximum", "minimum"]
  private static let unary = ["negate", "abs", "sqrt"]
  private static let compares = [
    "less", "lessEqual", "equal", "notEqual", "greater", "greaterEqual",
  ]

  @Test("200 random programs are what a loop over elements makes of them, to the last bit")
  func random() {
    var random = Draws(state: 12)
    for draw in 0..<200 {
      let wrong = Self.wrongElement(&random)
      #expect(wrong == nil, "program \(draw)")
      if wrong != nil { return }
    }
  }

  /// One program; the first element that is wrong in any of its outputs.
  private static func wrongElement(_ random: inout Draws) -> Int? {
    let rows = 1 + random.below(4)
    let length = [1, 3, 64, 100, 191, 192, 200, 511, 1000, 1024, 1030, 2100][random.below(12)]
    var program = KernelProgram(dims: [rows, length])
    var arrays: [[Float]] = []
    // For each register, its elements; truths are 1 and 0.
    var values: [[Float]] = []
    for _ in 0..<1 + random.below(4) {
      let kind = random.below(4)
      let strides: [Int]? = [nil, [0, 1], [1, 0], [0, 0]][kind]
      let count = [rows * length, length, rows, 1][kind]
      let numbers = (0..<count).map { _ in random.number() }
      _ = program.operand(BLZ_F32, strides: strides)
      arrays.append(numbers)
      values.append(
        (0..<rows * length).map { place in
          let (row, column) = place.quotientAndRemainder(dividingBy: length)
          return numbers[strides.map { row * $0[0] + column * $0[1] } ?? place]
        })
    }
    let scalar = Float(random.number())
    _ = program.scalar(BLZ_F32)
    values.append([Float](repeating: scalar, count: rows * length))
    let fixed = values.count
    var numbers = Array(0..<fixed)
    for _ in 0..<1 + random.below(12) {
      // The last result more often than not.
      let a = random.below(3) > 0 ? numbers.last! : numbers[random.below(numbers.count)]
      let b = numbers[random.below(numbers.count)]
      let (x, y) = random.below(2) == 0 ? (a, b) : (b, a)
      switch random.below(6) {
      case 0:
        let op = unary[random.below(unary.count)]
        values.append(values[a].map { element(op, $0, 0) })
        numbers.append(program.instruction(Int(blz_op_named(op)), BLZ_F32, a))
      case 1:
        let op = compares[random.below(compares.count)]
        let truths = zip(values[x], values[y]).map { element(op, $0, $1) }
        values.append(truths)
        let truth = program.instruction(Int(blz_op_named(op)), BLZ_F32, x, y)
        let other = numbers[random.below(numbers.count)]
        let (chosen, rest) = (values[a], values[other])
        values.append(truths.indices.map { truths[$0] == 1 ? chosen[$0] : rest[$0] })
        numbers.append(program.instruction(Int(blz_op_named("select")), BLZ_F32, truth, a, other))
        if random.below(3) > 0 {
          for place in program.instructions.indices.suffix(2) {
            program.instructions[place].has_wide_truths = true
          }
        }
      default:
        let op = binary[random.below(binary.count)]
        values.append(zip(values[x], values[y]).map { element(op, $0, $1) })
        numbers.append(program.instruction(Int(blz_op_named(op)), BLZ_F32, x, y))
      }
    }
    let stored = Array(
      Set(numbers.suffix(from: fixed).filter { _ in random.below(4) == 0 } + [numbers.last!]))
    for register in stored { program.store(register, BLZ_F32) }
    mark(&program, stored)
    var outputs = stored.map { _ in [Float](repeating: 0, count: rows * length) }
    let inputs = arrays.map { array in
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: array.count)
      memory.initialize(from: array, count: array.count)
      return memory
    }
    let results = stored.map { _ in
      UnsafeMutablePointer<Float>.allocate(capacity: rows * length)
    }
    defer { (inputs + results).forEach { $0.deallocate() } }
    var number = blz_scalar()
    number.f = Double(scalar)
    let isDone = program.run(
      inputs.map { UnsafeRawPointer($0) }, scalars: [number],
      outputs: results.map { UnsafeMutableRawPointer($0) })
    if !isDone { return 0 }
    for (place, register) in stored.enumerated() {
      outputs[place] = Array(UnsafeBufferPointer(start: results[place], count: rows * length))
      for (index, found) in outputs[place].enumerated() {
        let exact = values[register][index]
        if found.bitPattern != exact.bitPattern && !(found.isNaN && exact.isNaN) { return index }
      }
    }
    return nil
  }

  /// Says which instructions continue the one before, and whose results others read.
  private static func mark(_ program: inout KernelProgram, _ stored: [Int]) {
    let instructions = program.instructions
    for (place, instruction) in instructions.enumerated() {
      let count = Int(blz_operand_count(instruction.op))
      let before = place > 0 ? instructions[place - 1].dst : -1
      let reads = [instruction.a, instruction.b, instruction.c].prefix(count)
        .filter { $0 == before }.count
      var continues =
        reads > 0 && blz_chains(instruction.op)
        && blz_chains(instructions[place - 1].op)
      switch instruction.op {
      case blz_op_named("maximum"), blz_op_named("minimum"):
        continues = continues && reads == 1 && instruction.a == before
      case blz_op_named("multiply"): break
      default: continues = continues && reads == 1
      }
      program.instructions[place].continues = continues
      program.instructions[place].is_kept =
        stored.contains(Int(instruction.dst))
        || instructions.enumerated().contains { later, reader in
          let count = Int(blz_operand_count(reader.op))
          let isRead = [reader.a, reader.b, reader.c].prefix(count).contains(instruction.dst)
          return later > place + 1 && isRead
        }
      if place > 0 && !continues && reads > 0 { program.instructions[place - 1].is_kept = true }
    }
  }

  private static func element(_ op: String, _ x: Float, _ y: Float) -> Float {
    switch op {
    case "add": x + y
    case "subtract": x - y
    case "multiply": x * y
    case "divide": x / y
    case "maximum": x > y || x.isNaN ? x : y
    case "minimum": x < y || x.isNaN ? x : y
    case "negate": -x
    case "abs": abs(x)
    case "sqrt": x.squareRoot()
    case "less": x < y ? 1 : 0
    case "lessEqual": x <= y ? 1 : 0
    case "equal": x == y ? 1 : 0
    case "notEqual": x != y ? 1 : 0
    case "greater": x > y ? 1 : 0
    default: x >= y ? 1 : 0
    }
  }
}

extension Draws {
  /// A number, or what is not one.
  fileprivate mutating func number() -> Float {
    switch below(40) {
    case 0: .nan
    case 1: .infinity
    case 2: -0.0
    case 3: 0
    default: Float(below(2001) - 1000) / 64
    }
  }
}
