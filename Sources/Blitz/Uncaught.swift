import BlitzSystem
import BlitzTensor

/// Ends the program with an error that nobody caught: its message on standard error, exit code 1.
///
/// `CUncaught` has it called in place of Swift's own function, to which such an error is a crash.
@c(blz_end_with)
func end(with error: UnsafeMutableRawPointer) {
  // An error in a box is one pointer, and it is what the compiler hands over.
  Environment.log(String(reflecting: unsafeBitCast(error, to: (any Error).self)))
  exit(1)
}
