import BlitzSystem
import BlitzTensor

/// Images in files, with a folder for each class, as torchvision's `ImageFolder`:
/// `photos/cat/1.png`, `photos/dog/7.jpg`.
///
///     let data = try ImageFolder("photos", size: (width: 64, height: 64))
///     for (x, y) in DataLoader(data, batchSize: 32, shuffledBy: generator, workers: 2) { ... }
///
/// Classes and, in each, files are sorted by the bytes of their names, so that labels do not depend
/// on the file system. Folders inside a class's folder count too, at any depth, sorted after the
/// files beside them. Files are images if they end in .png, .jpg, .jpeg, .jfif, .bmp, .pgm or .ppm
/// (in any case), and, in a build with the package trait `WebP` or `TIFF`, in .webp, .tif or .tiff;
/// but not if their name starts with a dot. All others are in ``skipped``. The loader's workers
/// read the files, whenever a batch is fetched.
///
/// A batch has inputs float32 `[count, channels, height, width]` from 0 to 1 and labels int64
/// `[count]`.
public struct ImageFolder: Dataset {
  /// The names of the folders, sorted.
  public let classNames: [String]
  /// The path of each image.
  public let paths: [String]
  /// The class of each image.
  public let labels: [Int]
  /// The files of the classes that are no images by their names, or of a kind that this build does
  /// not read.
  public let skipped: [String]
  /// The width and height in pixels that all images have or are resized to.
  public let width, height: Int
  /// The number of channels: 3 (red, green, blue) or 1 (grey).
  public let channelCount: Int
  private let isResized: Bool
  private let first: String

  /// The number of images.
  public var count: Int { paths.count }

  /// Lists the files and reads the first.
  ///
  /// - Parameters:
  ///   - path: the folder that has a folder for each class.
  ///   - size: the size that images are resized to; if left out, all must have the size of the
  ///     first.
  ///   - grayscale: whether images become grey; if not, grey images get three channels.
  /// - Throws: `DataError` if the folder is missing or has no folders, a class has no image, the
  ///   first image cannot be read, or the size is less than 1.
  public init(
    _ path: String, size: (width: Int, height: Int)? = nil, grayscale: Bool = false
  ) throws(DataError) {
    var (classNames, paths, labels, skipped) = ([String](), [String](), [Int](), [String]())
    for name in try ImageFolder.names(in: path) {
      let folder = "\(path)/\(name)"
      guard ImageFolder.identity(of: folder) != nil else { continue }
      let all = try ImageFolder.files(in: folder)
      let files = all.filter(ImageFolder.isPicture)
      if files.isEmpty {
        let others = all.isEmpty ? "" : "; it has \(ImageFolder.list(all))"
        throw DataError(
          path: folder,
          reason: "has no picture; a class needs one at least that ends in one of "
            + ImageFormat.endings.joined(separator: " ") + others)
      }
      paths += files
      labels += files.map { _ in classNames.count }
      skipped += all.filter { !ImageFolder.isPicture($0) }
      classNames.append(name)
    }
    guard let first = paths.first else {
      throw DataError(
        path: path, reason: "has no folders; each class needs one, which has its pictures")
    }
    if let size, size.width < 1 || size.height < 1 || size.width > 1 << 16 || size.height > 1 << 16
    {
      throw DataError(
        path: path,
        reason: "cannot be brought to \(size.width) x \(size.height) pixels; "
          + "give sides from 1 to \(1 << 16)")
    }
    let image = try Image(path: first)
    self.classNames = classNames
    self.paths = paths
    self.labels = labels
    self.skipped = skipped
    self.first = first
    width = size?.width ?? image.width
    height = size?.height ?? image.height
    channelCount = grayscale ? 1 : 3
    isResized = size != nil
  }

  /// The images at these indices, read from their files.
  public func examples(at indices: [Int]) throws -> Examples {
    try checkIndices(indices, count: count)
    var inputs = try HostArray(
      uninitialized: [indices.count, channelCount, height, width], .float32)
    try inputs.withUnsafeMutableBytes { target in
      let numbers = target.assumingMemoryBound(to: Float.self)
      for (place, index) in indices.enumerated() {
        let image = try image(at: index)
        image.write(to: numbers.baseAddress! + place * image.pixels.count)
      }
    }
    return Examples(
      inputs: inputs, labels: try HostArray(indices.map { labels[$0] }, shape: [indices.count]))
  }

  /// One of the images as batches have it: in the common size and channels.
  ///
  /// - Throws: `DataError` that names the file if it cannot be read or has another size;
  ///   `TensorError` if there is no such image.
  public func image(at index: Int) throws -> Image {
    try checkIndices([index], count: count)
    let path = paths[index]
    let image = try Image(path: path)
    guard isResized || image.width == width && image.height == height else {
      throw DataError(
        path: path,
        reason: "is \(image.width) x \(image.height) pixels, but \(first) is \(width) x \(height); "
          + "write ImageFolder(size:) to resize all")
    }
    return try image.fitted(channelCount: channelCount, width: width, height: height)
  }

  /// The number of skipped files and the first of them, in one line; nil if there are none.
  public var skippedText: String? {
    skipped.isEmpty ? nil : "not read as pictures: \(ImageFolder.list(skipped))"
  }

  /// "3 files: a/x.gif, a/notes.txt and 1 more".
  private static func list(_ paths: [String]) -> String {
    let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
    return "\(paths.count) file\(paths.count == 1 ? "" : "s"): "
      + paths.prefix(3).joined(separator: ", ") + more
  }

  /// Whether every picture's file is a grey one, by the headers of all.
  ///
  /// - Throws: `DataError` that names a file which cannot be read.
  package func isGrey() throws(DataError) -> Bool {
    for path in paths where try !Image.isGrey(path) { return false }
    return true
  }

  private static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return ImageFormat.endings.contains { name.hasSuffix($0) }
  }

  /// What tells a folder from others, or nil if there is none at the path.
  private static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return [UInt64(status.st_dev), UInt64(status.st_ino)]
  }

  /// The files of a folder and those in it: its own first, then its folders' in the order of paths.
  private static func files(in folder: String) throws(DataError) -> [String] {
    var seen: Set<[UInt64]> = []
    var folders = [folder]
    var files: [(folder: String, path: String)] = []
    while let folder = folders.popLast() {
      // A link to a folder above would lead round and round.
      guard let identity = identity(of: folder), seen.insert(identity).inserted else { continue }
      for name in try names(in: folder) {
        let path = "\(folder)/\(name)"
        if ImageFolder.identity(of: path) != nil {
          folders.append(path)
        } else {
          files.append((folder, path))
        }
      }
    }
    return files.sorted {
      (ExactName($0.folder), ExactName($0.path)) < (ExactName($1.folder), ExactName($1.path))
    }.map(\.path)
  }

  /// What a folder has, hidden names left out, sorted by bytes.
  private static func names(in path: String) throws(DataError) -> [String] {
    guard let folder = opendir(path) else {
      throw DataError(
        path: path, reason: "cannot be listed: \(String(cString: strerror(errno)).lowercased())")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
        name.withMemoryRebound(to: CChar.self, capacity: 1) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
