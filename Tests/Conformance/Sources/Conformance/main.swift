import Foundation

// Conformance FOLDER [--only NAME] [--first COUNT] [--outcomes FILE] [--least PASSES]: computes the
// samples of a folder and writes what came of them; README.md says more.
exit(try Command(Array(CommandLine.arguments.dropFirst())).run())
