import BlitzSystem
import Runtime
import Synchronization

/// Where a call came from: return addresses, looked up in the line table only when somebody asks.
///
/// They are found by the unwind tables that every compiler writes on Linux. Following frame
/// pointers instead would end the process in code that has none, as `swiftc -O` makes it.
struct CallTrace: Sendable {
  private let addresses: [UInt]

  /// How many calls are looked back at.
  private static let deepest = 64

  /// Takes the calls that led here.
  init() {
    guard let walk = CallTrace.walk else {
      addresses = []
      return
    }
    let deepest = CallTrace.deepest
    addresses = withUnsafeTemporaryAllocation(
      of: UnsafeMutableRawPointer?.self, capacity: deepest
    ) { frames in
      let count = walk(frames.baseAddress!, Int32(deepest))
      return frames[..<Int(count)].map { UInt(bitPattern: $0) }
    }
  }

  private typealias Walk =
    @convention(c) (UnsafeMutablePointer<UnsafeMutableRawPointer?>, Int32) -> Int32

  /// The C library's `backtrace`, of `<execinfo.h>`, which Swift's view of that library leaves
  /// out; nil where the library has none.
  private static let walk: Walk? = {
    #if canImport(Glibc)
      return dlsym(nil, "backtrace").map { unsafeBitCast($0, to: Walk.self) }
    #else
      return nil
    #endif
  }()

  /// The first line of the user's own code on the way here.
  var userLocation: (file: String, line: Int)? {
    if addresses.isEmpty { return nil }
    let backtrace = try? Backtrace(from: ReturnAddresses(addresses))
    guard let frames = backtrace?.symbolicated(with: LoadedCode.images())?.frames else {
      return nil
    }
    for frame in frames {
      guard let location = frame.symbol?.sourceLocation, location.line > 0,
        let file = location.path.split(separator: "/").last,
        !CallTrace.isOurs(location.path, file)
      else { continue }
      return (String(file), location.line)
    }
    return nil
  }

  /// Whether a source file is one of the library's own, by the folder this file was in when
  /// it was compiled (lessons and the command line count as users), or no file at all, such as
  /// `<compiler-generated>`. Compilers write paths under the folder that they were started in
  /// without it.
  private static func isOurs(_ path: String, _ file: Substring) -> Bool {
    if file.hasPrefix("<") { return true }
    if path.hasPrefix("/") { return libraryFolders.contains { path.hasPrefix($0) } }
    return libraryModules.contains { ("/" + path).contains("/Sources/\($0)/") }
  }

  private static let libraryModules = [
    "Blitz", "BlitzTensor", "BlitzCPU", "BlitzXLA", "BlitzNN", "BlitzData", "BlitzPlot",
  ]

  private static let libraryFolders: [String] = {
    let sources = #filePath.split(separator: "/", omittingEmptySubsequences: false)
      .dropLast(3).joined(separator: "/")
    return libraryModules.map { "\(sources)/\($0)/" }
  }()
}

/// The libraries that the process has loaded.
///
/// Capturing the list costs far more than walking the stack, so it is kept; a library loaded
/// later shows as an unknown frame until ``changed()`` is called.
@_spi(Loading) public enum LoadedCode {
  private static let list = Mutex<ImageMap?>(nil)

  /// To be called by whoever loads libraries with a user's code, as a notebook does.
  public static func changed() { list.withLock { $0 = nil } }

  static func images() -> ImageMap {
    list.withLock { list in
      let images = list ?? Mappings.whileAllStay { ImageMap.capture() }
      list = images
      return images
    }
  }
}
