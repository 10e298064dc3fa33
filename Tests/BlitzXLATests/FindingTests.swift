import BlitzTensor
import Foundation
import Testing

@testable import BlitzXLA

/// Where plugins are looked for.
@Suite("Finding plugins")
struct FindingTests {
  static func places(_ variables: [String: String]) -> PluginPlaces {
    PluginPlaces { variables[$0] }
  }

  /// A folder with empty files.
  static func folder(_ name: String, _ files: [String]) throws -> String {
    let folder = FakePlugin.folder.appending(path: name)
    for file in files {
      let url = folder.appending(path: file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data().write(to: url)
    }
    return folder.path
  }

  @Test(
    "a variable names plugins by path, or by name and path",
    arguments: [
      ("/a/xla_cuda_plugin.so", ["cuda /a/xla_cuda_plugin.so"]),
      ("/a/pjrt_c_api_cpu_plugin.so", ["xla:cpu /a/pjrt_c_api_cpu_plugin.so"]),
      ("/a/b.so", ["xla:plugin /a/b.so"]),
      ("tpu:/a/b.so, xla:cpu:/c.so", ["xla:tpu /a/b.so", "xla:cpu /c.so"]),
      ("cuda:b.so", ["cuda b.so"]),
    ])
  func variable(value: String, expected: [String]) {
    for variable in ["BLITZ_PJRT_PLUGIN", "PJRT_NAMES_AND_LIBRARY_PATHS"] {
      // An active environment that is empty keeps the system's out.
      let places = Self.places([variable: value, "VIRTUAL_ENV": "/nowhere"])
      #expect(places.found.map { "\($0.kind) \($0.path)" } == expected)
    }
  }

  @Test("Blitz's own folder comes before the active environment, newer CUDA before older")
  func folders() throws {
    let home = try Self.folder(
      "home",
      [
        ".blitz/plugins/cuda12/jax_plugins/xla_cuda12/xla_cuda_plugin.so",
        ".blitz/plugins/cuda13/jax_plugins/xla_cuda13/xla_cuda_plugin.so",
        ".blitz/plugins/npu/driver.so",
        ".local/lib/python3.12/site-packages/xla_plugins/xla_cpu_pjrt/xla_cpu_pjrt.so",
      ])
    let active = try Self.folder(
      "venv", ["lib/python3.11/site-packages/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so"])
    let places = Self.places(["HOME": home, "VIRTUAL_ENV": active])
    #expect(
      places.found.map { "\($0.kind) \($0.path.replacing(FakePlugin.folder.path, with: ""))" } == [
        "xla:npu /home/.blitz/plugins/npu/driver.so",
        "cuda /home/.blitz/plugins/cuda13/jax_plugins/xla_cuda13/xla_cuda_plugin.so",
        "cuda /home/.blitz/plugins/cuda12/jax_plugins/xla_cuda12/xla_cuda_plugin.so",
        "xla:cpu /venv/lib/python3.11/site-packages/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so",
      ])
    let users = Self.places(["HOME": home]).found.filter { $0.path.contains("/.local/") }
    #expect(users.map(\.kind) == ["xla:cpu"])
  }

  @Test("a device without a plugin says what was looked for where, and what to install")
  func nothing() throws {
    let finder = PluginFinder(
      environment: { ["VIRTUAL_ENV": "/nowhere", "HOME": "/nobody"][$0] }, cache: nil)
    #expect(finder.kinds == [])
    #expect(
      try message { _ = try finder.backend(for: "cuda") } == """
        device: no plugin for cuda was found
          looked in: BLITZ_PJRT_PLUGIN, which is not set
          looked in: PJRT_NAMES_AND_LIBRARY_PATHS, which is not set
          looked in: /nobody/.blitz/plugins
          looked in: /nowhere/lib/python3*/site-packages
          help:      install one: blitz plugin install cuda13 (or cuda12)
        """)
    #expect(
      try message { _ = try finder.backend(for: "xla:npu") }
        .contains("say where it is: BLITZ_PJRT_PLUGIN=npu:/path/to/plugin.so"))
    for kind in ["gpu", "xla:", "xla:cuda", ""] {
      #expect(
        try message { _ = try finder.backend(for: kind) }
          .hasPrefix("device: there is no kind of device \"\(kind)\"\n"))
    }
  }

  @Test("a plugin without a name is the one that its file's name speaks of, no other")
  func unnamed() throws {
    let path = try FakePlugin.path("unnamed_tpu")
    let finder = PluginFinder(
      environment: { ["BLITZ_PJRT_PLUGIN": path, "VIRTUAL_ENV": "/nowhere"][$0] }, cache: nil)
    #expect(finder.kinds == ["xla:tpu"])
    #expect(
      try message { _ = try finder.backend(for: "xla:npu") }
        .contains("no plugin for xla:npu was found\n  looked in: BLITZ_PJRT_PLUGIN=\(path)\n"))
  }

  @Test("a backend is made once, when it is asked for")
  func once() throws {
    let finder = try FakePlugin.finder("once")
    #expect(finder.kinds == ["xla:fake"])
    let first = try finder.backend(for: "xla:fake") as? XLABackend
    #expect(first === (try finder.backend(for: "xla:fake") as? XLABackend))
    #expect(first?.name == "xla:fake" && first?.deviceCount == 1)
  }

  @Test("a report says what a plugin is, or why it does not work")
  func reports() throws {
    let good = try #require(try FakePlugin.finder("reported").reports().first)
    #expect(good.interface == "0.81" && good.stableHLO == "1.13.3")
    #expect(good.platform == "fake" && good.failure == nil)
    #expect(good.devices.map(\.name) == ["xla:fake"] && good.devices[0].memory == 1 << 20)
    let bad = try #require(try FakePlugin.finder("nogpu-cuda", as: "cuda").reports().first)
    #expect(bad.interface == "0.81" && bad.platform == nil)
    #expect(bad.failure?.message.contains("No visible GPU devices.") == true)
  }
}
