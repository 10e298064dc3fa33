import Foundation
import Playing

/// What the server has: the page, the training's state, its pictures, and its buttons.
public struct Site: Sendable {
  let studio: Studio
  /// The port that pages of this server come from.
  let port: UInt16
  private let files: [String: Answer]

  /// What a request gets.
  public enum Reply: Sendable {
    /// An answer that ends.
    case answer(Answer)
    /// Pictures of the training, as server-sent events, until the browser goes.
    case pictures
  }

  /// - Throws: if a file of the page is not where the package put it.
  public init(studio: Studio, port: UInt16) throws {
    self.studio = studio
    self.port = port
    let types = ["html": "text/html", "css": "text/css", "js": "text/javascript"]
    var files: [String: Answer] = [:]
    for name in ["index.html", "style.css", "play.js", "draw.js", "icon.svg"] {
      let url = Bundle.module.bundleURL.appendingPathComponent("Page/\(name)")
      let type = types[url.pathExtension] ?? "image/svg+xml"
      files["/" + name] = Answer(type: type + "; charset=utf-8", try Data(contentsOf: url))
    }
    files["/"] = files["/index.html"]
    self.files = files
  }

  /// Answers a request, if it comes from a page of this server or from no page.
  public func reply(to request: Request) async -> Reply {
    if let refusal = refusal(of: request) { return .answer(refusal) }
    switch (request.method, request.path) {
    case ("GET", "/events"): return .pictures
    case ("GET", "/state"):
      guard let body = try? JSONEncoder().encode(await studio.state) else {
        return .answer(Answer(500, "the state has no text"))
      }
      return .answer(Answer(type: "application/json", body))
    case ("GET", "/surface"):
      do {
        let surface = try await studio.surface()
        return .answer(Answer(type: "application/json", try JSONEncoder().encode(surface)))
      } catch {
        return .answer(Answer(500, "\(error)"))
      }
    case ("GET", let path):
      return .answer(files[path] ?? Answer(404, "there is no \(path.prefix(80))"))
    case ("POST", let path): return .answer(await post(path, request.body))
    default: return .answer(Answer(405, "\(request.method.prefix(20)) is not GET or POST"))
    }
  }

  private func post(_ path: String, _ body: Data) async -> Answer {
    do {
      switch path {
      case "/settings": try await studio.change(by: body)
      case "/weight": try await studio.setWeight(by: body)
      case "/table": try await studio.take(table: body)
      case "/train": await studio.train()
      case "/pause": await studio.pause()
      case "/step": await studio.make()
      case "/reset": try await studio.reset()
      default: return Answer(404, "there is no \(path.prefix(80))")
      }
      return Answer(204, type: "text/plain", Data())
    } catch let refusal as Refusal {
      return Answer(400, refusal.description)
    } catch {
      return Answer(500, "\(error)")
    }
  }

  /// Other sites can make a browser send requests here, under a name of theirs (Host) or from a
  /// page of theirs (Origin).
  private func refusal(of request: Request) -> Answer? {
    let hosts = ["127.0.0.1:\(port)", "localhost:\(port)"]
    guard let host = request.headers["host"] else { return Answer(400, "there is no Host header") }
    if !hosts.contains(host) {
      return Answer(403, "the Host is \(host.prefix(80)), not \(hosts[0])")
    }
    if let origin = request.headers["origin"], !hosts.map({ "http://\($0)" }).contains(origin) {
      return Answer(403, "the Origin is \(origin.prefix(80)), not http://\(hosts[0])")
    }
    return nil
  }
}
