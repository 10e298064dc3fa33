import Blitz
import Foundation
import Testing

/// Complex numbers; what ops compute of them, Tests/Conformance holds to PyTorch's samples.
@Suite struct ComplexTests {
  private static let z = Tensor([Complex(1, 2), Complex(0, -1)])

  @Test("are made, read and printed")
  func readAndPrinted() throws {
    let z = Self.z
    #expect(z.signature == "complex64[2]")
    #expect(try z.array(as: [Complex].self) == [Complex(1, 2), Complex(0, -1)])
    #expect(try z[1].item(as: Complex.self) == Complex(0, -1))
    #expect("\(z)" == "[1.0+2.0i, 0.0-1.0i], complex64[2]")
    #expect("\(Complex(0.5, -0.25))" == "0.5-0.25i")
    #expect(try Tensor([1.0, 2]).scalars(as: Complex.self) == [Complex(1), Complex(2)])
    #expect(throws: TensorError.self) { try z.scalars(as: Double.self) }
  }

  @Test("refuse what has no meaning for them, by the op and the dtype")
  func refused() throws {
    let z = Self.z
    for (tensor, name) in [
      (z .< z, "less"), (z.floor(), "floor"), (z.max(), "max"), (z.sort().values, "sort"),
      (z.clamp(min: 0), "clamp"), (z.maximum(z), "maximum"), (z.erf(), "erf"),
    ] {
      let error = try #require(tensor.error, "\(name) gives \(tensor.signature)")
      #expect("\(error)".contains("complex64"), "\(name): \(error)")
    }
  }

  @Test("have PyTorch's gradients")
  func gradients() throws {
    // torch.view_as_real(z.grad) of z.abs().sum() and of (z * z).imag.sum().
    let z = Tensor([Complex(3, 4), Complex(0)], dtype: .complex128, requiresGrad: true)
    try z.abs().sum().backward()
    let right = Tensor([Complex(0.6, 0.8), Complex(0)], dtype: .complex128)
    #expect(try (z.grad - right).abs().max().item() < 1e-15)
    z.zeroGrad()
    try (z * z).imag.sum().backward()
    #expect(try z.grad.array(as: [Complex].self) == [Complex(8, 6), Complex(0)])
  }

  @Test("go through views without copies of their parts' memory being mixed up")
  func views() throws {
    let x = Tensor.arange(12, dtype: .float32).reshaped(to: [6, 2])
    let odd = x.reshaped(to: [12])[1..<11].reshaped(to: [5, 2])
    let z = odd.viewAsComplex()
    #expect(try z.array(as: [Complex].self)[1] == Complex(3, 4))
    let both = concatenate([z[1..<3], z[0..<1]])
    #expect(try both.array(as: [Complex].self) == [Complex(3, 4), Complex(5, 6), Complex(1, 2)])
    let squares: [Double] = [25, 61, 5]
    #expect(try (both.conj() * both).real.array() == squares)
    let parts: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    #expect(try z.viewAsReal().flattened().array() == parts)
  }

  /// A plain sum, in float64.
  private static func transform(_ x: [Complex]) -> [Complex] {
    let n = x.count
    return (0..<n).map { k in
      var sum = Complex(0)
      for j in 0..<n {
        let angle: Double = -2 * Double.pi * Double(j * k % n) / Double(n)
        let (c, s) = (Foundation.cos(angle), Foundation.sin(angle))
        sum.real += x[j].real * c - x[j].imag * s
        sum.imag += x[j].real * s + x[j].imag * c
      }
      return sum
    }
  }

  @Test("are transformed as the plain sum says, and back, for every length")
  func fourier() throws {
    for n in Array(1...34) + [37, 47, 60, 64, 97] {
      let x = Tensor.randn([2, n, 2], generator: Generator(seed: UInt64(n)), dtype: .float64)
      let z = x.viewAsComplex()
      let y = z.fft()
      let expected = Tensor(Self.transform(try z[1].array(as: [Complex].self)), dtype: .complex128)
      #expect(try (y[1] - expected).abs().max().item() < 1e-13 * Double(n), "fft of \(n)")
      #expect(try (y.ifft() - z).abs().max().item() < 1e-14 * 8, "ifft of \(n)")
      let real = z.real
      let half = real.rfft()
      #expect(try (half - real.fft()[0..., ..<(n / 2 + 1)]).abs().max().item() < 1e-13 * 8)
      #expect(try (half.irfft(count: n) - real).abs().max().item() < 1e-14 * 8, "irfft of \(n)")
    }
  }

  @Test("have PyTorch's frequencies")
  func frequencies() throws {
    let five: [Double] = [0, 1, 2, -2, -1]
    #expect(try (Tensor.fftFrequencies(5, spacing: 0.2)).round().array() == five)
    let four: [Double] = [0, 1, -2, -1]
    #expect(try Tensor.fftFrequencies(4, spacing: 0.25).array() == four)
    let half: [Double] = [0, 1, 2]
    #expect(try Tensor.rfftFrequencies(4, spacing: 0.25).array() == half)
    #expect(try Tensor.rfftFrequencies(5, spacing: 0.2).round().array() == half)
    #expect(Tensor.fftFrequencies(0).error != nil)
  }

  @Test("make spectrograms that give the signal back")
  func spectrogram() throws {
    let x = Tensor.randn([2, 50], generator: Generator(seed: 1), dtype: .float64)
    let window = Tensor.window(.hann, count: 10, dtype: .float64)
    let y = x.stft(12, hop: 3, window: window)
    #expect(y.signature == "complex128[2, 7, 17]")
    #expect(try (y.istft(12, hop: 3, window: window, length: 50) - x).abs().max().item() < 1e-13)
  }
}
