import Blitz

extension ModuleTable {
  mutating func addLinear() {
    layer("Linear") { c in
      try Linear(
        c.int(0, "in_features"), c.int(1, "out_features"), bias: c.bool(2, "bias", or: true))
    }
    network("Bilinear") { c in
      let layer = try Bilinear(
        c.int(0, "in1_features"), c.int(1, "in2_features"), c.int(2, "out_features"),
        bias: c.bool(3, "bias", or: true))
      return Network(module: layer) { [layer(try $0.x, try $0.tensor(1))] }
    }
    layer("Embedding") { c in
      try Embedding(
        c.int(0, "num_embeddings"), c.int(1, "embedding_dim"),
        paddingIndex: c.optionalInt(2, "padding_idx"))
    }
  }

  mutating func addRecurrent() {
    network("RNNCell") { c in
      let cell = try RNNCell(
        c.int(0, "input_size"), c.int(1, "hidden_size"), nonlinearity: Self.nonlinearity(c, 3),
        bias: c.bool(2, "bias", or: true))
      return Network(module: cell) { [cell(try $0.x, hidden: try $0.optionalTensor(1, "hx"))] }
    }
    network("GRUCell") { c in
      let cell = try GRUCell(
        c.int(0, "input_size"), c.int(1, "hidden_size"), bias: c.bool(2, "bias", or: true))
      return Network(module: cell) { [cell(try $0.x, hidden: try $0.optionalTensor(1, "hx"))] }
    }
    network("LSTMCell") { c in
      let cell = try LSTMCell(
        c.int(0, "input_size"), c.int(1, "hidden_size"), bias: c.bool(2, "bias", or: true))
      return Network(module: cell) { call in
        let state = cell(try call.x, state: try Self.state(call))
        return [state.hidden, state.cell]
      }
    }
    network("RNN") { c in
      let rnn = try RNN(
        c.int(0, "input_size"), c.int(1, "hidden_size"), layers: c.int(2, "num_layers", or: 1),
        nonlinearity: Self.nonlinearity(c, 3), bias: c.bool(4, "bias", or: true),
        batchFirst: c.bool(5, "batch_first"), dropout: c.real(6, "dropout", or: 0),
        bidirectional: c.bool(7, "bidirectional"))
      return Network(module: rnn) { call in
        let (output, hidden) = rnn(try call.x, initial: try call.optionalTensor(1, "hx"))
        return [output, hidden]
      }
    }
    network("GRU") { c in
      let gru = try GRU(
        c.int(0, "input_size"), c.int(1, "hidden_size"), layers: c.int(2, "num_layers", or: 1),
        bias: c.bool(3, "bias", or: true), batchFirst: c.bool(4, "batch_first"),
        dropout: c.real(5, "dropout", or: 0), bidirectional: c.bool(6, "bidirectional"))
      return Network(module: gru) { call in
        let (output, hidden) = gru(try call.x, initial: try call.optionalTensor(1, "hx"))
        return [output, hidden]
      }
    }
    network("LSTM") { c in
      let lstm = try LSTM(
        c.int(0, "input_size"), c.int(1, "hidden_size"), layers: c.int(2, "num_layers", or: 1),
        bias: c.bool(3, "bias", or: true), batchFirst: c.bool(4, "batch_first"),
        dropout: c.real(5, "dropout", or: 0), bidirectional: c.bool(6, "bidirectional"),
        projectionSize: c.int(7, "proj_size", or: 0))
      return Network(module: lstm) { call in
        let (output, state) = lstm(try call.x, initial: try Self.state(call))
        return [output, state.hidden, state.cell]
      }
    }
  }

  private static func nonlinearity(_ call: Call, _ place: Int) throws -> RNN.Nonlinearity {
    try call.text(place, "nonlinearity", or: "tanh") == "relu" ? .relu : .tanh
  }

  /// The state of an LSTM: two tensors.
  private static func state(_ call: Call) throws -> LSTM.State? {
    guard call.has(1, "hx") else { return nil }
    let both = try call.tensors(1, "hx")
    guard both.count == 2 else { throw Lacking(what: "a state of \(both.count) tensors") }
    return LSTM.State(hidden: both[0], cell: both[1])
  }

  private static func activation(_ call: Call, _ place: Int) throws -> TransformerActivation {
    switch try call.text(place, "activation", or: "relu") {
    case "relu", "function relu", "function ReLU": .relu
    case "gelu", "function gelu", "function GELU": .gelu
    case let other: throw Lacking(what: "the activation \(other)")
    }
  }

  private static func encoderLayer(_ c: Call) throws -> TransformerEncoderLayer {
    try TransformerEncoderLayer(
      c.int(0, "d_model"), heads: c.int(1, "nhead"),
      feedForward: c.int(2, "dim_feedforward", or: 2048), dropout: c.real(3, "dropout", or: 0.1),
      activation: activation(c, 4), epsilon: c.real(5, "layer_norm_eps", or: 1e-5),
      batchFirst: c.bool(6, "batch_first"), normFirst: c.bool(7, "norm_first"),
      bias: c.bool(8, "bias", or: true))
  }

  /// A mask and what pads, of PyTorch's names.
  private static func masks(
    _ call: Call, _ mask: (Int, String), _ padding: (Int, String)
  ) throws -> (Tensor?, Tensor?) {
    (
      try call.optionalTensor(mask.0, mask.1), try call.optionalTensor(padding.0, padding.1)
    )
  }

