import Blitz
import Testing

/// One way to misuse an op, and the exact text of the error that the result carries.
struct Misuse: Sendable, CustomTestStringConvertible {
  let name: String
  let message: String
  let call: @Sendable () -> Tensor

  init(_ name: String, _ call: @escaping @Sendable () -> Tensor, _ message: String) {
    self.name = name
    self.message = message
    self.call = call
  }

  var testDescription: String { name }
}

private let m = Tensor.zeros([2, 3])
private let v = Tensor.zeros([3])

@Suite("Error messages")
struct ErrorMessageTests {
  @Test("say what is wrong, with the numbers, and what to write instead", arguments: misuses)
  func exactText(_ misuse: Misuse) {
    let answer = misuse.call()
    // Not #require, which describes the error; see tensorError.
    guard let error = answer.error else {
      Issue.record("no error: \(answer.signature)")
      return
    }
    #expect(error.message == misuse.message)
  }

  @Test("are thrown by the calls that ask for numbers", arguments: misuses)
  func thrown(_ misuse: Misuse) {
    let answer = misuse.call()
    #expect(tensorError { try answer.scalars(as: Double.self) }?.message == misuse.message)
    #expect((answer + 1).error?.message == misuse.message)
  }

  @Test("name the line of the user's call")
  func location() throws {
    let matmul = m.matmul(m).error
    var line = #line - 1
    #expect(try #require(matmul?.location).line == line)
    #expect(matmul?.location?.file == "ErrorMessageTests.swift")

    var grad = m
    grad[5] = 0
    line = #line - 1
    #expect(try #require(grad.error?.location).line == line)
    #expect(grad.error?.location?.file == "ErrorMessageTests.swift")

    // A later op and a throwing call keep the place of the first mistake.
    let bad = v.tril()
    line = #line - 1
    let later = (bad * 2).sum()
    let error = #expect(throws: TensorError.self) { try later.item() }
    #expect(try #require(error?.location).line == line)
    #expect(error?.description.hasSuffix("at:    ErrorMessageTests.swift:\(line)") == true)
  }

  static let misuses = making + shapes + indexing + arithmetic + reductions + windows
}
