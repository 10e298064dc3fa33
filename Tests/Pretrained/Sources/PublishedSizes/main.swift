import Foundation

// Networks of published sizes against what torchvision and Hugging Face compute with the same
// weights, which both sides make by a formula. Fails if one is further away than 1e-4 of the
// largest.
let cases = try Stored.file.get().cases
var failures = 0
for stored in cases {
  guard let network = Networks.network(stored.name) else {
    failures += 1
    print("\(stored.name): there is no such network")
    continue
  }
  let distance = try network.distance(to: stored)
  if !(distance < 1e-4) { failures += 1 }
  print("\(stored.name): \(stored.parameters) parameters, \(distance) from the reference")
}
print("\(cases.count - failures) passed, \(failures) failed")
exit(failures == 0 && cases.count == 19 ? 0 : 1)
