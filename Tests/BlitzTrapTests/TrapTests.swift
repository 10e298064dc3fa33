import Blitz
import Foundation
import Testing

/// No call, whatever it is given, ends the process: it answers, or an error comes.
@Suite struct TrapTests {
  /// How often each row is called; with `BLITZ_TEST_FULL=1`, which `.ci/run` sets, there are over
  /// 20,000 calls.
  static let rounds = isFull ? 84 : 4
  static let isFull = ProcessInfo.processInfo.environment["BLITZ_TEST_FULL"] == "1"

  @Test("every public function, initialiser and subscript has a row")
  func everythingIsCalled() throws {
    let names = try PublicNames.all()
    #expect(names.count > 500, "the compiler listed \(names.count) names")
    let called = Set(Row.all.flatMap(\.names))
    let missing = names.filter { name in
      !called.contains(name) && !PublicNames.exempt.contains { name.hasPrefix($0.prefix) }
    }
    #expect(missing.isEmpty, "without a row: \(missing.sorted().joined(separator: ", "))")
    let unknown = called.subtracting(names)
    #expect(unknown.isEmpty, "rows of what there is not: \(unknown.sorted())")
  }

  /// The calls are made in another process, which writes down each before it is made; after one
  /// that ended it, the next process goes on with the next row.
  @Test("answers, or an error that names it, with any numbers, sizes, ranks and dtypes")
  func nothingEnds() async throws {
    if Self.isFull { #expect(Row.all.count * Self.rounds >= 20_000, "\(Row.all.count) rows") }
    let note = FileManager.default.temporaryDirectory.appending(path: "blitz-call-\(getpid())")
    defer {
      for suffix in ["", "-names"] {
        try? FileManager.default.removeItem(atPath: note.path + suffix)
      }
    }
    var first = 0
    while first < Row.all.count {
      try Data().write(to: note)
      await #expect(processExitsWith: .success) {
        [first = first as Int, path = note.path as String] in
        callRows(from: first, noting: path)
      }
      let words = try String(contentsOf: note, encoding: .utf8).split(separator: " ")
      let (row, round) = (try #require(Int(words[0])), try #require(Int(words[1])))
      if row == Row.all.count {
        let misnamed = try String(contentsOfFile: note.path + "-names", encoding: .utf8)
        #expect(misnamed.isEmpty, "\(misnamed)")
        break
      }
      Issue.record("ended the process: \(Row.all[row].names[0]), round \(round)")
      first = row + 1
    }
  }
}

/// Calls rows, and writes the number of each and of the round to a file before; to another, errors
/// that name other functions.
///
/// The process may not take much memory, and a call not much time, so that a call that would take
/// all ends the process, too.
private func callRows(from first: Int, noting path: String) {
  var limit = rlimit(rlim_cur: 4 << 30, rlim_max: 4 << 30)
  setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  let file = open(path, O_WRONLY)
  func note(_ row: Int, _ round: Int) {
    let text = "\(row) \(round) ".utf8.map(\.self)
    pwrite(file, text, text.count, 0)
  }
  var misnamed: Set<String> = []
  for (number, row) in Row.all.enumerated().dropFirst(first) {
    for round in 0..<TrapTests.rounds {
      note(number, round)
      // 20 s of the processor's time, whoever else wants it; the alarm is for who waits for ever.
      var limit = itimerval(it_interval: timeval(), it_value: timeval(tv_sec: 20, tv_usec: 0))
      setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &limit, nil)
      alarm(300)
      for error in row.run(seed: number << 16 | round)
      where number < Row.single.count && !row.mayName(error.op) {
        misnamed.insert("\(row.names[0]) names \(error.op): \(error.rule)")
      }
    }
  }
  note(Row.all.count, 0)
  try? misnamed.sorted().joined(separator: "\n")
    .write(toFile: path + "-names", atomically: true, encoding: .utf8)
}
