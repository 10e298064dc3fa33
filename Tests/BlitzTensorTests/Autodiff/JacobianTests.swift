import Blitz
import Testing

@Suite("jacobian, hessian, vmap and hooks")
struct JacobianTests {
  private let x = Tensor([1, 2, 3] as [Float])

  @Test("jacobian is the derivative of each element by each")
  func jacobians() throws {
    let squares = jacobian(at: x) { $0.square() }
    #expect(try squares.scalars(as: Float.self) == [2, 0, 0, 0, 4, 0, 0, 0, 6])
    #expect(jacobian(at: x) { $0.sum() }.shape == [3])
    let m = Tensor.ones([2, 3])
    #expect(jacobian(at: m) { $0.sum(axis: 1) }.shape == [2, 2, 3])
    #expect(try jacobian(at: x) { _ in Tensor.ones([2]) }.sum().item() == 0)
    #expect(jacobian(at: Tensor([1, 2])) { $0 }.error?.op == "jacobian")
  }

  @Test("hessian is the derivative of the gradient")
  func hessians() throws {
    let cubes = hessian(at: x) { $0.pow(3).sum() }
    #expect(try cubes.scalars(as: Float.self) == [6, 0, 0, 0, 12, 0, 0, 0, 18])
    #expect(try hessian(at: x) { $0.sum() }.abs().sum().item() == 0)
    #expect(hessian(at: x) { $0 }.error?.op == "hessian")
    // A third derivative, through what was recorded.
    let w = Tensor(2.0, dtype: .float32).requiringGrad()
    let h = hessian(at: x, createGraph: true) { ($0.pow(3) * w).sum() }
    #expect(try gradient(of: h.sum(), wrt: w).item() == 36)
  }

  @Test("vmap applies a function to each example")
  func vmaps() throws {
    let rows = Tensor([[1, 2], [3, 4], [5, 6]] as [[Float]])
    #expect(try vmap(rows) { $0.sum() }.scalars(as: Float.self) == [3, 7, 11])
    #expect(try vmap(rows, axis: -1) { $0.sum() }.scalars(as: Float.self) == [9, 12])
    let both = vmap([rows, rows]) { $0[0].dot($0[1]) }
    #expect(try both.scalars(as: Float.self) == [5, 25, 61])
    let leaf = rows.requiringGrad()
    let slope = gradient(of: vmap(leaf) { $0.square() }.sum(), wrt: leaf)
    #expect(try slope.scalars(as: Float.self) == [2, 4, 6, 8, 10, 12])
    #expect(vmap(rows, axis: 2) { $0 }.error?.op == "vmap")
    #expect(vmap([rows, x]) { $0[0] }.error == nil)
    #expect(vmap([rows, Tensor.ones([2])]) { $0[0] }.error?.op == "vmap")
  }

  @Test("a hook sees and changes the gradient on its way back")
  func hooks() throws {
    let leaf = x.requiringGrad()
    let y = (leaf * 3).onGradient { $0 * 10 }
    #expect(try y.scalars(as: Float.self) == [3, 6, 9])
    let slope = gradient(of: y.square().sum(), wrt: leaf)
    #expect(try slope.scalars(as: Float.self) == [180, 360, 540])
    // A leaf's own hook.
    let seen = gradient(of: leaf.onGradient { $0.clamp(max: 2) }.square().sum(), wrt: leaf)
    #expect(try seen.scalars(as: Float.self) == [2, 2, 2])
    #expect(!x.onGradient { $0 }.requiresGrad)
    let wrong = gradient(of: leaf.onGradient { $0.sum() }.sum(), wrt: leaf)
    #expect(wrong.error != nil)
  }
}
