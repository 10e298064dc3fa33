import BlitzData
import Foundation
import Testing

@testable import BlitzCLI

@Suite("the file by which Jupyter knows the kernel")
struct KernelSpecTests {
  @Test("takes the place of another checkout's kernel only when asked, or when that is gone")
  func replacing() throws {
    let folder = try TemporaryFolder()
    let (first, second) = (try folder.file("first", ""), try folder.file("second \"2\"", ""))
    func program() throws -> String? {
      let data = try Data(contentsOf: URL(fileURLWithPath: place + "/kernel.json"))
      let content = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      return (content?["argv"] as? [String])?.first
    }
    let data = folder.path + "/jupyter"
    let place = try KernelSpec(kernel: first).install(in: data, replacing: false)
    #expect(place == data + "/kernels/blitz")
    // Its own.
    try KernelSpec(kernel: first).install(in: data, replacing: false)
    let refusal = #expect(throws: RunFailure.self) {
      try KernelSpec(kernel: second).install(in: data, replacing: false)
    }
    #expect(
      refusal?.description
        == "Jupyter's Swift (Blitz) is that of another checkout, \(first); add --replace to put "
        + "this one's in its place (blitz notebook runs this one's without)")
    #expect(try program() == first)
    try KernelSpec(kernel: second).install(in: data, replacing: true)
    #expect(try program() == second)
    try FileManager.default.removeItem(atPath: second)
    try KernelSpec(kernel: first).install(in: data, replacing: false)
    #expect(try program() == first)
  }
}
