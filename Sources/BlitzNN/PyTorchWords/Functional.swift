// `F.relu(x)`: a method or a function by itself; see BlitzTensor's `Word.swift`.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation, AlwaysUseLowerCamelCase

import BlitzTensor

/// PyTorch's module `torch.nn.functional`, for the compiler's advice.
@_documentation(visibility: internal)
public enum F: _Namespace {
  @available(*, unavailable, message: "write crossEntropy(logits: x, labels: y)")
  public static var cross_entropy: _TensorWord { .init() }
  @available(*, unavailable, message: "write crossEntropy(logits: x, labels: y)")
  public static var crossEntropy: _TensorWord { .init() }
  @available(*, unavailable, message: "write meanSquaredError(predictions: x, targets: y)")
  public static var mse_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write meanSquaredError(predictions: x, targets: y)")
  public static var mseLoss: _TensorWord { .init() }
  @available(*, unavailable, message: "write l1(predictions: x, targets: y)")
  public static var l1_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write smoothL1(predictions: x, targets: y)")
  public static var smooth_l1_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write huber(predictions: x, targets: y)")
  public static var huber_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write binaryCrossEntropy(logits: x, targets: y)")
  public static var binary_cross_entropy_with_logits: _TensorWord { .init() }
  @available(*, unavailable, message: "write binaryCrossEntropy(probabilities: x, targets: y)")
  public static var binary_cross_entropy: _TensorWord { .init() }
  @available(*, unavailable, message: "write negativeLogLikelihood(logProbabilities: x, labels: y)")
  public static var nll_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write klDivergence(logProbabilities: x, targets: y)")
  public static var kl_div: _TensorWord { .init() }
  @available(*, unavailable, message: "write cosineSimilarity(x, y)")
  public static var cosine_similarity: _TensorWord { .init() }
  @available(*, unavailable, message: "write tripletMargin(anchor: a, positive: p, negative: n)")
  public static var triplet_margin_loss: _TensorWord { .init() }
  @available(*, unavailable, message: "write pairwiseDistance(x, y)")
  public static var pairwise_distance: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.relu()")
  public static var relu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.gelu()")
  public static var gelu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.elu()")
  public static var elu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.silu()")
  public static var silu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.sigmoid()")
  public static var sigmoid: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.tanh()")
  public static var tanh: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.softplus()")
  public static var softplus: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.leakyRelu(slope: 0.01)")
  public static var leaky_relu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.softmax(axis: 1)")
  public static var softmax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.logSoftmax(axis: 1)")
  public static var log_softmax: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.logSigmoid()")
  public static var logsigmoid: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.maxPool2d(2)")
  public static var max_pool2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.avgPool2d(2)")
  public static var avg_pool2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.adaptiveAvgPool2d(1)")
  public static var adaptive_avg_pool2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.conv2d(weight, padding: 1)")
  public static var conv2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.conv1d(weight, padding: 1)")
  public static var conv1d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.convTranspose2d(weight)")
  public static var conv_transpose2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.matmul(weight.transposed()) + bias")
  public static var linear: _TensorWord { .init() }
  @available(*, unavailable, message: "write labels.oneHot(classCount: 10)")
  public static var one_hot: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.padded([(0, 0), (1, 1)])")
  public static var pad: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.normalized(axis: 1)")
  public static var normalize: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.resized(by: [1, 1, 2, 2])")
  public static var interpolate: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.patches([3, 3])")
  public static var unfold: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.glu()")
  public static var glu: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.mish()")
  public static var mish: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.hardtanh()")
  public static var hardtanh: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.pixelShuffle(2)")
  public static var pixel_shuffle: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.gridSampled(at: grid)")
  public static var grid_sample: _TensorWord { .init() }
  @available(*, unavailable, message: "write theta.affineGrid([height, width])")
  public static var affine_grid: _TensorWord { .init() }
  @available(*, unavailable, message: "write Dropout(0.5) as a layer of the module")
  public static var dropout: _TensorWord { .init() }
  @available(*, unavailable, message: "write BatchNorm2d(channels) as a layer of the module")
  public static var batch_norm: _TensorWord { .init() }
  @available(*, unavailable, message: "write LayerNorm(size) as a layer of the module")
  public static var layer_norm: _TensorWord { .init() }
  @available(*, unavailable, message: "write weight[labels], or Embedding as a layer")
  public static var embedding: _TensorWord { .init() }
  @available(*, unavailable, message: "write x.folded(to: [height, width], 3)")
  public static var fold: _TensorWord { .init() }
  @available(*, unavailable, message: "write y.maxUnpooled(indices, to: [height, width])")
  public static var max_unpool2d: _TensorWord { .init() }
  @available(*, unavailable, message: "write scaledDotProductAttention(query: q, key: k, value: v)")
  public static var scaled_dot_product_attention: _TensorWord { .init() }
}
