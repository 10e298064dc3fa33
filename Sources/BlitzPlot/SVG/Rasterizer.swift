import BlitzData
import BlitzSystem

/// SVG as pixels, by librsvg and cairo: loaded when the first PNG is asked for, so that a program
/// that asks for none needs neither.
struct Rasterizer: Sendable {
  private typealias Address = UnsafeMutableRawPointer
  private typealias Destroy = @Sendable @convention(c) (Address) -> Void

  // librsvg 2.46 and newer, cairo 1.2 and newer.
  private let handleOfData:
    @Sendable @convention(c) (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<Address?>?) ->
      Address?
  private let render:
    @Sendable @convention(c) (
      Address, Address, UnsafePointer<Double>, UnsafeMutablePointer<Address?>?
    ) -> Int32
  private let unreference: Destroy
  private let makeSurface: @Sendable @convention(c) (Int32, Int32, Int32) -> Address
  private let surfaceStatus: @Sendable @convention(c) (Address) -> Int32
  private let makeContext: @Sendable @convention(c) (Address) -> Address
  private let flush: Destroy
  private let data: @Sendable @convention(c) (Address) -> UnsafePointer<UInt8>?
  private let stride: @Sendable @convention(c) (Address) -> Int32
  private let destroyContext: Destroy
  private let destroySurface: Destroy

  private static let shared = Rasterizer()

  /// Nil if a library or a function is missing.
  private init?() {
    // The names that the linker's symbolic links have on Linux and on macOS.
    guard let svg = Rasterizer.open(["librsvg-2.so.2", "librsvg-2.2.dylib"]),
      let cairo = Rasterizer.open(["libcairo.so.2", "libcairo.2.dylib"]),
      let objects = Rasterizer.open(["libgobject-2.0.so.0", "libgobject-2.0.0.dylib"]),
      let handleOfData = dlsym(svg, "rsvg_handle_new_from_data"),
      let render = dlsym(svg, "rsvg_handle_render_document"),
      let unreference = dlsym(objects, "g_object_unref"),
      let makeSurface = dlsym(cairo, "cairo_image_surface_create"),
      let surfaceStatus = dlsym(cairo, "cairo_surface_status"),
      let makeContext = dlsym(cairo, "cairo_create"),
      let flush = dlsym(cairo, "cairo_surface_flush"),
      let data = dlsym(cairo, "cairo_image_surface_get_data"),
      let stride = dlsym(cairo, "cairo_image_surface_get_stride"),
      let destroyContext = dlsym(cairo, "cairo_destroy"),
      let destroySurface = dlsym(cairo, "cairo_surface_destroy")
    else { return nil }
    // The types are those of the libraries' headers.
    func cast<T>(_ address: Address) -> T { unsafeBitCast(address, to: T.self) }
    self.handleOfData = cast(handleOfData)
    self.render = cast(render)
    self.unreference = cast(unreference)
    self.makeSurface = cast(makeSurface)
    self.surfaceStatus = cast(surfaceStatus)
    self.makeContext = cast(makeContext)
    self.flush = cast(flush)
    self.data = cast(data)
    self.stride = cast(stride)
    self.destroyContext = cast(destroyContext)
    self.destroySurface = cast(destroySurface)
  }

  private static func open(_ names: [String]) -> Address? {
    names.lazy.compactMap { dlopen($0, RTLD_NOW | RTLD_LOCAL) }.first
  }

  /// The picture with two pixels for each of its own.
  ///
  /// - Throws: `DataError` if librsvg is missing, refuses the picture, or memory runs out.
  static func image(_ drawing: PlotSVG.Drawing, path: String) throws -> Image {
    guard let rasterizer = shared else {
      throw DataError(
        path: path,
        reason: "cannot be drawn: PNG needs librsvg; install it (Debian: apt install librsvg2-2) "
          + "or write .svg")
    }
    return try rasterizer.image(drawing, path: path)
  }

  private func image(_ drawing: PlotSVG.Drawing, path: String) throws -> Image {
    let failure = DataError(path: path, reason: "cannot be drawn: librsvg refuses the picture")
    let sides = (width: (2 * drawing.width).rounded(.up), height: (2 * drawing.height).rounded(.up))
    guard sides.width * sides.height <= Double(Image.maximumPixelCount) else {
      throw DataError(path: path, reason: "cannot be drawn: too large for PNG; write .svg")
    }
    let (width, height) = (Int(sides.width), Int(sides.height))
    let bytes = Array(drawing.svg.utf8)
    guard let handle = handleOfData(bytes, bytes.count, nil) else { throw failure }
    defer { unreference(handle) }
    // 1: 32 bits a pixel, blue in the lowest 8 (CAIRO_FORMAT_RGB24).
    let surface = makeSurface(1, Int32(width), Int32(height))
    defer { destroySurface(surface) }
    guard surfaceStatus(surface) == 0 else { throw failure }
    let context = makeContext(surface)
    defer { destroyContext(context) }
    guard render(handle, context, [0, 0, sides.width, sides.height], nil) != 0 else {
      throw failure
    }
    flush(surface)
    guard let start = data(surface) else { throw failure }
    let rowSize = Int(stride(surface))
    var pixels: [UInt8] = []
    pixels.reserveCapacity(3 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        let word = UnsafeRawPointer(start + y * rowSize + 4 * x).load(as: UInt32.self)
        pixels.append(UInt8(truncatingIfNeeded: word >> 16))
        pixels.append(UInt8(truncatingIfNeeded: word >> 8))
        pixels.append(UInt8(truncatingIfNeeded: word))
      }
    }
    return try Image(width: width, height: height, channelCount: 3, pixels: pixels)
  }
}
