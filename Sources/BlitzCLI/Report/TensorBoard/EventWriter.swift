import BlitzData
import BlitzSystem

/// Writes a TensorBoard event file.
///
///     let events = try EventWriter(directory: "runs/first")
///     try events.write([.scalar(tag: "loss/training", 0.25)], step: 1)
///
/// Every event goes to the system as one piece at once, so that a process that dies loses at most
/// the event that it was writing, and `tensorboard --logdir` shows it as it comes.
final class EventWriter {
  /// The file that is written: `events.out.tfevents.<time>.<host>.<process>`.
  let path: String
  private let file: Int32
  /// How far the file is whole.
  private var size = 0

  /// Starts a new file in a folder, which is made if it is missing. Files of earlier runs stay as
  /// they are; TensorBoard reads them all, in the order of their names.
  ///
  /// - Parameter step: for a run that goes on after an earlier one, the first step that it will
  ///   write: what the earlier one wrote from there on, after its last checkpoint, is superseded.
  /// - Throws: `DataError` if the folder cannot be made or the file cannot be written.
  init(directory: String, resumingAt step: Int? = nil) throws(DataError) {
    try File.prepareFolder(directory)
    let time = EventWriter.now()
    let name = "events.out.tfevents.\(Int(time)).\(EventWriter.host).\(getpid())"
    // Two writers of one process and second: the second one counts.
    var place = "\(directory)/\(name)"
    var opened = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    var count = 0
    while opened < 0 && errno == EEXIST {
      count += 1
      place = "\(directory)/\(name).\(count)"
      opened = open(place, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    }
    guard opened >= 0 else { throw File.failure(place, "cannot be written", errno) }
    (path, file) = (place, opened)
    try write(Event(wallTime: time, step: 0, content: .fileVersion))
    if let step { try write(Event(wallTime: time, step: step, content: .start)) }
  }

  deinit { close(file) }

  /// Adds values of one step as one event.
  ///
  /// - Throws: `DataError` if the disk is full or fails; the file then ends with the event before.
  func write(_ values: [Event.Value], step: Int) throws(DataError) {
    guard !values.isEmpty else { return }
    try write(Event(wallTime: EventWriter.now(), step: step, content: .summary(values)))
  }

  private func write(_ event: Event) throws(DataError) {
    let record = event.record
    let code = record.withUnsafeBytes { bytes -> Int32 in
      do throws(FileSystem.Failure) { try FileSystem.write(bytes, to: file) } catch {
        return error.code
      }
      return 0
    }
    guard code == 0 else {
      // Half an event would make all later ones unreadable.
      if ftruncate(file, off_t(size)) == 0 { lseek(file, off_t(size), SEEK_SET) }
      throw File.failure(path, "cannot be written", code)
    }
    size += record.count
  }

  /// Seconds since 1970.
  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// The machine's name.
  private static var host: String {
    var name = [UInt8](repeating: 0, count: 256)
    let code = name.withUnsafeMutableBytes { bytes in
      gethostname(bytes.baseAddress!.assumingMemoryBound(to: CChar.self), bytes.count - 1)
    }
    let text = String(decoding: name.prefix { $0 != 0 && $0 != UInt8(ascii: "/") }, as: UTF8.self)
    return code == 0 && !text.isEmpty ? text : "localhost"
  }
}
