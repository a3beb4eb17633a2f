import CVectorMath

/// The counter-based generator Philox4x32-10: a fixed bijection of a 128-bit counter under a 64-bit key.
///
/// Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011). It passes BigCrush and
/// has no state, so any number can be computed at any time, in any order, on any thread.
public enum Philox4x32 {
  /// The four output words of one counter.
  public static func block(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    let counterWords = [counter.0, counter.1, counter.2, counter.3]
    let keyWords = [key.0, key.1]
    var output: [UInt32] = [0, 0, 0, 0]
    cvm_philox4x32(counterWords, keyWords, &output)
    return (output[0], output[1], output[2], output[3])
  }
}
