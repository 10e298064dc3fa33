// A model in the ONNX format behind a server of one's own: what `blitz serve` does, where a program
// must do more.
//
//     Server model.onnx [ADDRESS]
//     curl -d '[[5.1, 3.5, 1.4, 0.2]]' 127.0.0.1:8080/predict

import Blitz
import BlitzONNX
import FlyingFox
import Foundation
import Synchronization

/// The model, called by one request at a time: its kernels use all cores for each.
actor Predictor {
  private let model: ONNXModel

  init(_ path: String) throws {
    model = try ONNXModel(path)
    for (_, parameter) in model.parameters { parameter.isFrozen = true }
  }

  /// What the model gives for rows of numbers.
  func answers(to rows: [[Float]]) throws -> [[Float]] {
    try noGrad { try model(Tensor(rows))[0].array(as: [[Float]].self) }
  }
}

let words = CommandLine.arguments
guard words.count > 1 else {
  print("usage: Server model.onnx [ADDRESS]; 0.0.0.0 is all of this machine's")
  exit(2)
}
let predictor = try Predictor(words[1])
let address = words.count > 2 ? words[2] : "127.0.0.1"
let server = HTTPServer(address: try .inet(ip4: address, port: 8080))

await server.appendRoute("GET /healthz") { _ in HTTPResponse(statusCode: .ok) }
await server.appendRoute("POST /predict") { request in
  do {
    let rows = try JSONDecoder().decode([[Float]].self, from: await request.bodyData)
    let body = try JSONEncoder().encode(await predictor.answers(to: rows))
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "application/json"], body: body)
  } catch {
    // Blitz's errors say what is wrong with the rows.
    return HTTPResponse(statusCode: .badRequest, body: Data("\(error)\n".utf8))
  }
}

// SIGTERM is how containers and systemd ask a program to end.
signal(SIGTERM, SIG_IGN)
let isEnding = Atomic(false)
let ending = DispatchSource.makeSignalSource(signal: SIGTERM)
ending.setEventHandler {
  isEnding.store(true, ordering: .relaxed)
  Task { await server.stop(timeout: 5) }
}
ending.resume()
do {
  try await server.run()
} catch {
  // Told to stop, it is cancelled, or its socket is closed.
  if !isEnding.load(ordering: .relaxed) { throw error }
}