  mutating func addAttention() {
    network("MultiheadAttention", drawn: true) { c in
      if let size = try c.optionalInt(7, "kdim"), size != (try c.int(0, "embed_dim")) {
        throw Lacking(what: "the option kdim")
      }
      if let size = try c.optionalInt(8, "vdim"), size != (try c.int(0, "embed_dim")) {
        throw Lacking(what: "the option vdim")
      }
      let layer = try MultiHeadAttention(
        c.int(0, "embed_dim"), heads: c.int(1, "num_heads"), dropout: c.real(2, "dropout", or: 0),
        bias: c.bool(3, "bias", or: true), batchFirst: c.bool(9, "batch_first"),
        addBiasKV: c.bool(4, "add_bias_kv"), addZeroAttention: c.bool(5, "add_zero_attn"))
      return Network(module: layer) { call in
        let (mask, padding) = try Self.masks(call, (5, "attn_mask"), (3, "key_padding_mask"))
        let (query, key, value) = try (call.x, call.tensor(1, "key"), call.tensor(2, "value"))
        let isCausal = try call.bool(7, "is_causal") && mask == nil
        let needsWeights = try call.bool(4, "need_weights", or: true)
        if needsWeights, try !call.bool(6, "average_attn_weights", or: true) {
          throw Lacking(what: "the weights of each head")
        }
        if !needsWeights {
          return [
            layer(
              query: query, key: key, value: value, mask: mask, keyPadding: padding,
              isCausal: isCausal)
          ]
        }
        let (output, weights) = layer.withWeights(
          query: query, key: key, value: value, mask: mask, keyPadding: padding,
          isCausal: isCausal)
        return [output, weights]
      }
    }
    network("TransformerEncoderLayer", drawn: true) { c in
      let layer = try Self.encoderLayer(c)
      return Network(module: layer) { call in
        let (mask, padding) = try Self.masks(call, (1, "src_mask"), (2, "src_key_padding_mask"))
        return [
          layer(
            try call.x, mask: mask, keyPadding: padding,
            isCausal: try call.bool(3, "is_causal") && mask == nil)
        ]
      }
    }
    network("TransformerEncoder", drawn: true) { c in
      guard case .map(let options)? = c.value(0, "encoder_layer") else {
        throw Lacking(what: "a layer of another kind")
      }
      _ = c.value(3, "enable_nested_tensor")
      _ = c.value(4, "mask_check")
      if c.has(2, "norm") { throw Lacking(what: "the option norm") }
      let encoder = TransformerEncoder(
        try (0..<c.int(1, "num_layers")).map { _ in
          try Self.encoderLayer(Call(names: options, like: c))
        })
      return Network(module: encoder) { call in
        let (mask, padding) = try Self.masks(call, (1, "mask"), (2, "src_key_padding_mask"))
        return [
          encoder(
            try call.tensor(0, "src"), mask: mask, keyPadding: padding,
            isCausal: try call.bool(3, "is_causal") && mask == nil)
        ]
      }
    }
    network("TransformerDecoderLayer", drawn: true) { c in
      let layer = try TransformerDecoderLayer(
        c.int(0, "d_model"), heads: c.int(1, "nhead"),
        feedForward: c.int(2, "dim_feedforward", or: 2048), dropout: c.real(3, "dropout", or: 0.1),
        activation: Self.activation(c, 4), epsilon: c.real(5, "layer_norm_eps", or: 1e-5),
        batchFirst: c.bool(6, "batch_first"), normFirst: c.bool(7, "norm_first"),
        bias: c.bool(8, "bias", or: true))
      return Network(module: layer) { call in
        let (mask, padding) = try Self.masks(call, (2, "tgt_mask"), (4, "tgt_key_padding_mask"))
        let (other, otherPadding) = try Self.masks(
          call, (3, "memory_mask"), (5, "memory_key_padding_mask"))
        let isCausal = try call.bool(6, "tgt_is_causal") && mask == nil
        return [
          layer(
            try call.x, memory: try call.tensor(1, "memory"), mask: mask, memoryMask: other,
            keyPadding: padding, memoryKeyPadding: otherPadding, isCausal: isCausal)
        ]
      }
    }
    network("Transformer", drawn: true) { c in
      let model = try Transformer(
        c.int(0, "d_model", or: 512), heads: c.int(1, "nhead", or: 8),
        encoderLayers: c.int(2, "num_encoder_layers", or: 6),
        decoderLayers: c.int(3, "num_decoder_layers", or: 6),
        feedForward: c.int(4, "dim_feedforward", or: 2048), dropout: c.real(5, "dropout", or: 0.1),
        activation: Self.activation(c, 6), epsilon: c.real(9, "layer_norm_eps", or: 1e-5),
        batchFirst: c.bool(10, "batch_first"), normFirst: c.bool(11, "norm_first"),
        bias: c.bool(12, "bias", or: true))
      return Network(module: model) { call in
        let (mask, padding) = try Self.masks(call, (3, "tgt_mask"), (6, "tgt_key_padding_mask"))
        let (source, sourcePadding) = try Self.masks(
          call, (2, "src_mask"), (5, "src_key_padding_mask"))
        let (memory, memoryPadding) = try Self.masks(
          call, (4, "memory_mask"), (7, "memory_key_padding_mask"))
        return [
          model(
            try call.x, try call.tensor(1, "tgt"), sourceMask: source, mask: mask,
            memoryMask: memory, sourceKeyPadding: sourcePadding, keyPadding: padding,
            memoryKeyPadding: memoryPadding)
        ]
      }
    }
  }
}
