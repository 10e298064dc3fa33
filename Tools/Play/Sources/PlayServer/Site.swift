import Foundation
import HTTP
import Playing

/// What the server has: the page, the training's state, its pictures, and its buttons.
public struct Site: Sendable {
  let studio: Studio
  private let files: [String: Answer]

  /// - Throws: if a file of the page is not where the package put it.
  public init(studio: Studio) throws {
    self.studio = studio
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

  /// Serves the page to this machine.
  ///
  /// - Throws: if the port is taken.
  public func server(port: UInt16 = 0) throws -> Server {
    try Server(port: port) { request, port in await reply(to: request, port: port) }
  }

  /// Answers a request, if it comes from a page of this server, at `port`, or from no page.
  private func reply(to request: Request, port: UInt16) async -> Server.Reply {
    if let refusal = refusal(of: request, port: port) { return .answer(refusal) }
    switch (request.method, request.path) {
    case ("GET", "/events"): return .events(await studio.pictures())
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
  private func refusal(of request: Request, port: UInt16) -> Answer? {
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
