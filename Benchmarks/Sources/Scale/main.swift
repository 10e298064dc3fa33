import Foundation

// Writes or checks the tables of Docs/scale.md, or measures what they rest on:
//
//     Scale --write Docs/scale.md
//     Scale --check Docs/scale.md
//     blitz launch --processes 2 -- Scale --measure

do {
  let arguments = CommandLine.arguments.dropFirst()
  switch (arguments.first, arguments.dropFirst().first) {
  case ("--write", let path?):
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try Page().renewed(text).write(toFile: path, atomically: true, encoding: .utf8)
  case ("--check", let path?):
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard try Page().renewed(text) == text else {
      throw Failure("\(path) is not what the program computes; renew it with Scale --write \(path)")
    }
  case ("--measure", nil): try Measurement.run()
  default: throw Failure("usage: Scale --write PAGE | --check PAGE | --measure")
  }
} catch {
  FileHandle.standardError.write(Data("Scale: \(error)\n".utf8))
  exit(1)
}
