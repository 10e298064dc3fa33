import Foundation

/// The libraries that an object file asks for, such as `Foundation`: the compiler notes them in a
/// section of the file. Naming them to the linker would cost it ten times its time, so the host
/// loads each once instead.
func autolinkedLibraries(ofObject path: String) -> [String] {
  guard let file = FileManager.default.contents(atPath: path), file.count > 64 else { return [] }
  let bytes = [UInt8](file)
  func number(_ place: Int, _ count: Int) -> Int {
    guard place >= 0, place + count <= bytes.count else { return 0 }
    return bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }
  // ELF64, little-endian: the section headers, and the section that holds their names.
  let (table, size, count) = (number(40, 8), number(58, 2), number(60, 2))
  let names = number(table + number(62, 2) * size + 24, 8)
  for i in 0..<count {
    let header = table + i * size
    let name = names + number(header, 4)
    guard name < bytes.count,
      bytes[name...].prefix(while: { $0 != 0 }).elementsEqual(".swift1_autolink_entries".utf8)
    else { continue }
    let (start, length) = (number(header + 24, 8), number(header + 32, 8))
    guard start + length <= bytes.count else { return [] }
    return bytes[start..<(start + length)].split(separator: 0).compactMap { entry in
      entry.starts(with: "-l".utf8) ? String(decoding: entry.dropFirst(2), as: UTF8.self) : nil
    }
  }
  return []
}
