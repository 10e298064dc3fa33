import Foundation

/// Where what a cell prints and shows belongs, also what comes after its end.
struct Origin {
  /// The request without its content.
  let request: Message
  let isSilent: Bool
  /// Jupyter's number of the cell.
  let count: Int
  /// Whether its reader can be asked for input.
  let takesInput: Bool
  /// The names that it has shown something under.
  var displays: Set<String> = []

  init(_ request: Message, isSilent: Bool, count: Int) {
    var bare = request
    bare.content = [:]
    self.request = bare
    self.isSilent = isSilent
    self.count = count
    takesInput = request.content["allow_stdin"].bool ?? false
  }
}

/// A cell that is in the host.
final class Execution {
  let number: Int
  var outcome: Outcome?
  /// How many of its steps were done when it ended before its end.
  var steps = 0
  var interruptedAt: ContinuousClock.Instant?
  /// What the runtime says of a trap, which comes before the trap: it is shown with the place.
  var lastWords = ""
  var reason: String { lastWords.isEmpty ? "" : CellFailure.reason(fatal: lastWords) }

  enum Outcome {
    case done
    case interrupted(frames: [String])
    case unloadable(String)
    case failed(type: String, text: String, frames: [String])
    case trapped(signal: Int32, frames: [String])
    case hostDied
  }

  init(_ number: Int) { self.number = number }
}

extension Kernel {
  /// Runs the cell of a request.
  func execute(_ request: Message, reply: (JSON) -> Void) {
    let source = request.content["code"].string ?? ""
    let isSilent = request.content["silent"].bool ?? false
    isInterrupted = false
    if !isSilent {
      executionCount += 1
      connection.publish(
        "execute_input",
        ["code": .string(source), "execution_count": .integer(executionCount)], parent: request)
    }
    var failure: CellFailure?
    switch KernelCommand(source) {
    case .rerun: failure = rerun(request)
    case .help: tell(KernelCommand.helpText, to: request)
    case .explain(let symbol): failure = explain(symbol, to: request)
    case .unknown(let word): failure = KernelCommand.unknown(word)
    case .time(let code): failure = run(code, for: request, isSilent: isSilent, isTimed: true)
    case nil: failure = run(source, for: request, isSilent: isSilent)
    }
    isInterrupted = false
    guard let failure else {
      reply([
        "status": "ok", "execution_count": .integer(executionCount), "user_expressions": [:],
        "payload": [],
      ])
      return
    }
    let content = failure.content
    if !isSilent { connection.publish("error", .object(content), parent: request) }
    reply(
      .object(
        content.merging(["status": "error", "execution_count": .integer(executionCount)]) { $1 }))
  }

  /// Runs the cells again that the host has lost.
  private func rerun(_ request: Message) -> CellFailure? {
    let sources = lost
    lost = []
    // A cell that failed then may fail again; those after it need the others.
    var last: CellFailure?
    for source in sources where !isInterrupted {
      guard let failure = run(source, for: request, isSilent: false) else { continue }
      last = failure
      if failure.name == "HostDied" { break }
      stream("stderr", failure.plainText + "\n", from: latest)
    }
    return last?.name == "HostDied" || isInterrupted ? last : nil
  }

  /// Compiles a cell, runs it in the host, and tells what went wrong.
  ///
  /// - Parameter isTimed: whether it says below the cell how long it took.
  func run(
    _ source: String, for request: Message, isSilent: Bool, isTimed: Bool = false
  ) -> CellFailure? {
    if source.allSatisfy(\.isWhitespace) { return nil }
    let begin = ContinuousClock.now
    let file = "In[\(executionCount)]"
    let unit: CellCompiler.Unit
    switch build(source, file: file) {
    case .success(let built): unit = built
    case .failure(let failure): return failure
    }
    let execution = Execution(unit.rewriter.number)
    running = execution
    latest = execution.number
    origins[execution.number] = Origin(request, isSilent: isSilent, count: executionCount)
    defer { running = nil }
    let compiled = ContinuousClock.now
    host.load(
      execution.number, compiler.path(unit, "so"), entry: unit.rewriter.entryName,
      needs: autolinkedLibraries(ofObject: compiler.path(unit, "o")))
    compiler.discardObject(unit)
    while execution.outcome == nil {
      pump(waiting: [], milliseconds: 100)
      if running == nil { return CellFailure("Shutdown", "the kernel was shut down", []) }
      if let start = execution.interruptedAt, .now - start > .seconds(6) {
        // Not even its main thread answers.
        host.kill()
      }
    }
    let failure = conclude(execution, unit)
    if isTimed {
      let (ran, waited) = (ContinuousClock.now - compiled, compiled - begin)
      stream(
        "stdout", "ran in \(seconds(ran)) s, compiled in \(seconds(waited)) s\n",
        from: execution.number)
    }
    return failure
  }

  private func seconds(_ duration: Duration) -> String {
    String(format: "%.3f", duration / .seconds(1))
  }

