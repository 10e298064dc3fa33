import Blitz
import Foundation
import HTTP

/// The paths of a server that predicts.
public final class Service: Sendable {
  /// What bounds a service.
  public struct Settings: Sendable {
    /// The most rows that are computed at once.
    public var batch = 64
    /// How long a request waits for others to join it, besides while another batch is computed.
    public var wait = Duration.zero
    /// The most requests that wait; further ones get the status 429.
    public var queue = 256
    /// The most bytes of a body.
    public var body = 16 << 20
    /// The most connections at a time.
    public var connections = 1024

    /// A service for one machine.
    public init() {}
  }

  private let settings: Settings
  // Read by requests; its model is called on the batcher's thread alone.
  private nonisolated(unsafe) let model: ServedModel
  private let batcher: Batcher
  private let metrics = Metrics()
  private let pages: [String: Answer]

  /// Puts a model to use.
  public init(_ model: ServedModel, settings: Settings = Settings()) throws {
    self.model = model
    self.settings = settings
    nonisolated(unsafe) let network = model.model
    let outputs = model.outputs.map(\.name)
    batcher = Batcher(
      isBatched: model.isBatched, dtypes: model.inputs.map(\.dtype),
      settings: settings, metrics: metrics
    ) { inputs in Array(zip(outputs, try network(inputs))) }
    let pages = Pages(model: model, limit: settings.body)
    self.pages = [
      "/": Answer(type: "text/html; charset=utf-8", Data(pages.html.utf8)),
      "/openapi.json": Answer(type: "application/json", try pages.openAPI()),
      "/healthz": Answer(type: "application/json", Data("{\"status\":\"ok\"}".utf8)),
    ]
  }

  deinit { batcher.stop() }

  /// A server of it.
  ///
  /// - Throws: if the address is none of this machine's, or the port is taken.
  public func server(host: String = "127.0.0.1", port: UInt16 = 0) throws -> Server {
    var limits = Server.Limits()
    limits.connections = settings.connections
    limits.body = settings.body
    limits.patience = .seconds(30)
    limits.idle = .seconds(60)
    return try Server(host: host, port: port, limits: limits) { request, _ in
      .answer(await self.answer(request))
    }
  }

  /// Answers a request.
  public func answer(_ request: Request) async -> Answer {
    let start = ContinuousClock.now
    let isPrediction = request.path == "/predict"
    let answer =
      isPrediction
      ? await predicted(request) : page(request)
    let isKnown = isPrediction || pages[request.path] != nil || request.path == "/metrics"
    metrics.count(
      path: isKnown ? request.path : "other", status: answer.status,
      seconds: isPrediction ? (ContinuousClock.now - start) / .seconds(1) : nil)
    return answer
  }

  private func page(_ request: Request) -> Answer {
    let isMetrics = request.path == "/metrics"
    guard isMetrics || pages[request.path] != nil else {
      let paths = pages.keys.sorted() + ["/metrics", "/predict"]
      return Answer(
        404, "there is no \(request.path.prefix(80)); there are \(paths.joined(separator: ", "))")
    }
    guard request.method == "GET" || request.method == "HEAD" else {
      return Answer(405, "\(request.path) is read with GET, not \(request.method.prefix(20))")
    }
    if isMetrics {
      let text = metrics.text(waiting: batcher.waiting)
      return Answer(type: "text/plain; version=0.0.4", Data(text.utf8))
    }
    var answer = pages[request.path]!
    if request.path == "/" {
      // The examples are for the address that was asked.
      let host = Pages.escaped(request.headers["host"] ?? "HOST")
      let text = String(decoding: answer.body, as: UTF8.self)
      answer.body = Data(text.replacing("ADDRESS", with: "http://\(host)").utf8)
    }
    return answer
  }

  private func predicted(_ request: Request) async -> Answer {
    guard request.method == "POST" else {
      return Answer(405, "/predict takes POST, not \(request.method.prefix(20))")
    }
    do {
      let inputs = try PredictionRequest(model: model).inputs(request)
      let outputs = try await batcher.outputs(for: inputs)
      return try PredictionAnswer(model: model).answer(outputs, to: request)
    } catch is PredictionRequest.WrongType {
      let types = PredictionRequest.types.joined(separator: ", ")
      let given = request.type.isEmpty ? "there is no Content-Type" : "the body is \(request.type)"
      return Answer(415, "\(given.prefix(100)); send \(types)")
    } catch is Batcher.Full {
      var answer = Answer(429, "\(settings.queue) requests wait already; ask again")
      answer.headers = ["Retry-After: 1"]
      return answer
    } catch let refusal as Refusal {
      return Answer(400, refusal.description)
    } catch let error as TensorError {
      return Answer(400, error.rule)
    } catch {
      return Answer(500, "\(error)")
    }
  }

  /// A text as JSON spells it.
  static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
