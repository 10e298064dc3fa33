import Blitz
import Testing

/// Sequences of different lengths; networks that read them are in the table of layers.
@Suite struct PackedSequenceTests {
  @Test("packs as PyTorch does, and gives back what was there")
  func packing() throws {
    let padded = Tensor([[1, 2, 3, 0], [4, 5, 6, 7], [8, 0, 0, 0], [9, 10, 11, 0]])
    let packed = PackedSequence(padded, lengths: [3, 4, 1, 3], batchFirst: true)
    // torch.nn.utils.rnn.pack_padded_sequence(x, [3, 4, 1, 3], True, False) of PyTorch 2.15.
    #expect(try packed.data.scalars(as: Int.self) == [4, 1, 9, 8, 5, 2, 10, 6, 3, 11, 7])
    #expect(packed.batchSizes == [4, 3, 3, 1])
    let back = packed.padded(batchFirst: true)
    #expect(try back.array(as: [[Int]].self) == padded.array(as: [[Int]].self))
    let longer = packed.padded(fill: -1, to: 5)
    #expect(try longer[4].scalars(as: Int.self) == [-1, -1, -1, -1])
    #expect(try longer[..., 2].scalars(as: Int.self) == [8, -1, -1, -1, -1])
    #expect(packed.sequences.map(\.shape) == [[3], [4], [1], [3]])
    let again = PackedSequence(packed.sequences)
    #expect(try again.data.scalars(as: Int.self) == packed.data.scalars(as: Int.self))
  }

  @Test("says what does not go together")
  func errors() {
    let x = Tensor.zeros([4, 3, 2])
    func refused(_ packed: PackedSequence, _ words: String) {
      #expect("\(packed.data)".contains(words))
      #expect("\(LSTM(2, 3)(packed).output.data)".contains(words))
    }
    refused(PackedSequence(x, lengths: [1, 2]), "2 lengths for 3 sequences")
    refused(PackedSequence(x, lengths: [1, 5, 2]), "a length is 5, the sequences have 4 steps")
    refused(PackedSequence(x, lengths: [1, 0, 2]), "a length is 0")
    refused(PackedSequence([Tensor.zeros([2, 2]), Tensor.zeros([2, 3])]), "[2, 3]")
    let packed = PackedSequence(x, lengths: [1, 3, 2])
    #expect("\(packed.padded(to: 2))".contains("a sequence has 3 steps, more than 2"))
    #expect("\(padSequence([Tensor(1)]))".contains("a sequence has no axes"))
    #expect(padSequence([]).error != nil)
  }
}
