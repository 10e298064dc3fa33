import CArguments

/// What the program was started with.
enum Arguments {
  /// The arguments without the program's name, also where `/proc` is not mounted: there
  /// `CommandLine.arguments` is empty.
  static var words: [String] {
    let count = blz_argument_count()
    if count == 0 { return Array(CommandLine.arguments.dropFirst()) }
    return (1..<max(1, count)).compactMap { blz_argument($0).map { String(cString: $0) } }
  }
}
