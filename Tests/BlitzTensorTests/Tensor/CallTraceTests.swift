import Testing

@testable import BlitzTensor

@Suite("The place of an error")
struct CallTraceTests {
  @Test("is the line of the caller, found by return addresses alone")
  func caller() throws {
    let trace = CallTrace()
    let line = #line - 1
    let place = try #require(trace.userLocation)
    #expect(place.file == "CallTraceTests.swift")
    #expect(place.line == line)
  }

  @Test("is never what no file holds, nor a file of the library's")
  func callsThroughTheLibrary() throws {
    // A witness of a protocol is code that the compiler wrote.
    let failed = [3, 1].lazy.map { Tensor.zeros([2]).matmul(.zeros([$0])) }[1]
    let place = try #require(failed.error?.location)
    #expect(place.file == "CallTraceTests.swift")
  }
}
