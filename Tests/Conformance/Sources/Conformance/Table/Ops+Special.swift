import Blitz

extension Table {
  mutating func addSpecial() {
    word("erfc") { try $0.x.erfc() }
    word("erfinv") { try $0.x.erfinv() }
    word("special.erfcx") { try $0.x.erfcx() }
    word("special.ndtr") { try $0.x.ndtr() }
    word("special.log_ndtr") { try $0.x.logNdtr() }
    word("special.ndtri") { try $0.x.ndtri() }
    word("lgamma") { try $0.x.lgamma() }
    word("mvlgamma") { try $0.x.mvlgamma($0.int(1, "p")) }
    word("digamma") { try $0.x.digamma() }
    word("polygamma") { try $0.x.polygamma($0.int(1, "n")) }
    word("special.polygamma") { try $0.x.polygamma($0.int(1, "n")) }
    word("special.zeta") { try $0.x.zeta($0.tensor(1)) }
    word("special.bessel_j0") { try $0.x.besselJ0() }
    word("special.bessel_j1") { try $0.x.besselJ1() }
    word("special.bessel_y0") { try $0.x.besselY0() }
    word("special.bessel_y1") { try $0.x.besselY1() }
    word("special.spherical_bessel_j0") { try $0.x.sphericalBesselJ0() }
    word("special.airy_ai") { try $0.x.airyAi() }
    word("i0", "special.modified_bessel_i0") { try $0.x.besselI0() }
    word("special.i1", "special.modified_bessel_i1") { try $0.x.besselI1() }
    word("special.i0e") { try $0.x.scaledBesselI0() }
    word("special.i1e") { try $0.x.scaledBesselI1() }
    word("special.modified_bessel_k0") { try $0.x.besselK0() }
    word("special.modified_bessel_k1") { try $0.x.besselK1() }
    word("special.scaled_modified_bessel_k0") { try $0.x.scaledBesselK0() }
    word("special.scaled_modified_bessel_k1") { try $0.x.scaledBesselK1() }
    let families: [(String, OrthogonalPolynomial)] = [
      ("chebyshev_polynomial_t", .chebyshevT), ("chebyshev_polynomial_u", .chebyshevU),
      ("chebyshev_polynomial_v", .chebyshevV), ("chebyshev_polynomial_w", .chebyshevW),
      ("shifted_chebyshev_polynomial_t", .shiftedChebyshevT),
      ("shifted_chebyshev_polynomial_u", .shiftedChebyshevU),
      ("shifted_chebyshev_polynomial_v", .shiftedChebyshevV),
      ("shifted_chebyshev_polynomial_w", .shiftedChebyshevW),
      ("hermite_polynomial_h", .hermiteH), ("hermite_polynomial_he", .hermiteHe),
      ("laguerre_polynomial_l", .laguerreL), ("legendre_polynomial_p", .legendreP),
    ]
    for (name, family) in families {
      word("special.\(name)") { try $0.x.polynomial(family, degree: $0.tensor(1)) }
    }
  }
}
