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
    // One address after the other: few have to be looked up before a user's line is met.
    for address in addresses {
      let place = LoadedCode.place(of: address) ?? CallTrace.lookUp(address)
      if let line = place.line { return (line.file, line.number) }
    }
    return nil
  }

  /// Finds the line of a return address in the line tables, which takes milliseconds.
  private static func lookUp(_ address: UInt) -> LoadedCode.Place {
    let images = LoadedCode.images()
    let backtrace = try? Backtrace(from: ReturnAddresses([address]))
    var place = LoadedCode.Place()
    // More than one where calls were inlined.
    for frame in backtrace?.symbolicated(with: images.list)?.frames ?? [] {
      guard let location = frame.symbol?.sourceLocation, location.line > 0,
        let file = location.path.split(separator: "/").last, !isOurs(location.path, file)
      else { continue }
      place.line = (String(file), location.line)
      break
    }
    LoadedCode.keep(place, of: address, in: images)
    return place
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

/// The libraries that the process has loaded, and what was looked up in their line tables.
///
/// Capturing the list costs far more than walking the stack, so it is kept; a library loaded
/// later shows as an unknown frame until ``changed()`` is called. Places are kept, too: errors
/// come from the same calls again and again, and through the same ones of the library.
@_spi(Loading) public enum LoadedCode {
  /// What an address is a place of: a line of a user's file, or none.
  struct Place: Sendable {
    var line: (file: String, number: Int)?
  }

  /// The libraries, with a number that tells this list from later ones.
  struct Images: Sendable {
    let list: ImageMap
    fileprivate let number: Int
  }

  private struct State {
    var images: Images?
    var captures = 0
    var places: [UInt: Place] = [:]
  }

  private static let state = Mutex(State())
  /// So many places are kept at most.
  private static let mostPlaces = 10_000

  /// To be called by whoever loads libraries with a user's code, as a notebook does.
  public static func changed() {
    state.withLock { state in
      state.images = nil
      state.places = [:]
    }
  }

  static func images() -> Images {
    state.withLock { state in
      if let images = state.images { return images }
      state.captures += 1
      let images = Images(
        list: Mappings.whileAllStay { ImageMap.capture() }, number: state.captures)
      state.images = images
      return images
    }
  }

  /// What is known of an address; nil if it was not looked up yet.
  static func place(of address: UInt) -> Place? { state.withLock { $0.places[address] } }

  /// Keeps what was found in the libraries, if they are still those.
  static func keep(_ place: Place, of address: UInt, in images: Images) {
    state.withLock { state in
      guard state.images?.number == images.number else { return }
      if state.places.count >= mostPlaces { state.places = [:] }
      state.places[address] = place
    }
  }
}
