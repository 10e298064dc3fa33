#!/bin/bash
# Swift Testing: an expectation that an error is thrown asks the error for its description twice, by `description` and
# by `debugDescription`, also where the expected error comes and the test passes; a plain expectation that holds asks
# its values nothing. Where a description is costly (one that looks up source lines, say), tests of errors are slow and
# nothing shows why. Seen with Swift 6.3.1 and the Testing that comes with it; needs the toolchain.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
swift --version 2>&1 | grep -o 'Swift version 6.3.1'
mkdir -p Tests/CountTests
cat >Package.swift <<'EOF'
// swift-tools-version: 6.1
import PackageDescription
let package = Package(name: "Count", targets: [.testTarget(name: "CountTests")])
EOF
cat >Tests/CountTests/CountTests.swift <<'EOF'
import Synchronization
import Testing

let asked = Atomic(0)

struct Counted: Error, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
  var description: String { count() }
  var debugDescription: String { count() }
  func count() -> String {
    asked.add(1, ordering: .relaxed)
    return "counted"
  }
}

@Suite(.serialized) struct CountTests {
  @Test func thrown() {
    for _ in 0..<10 { #expect(throws: Counted.self) { throw Counted() } }
    print("described by ten errors that came as expected:", asked.exchange(0, ordering: .relaxed))
  }
  @Test func equal() {
    for _ in 0..<10 { #expect(Counted() == Counted()) }
    print("described by ten comparisons that hold:", asked.exchange(0, ordering: .relaxed))
  }
}
EOF
swift test >log 2>&1 || { cat log; exit 1; }
grep -o 'described by.*' log
grep -q 'came as expected: 20$' log
grep -q 'that hold: 0$' log
