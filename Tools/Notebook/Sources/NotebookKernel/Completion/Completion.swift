/// Completion.
final class Completion {
  init(toolchain: Toolchain) {}
  func stop() {}
}
extension Kernel {
  func complete(_ c: JSON) -> JSON { ["status": "ok", "matches": [], "cursor_start": 0, "cursor_end": 0, "metadata": [:]] }
  func inspect(_ c: JSON) -> JSON { ["status": "ok", "found": false, "data": [:], "metadata": [:]] }
}