  private func conclude(_ execution: Execution, _ unit: CellCompiler.Unit) -> CellFailure? {
    switch execution.outcome! {
    case .trapped, .hostDied: asking = nil
    // It only looked like the runtime's words.
    default: stream("stderr", execution.lastWords, from: execution.number)
    }
    switch execution.outcome! {
    case .done:
      compiler.keep(unit)
      history.append(unit.source)
      return nil
    case .interrupted(let frames):
      // Whoever waited was the cell; after a cell's own end it is a task of its.
      asking = nil
      return CellFailure(
        "Interrupted", "the cell was stopped", trace(frames).rendered,
        note: keepReached(execution, unit))
    case .failed(let type, let text, let frames):
      history.append(unit.source)
      return CellFailure(
        withoutModules(type), withoutModules(text), trace(frames).rendered,
        note: keepReached(execution, unit))
    case .trapped(let signal, let frames):
      history.append(unit.source)
      let trace = trace(frames)
      let reason =
        execution.reason.isEmpty
        ? trace.reason ?? CellFailure.reason(ofSignal: signal) : execution.reason
      return CellFailure(
        "Trap", withoutModules(reason), trace.rendered, note: keepReached(execution, unit))
    case .unloadable(let text):
      let readable = CellFailure.readable(loading: text)
      // A name that is missing may be that of something internal.
      let missing = compiler.unreached.keys.sorted().first { readable.contains("(\($0) in ") }
      return CellFailure(
        "LoadError", readable, [], note: missing.flatMap { compiler.hint(unreached: $0) })
    case .hostDied:
      let ending = host.ending()
      return restart(because: execution.reason.isEmpty ? ending : "\(execution.reason) (\(ending))")
    }
  }

  /// Keeps what a cell reached before it ended, whether by an error, a trap or an interrupt: the
  /// names above that place. The others are what they were before the cell, and none of its code
  /// runs later.
  ///
  /// - Returns: what to tell of it.
  private func keepReached(_ execution: Execution, _ unit: CellCompiler.Unit) -> String? {
    var steps = execution.steps
    let part = try? compiler.narrowed(unit, reached: steps)
    // Should the module of the names that were reached not compile, none is kept.
    if let part, run(compiler.hideCommand(part), yields: false).status != 0 { steps = -1 }
    compiler.keep(unit, reached: steps, part: part)
    let names = CellCompiler.unreached(unit, steps)
    if names.isEmpty { return nil }
    return "Not reached, and as before this cell: \(names.joined(separator: ", "))."
  }

  private func trace(_ frames: [String]) -> Trace {
    Trace(frames, toolchain: toolchain) { run($0, yields: false).output }
  }

  /// Starts a new host and says what is lost.
  func restart(because reason: String) -> CellFailure {
    lost = lost + history
    history = []
    compiler.forget()
    do {
      host = try HostProcess(toolchain)
    } catch {
      return CellFailure("HostDied", "\(reason); and \(error)", [])
    }
    let again =
      lost.isEmpty
      ? "" : " Run %rerun to run the \(lost.count) earlier cells again, or run them one by one."
    return CellFailure(
      "HostDied", "the process that runs the cells ended: \(reason)", [],
      note: "It was started anew; all names are gone.\(again)")
  }

  // MARK: Compiling

  private func build(_ source: String, file: String) -> CompileResult {
    do {
      var unit = try compiler.prepare(source, file: file)
      if let hiding = unit.hiding, run(compiler.hideCommand(hiding)).status != 0 {
        // A declaration that does not stand by itself any more: without it, then.
        unit = try compiler.prepare(source, file: file, hidesReplaced: false)
      }
      let compiled = run(compiler.compileCommand(unit))
      if isInterrupted { return .failure(CellFailure("Interrupted", "compiling was stopped", [])) }
      guard compiled.status == 0, unit.cell != nil else {
        return .failure(
          CellFailure(unit, compiled.output, status: compiled.status, compiler: compiler))
      }
      let linked = run(compiler.linkCommand(unit))
      guard linked.status == 0 else {
        return .failure(CellFailure("LinkError", linked.output, []))
      }
      return .success(unit)
    } catch {
      return .failure(CellFailure("KernelError", "\(error)", []))
    }
  }

  /// Compiles a cell that nobody sees: the modules are read from disk, and those of C that Blitz
  /// needs besides the known ones are found out.
  func warmUp() {
    var blanks = CellCompiler.modulesOfC
    while true {
      guard let unit = try? compiler.prepare("Tensor(1.0)", file: "In[0]") else { return }
      let output = run(compiler.compileCommand(unit)).output
      // "modules: 'A', 'B'", but "module 'A'".
      let names = output.matches(of: #/missing required modules?:? (.*)/#).flatMap {
        $0.1.split(separator: ",").map {
          $0.trimmingCharacters(in: CharacterSet(charactersIn: " '"))
        }
      }
      // The compiler may name one at a time.
      let new = names.filter { !blanks.contains($0) }
      if new.isEmpty { break }
      blanks += new
      try? compiler.setBlankModules(blanks)
    }
  }
}

typealias CompileResult = Result<CellCompiler.Unit, CellFailure>
