// A graph convolution finds out who sided with whom in a karate club that broke apart, from who
// knew whom and the sides of two members.
//
// Kipf and Welling, "Semi-Supervised Classification with Graph Convolutional Networks" (2017); the
// club is Zachary's (1977).

import Blitz
import BlitzPlot
import ExampleSupport

// For each member, those with a higher number whom they know.
let friends: [[Int]] = [
  [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 17, 19, 21, 31], [2, 3, 7, 13, 17, 19, 21, 30],
  [3, 7, 8, 9, 13, 27, 28, 32], [7, 12, 13], [6, 10], [6, 10, 16], [16], [], [30, 32, 33], [33], [],
  [], [], [33], [32, 33], [32, 33], [], [], [32, 33], [33], [32, 33], [], [32, 33],
  [25, 27, 29, 32, 33], [25, 27, 31], [31], [29, 33], [33], [31, 33], [32, 33], [32, 33], [32, 33],
  [33], [],
]
// 0 stayed with the teacher, member 0; 1 went with the president, member 33.
let sides = Tensor([
  0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1,
])

/// Mixes what each member has with what their friends have, then changes it as `Linear` does:
/// `adjacency x weight`.
struct GraphConvolution: Module {
  let linear: Linear
  init(_ inputs: Int, _ outputs: Int) { linear = Linear(inputs, outputs) }

  func callAsFunction(_ members: Tensor, over adjacency: Tensor) -> Tensor {
    adjacency.matmul(linear(members))
  }
}

struct Net: Module {
  let first = GraphConvolution(34, 16)
  let second = GraphConvolution(16, 2)

  func callAsFunction(_ members: Tensor, over adjacency: Tensor) -> Tensor {
    second(first(members, over: adjacency).relu(), over: adjacency)
  }
}

/// Who knows whom, themselves included, each row and column divided by the root of their number.
func normalised(_ friends: [[Int]]) -> Tensor {
  var rows = friends.indices.map { row in friends.indices.map { $0 == row ? 1.0 : 0 } }
  for (one, others) in friends.enumerated() {
    for other in others { (rows[one][other], rows[other][one]) = (1, 1) }
  }
  let adjacency = Tensor(rows, dtype: .float32)
  let scale = adjacency.sum(axis: 1).rsqrt()
  return scale.unsqueezed(axis: 1) * adjacency * scale
}

manualSeed(0)
let adjacency = normalised(friends)
// Nothing is known of a member but who it is.
let members = Tensor.eye(34)
let told = Tensor([0, 33])
let model = Net()
let optimizer = Adam(model, rate: 1e-2, weightDecay: 5e-4)
let step = compile(model, optimizer) { members, sides in
  let logits = model(members, over: adjacency)
  return crossEntropy(
    logits: logits.indexSelect(axis: 0, indices: told),
    labels: sides.indexSelect(axis: 0, indices: told))
}
var losses: [Double] = []
for _ in 0..<(isFull ? 1000 : 200) { losses.append(try step(members, sides).item()) }
print(Plot.line(losses).labeled(x: "step", y: "loss"))

let logits = model(members, over: adjacency).detached()
var metrics = ClassificationMetrics()
try metrics.add(scores: logits, labels: sides)
try showPicture(
  Plot.scatter(
    logits[0..., 0], logits[0..., 1], classes: sides, names: ["the teacher's", "the president's"]
  )
  .labeled("the members as the network sees them"))
report("members on the right side", metrics.accuracy)
