import BlitzPlot

extension HTMLReport {
  /// The style sheet, that of the curves included.
  static let style = """
    :root {
      color-scheme: light dark;
      --page: #ffffff; --raised: #f4f6f8; --ink: #1f2328; --soft: #59636e; --line: #d8dde3;
    }
    \(shades(page: Color(0xffffff), right: Color(0x0072b2), wrong: Color(0xd55e00)))
    @media (prefers-color-scheme: dark) {
    :root {
      --page: #0d1117; --raised: #161b22; --ink: #e6edf3; --soft: #9198a1; --line: #30363d;
    }
    \(shades(page: Color(0x0d1117), right: Color(0x56b4e9), wrong: Color(0xf0883e)))
    .weights img, .scale { filter: brightness(0.88); }
    }
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
    body {
      margin: 0 auto; padding: 1rem; max-width: 64rem; background: var(--page); color: var(--ink);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif;
      overflow-wrap: anywhere;
    }
    h1 { font-size: 1.5rem; line-height: 1.25; margin: 0.5rem 0 1rem; }
    h2 { font-size: 1.2rem; margin: 2.25rem 0 0.75rem; }
    h3 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
    ol { padding-left: 1.5rem; margin: 0; }
    footer, .note, .legend, small { color: var(--soft); font-size: 0.875rem; }
    footer { margin-top: 2.5rem; }
    .headline {
      display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0.75rem;
      margin: 0;
    }
    .headline div { background: var(--raised); border-radius: 0.5rem; padding: 0.75rem; }
    .headline dt { color: var(--soft); font-size: 0.875rem; }
    .headline dd { margin: 0; font-size: 1.375rem; line-height: 1.3; }
    .headline dd.note { font-size: 0.875rem; }
    .plots {
      display: grid; gap: 1rem;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr));
    }
    .plot { display: block; width: 100%; height: auto; }
    \(Palette.style(.automatic))    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th { font-weight: 600; text-align: left; }
    .confusion { font-size: 0.6875rem; line-height: 1.2; overflow-wrap: normal; }
    .confusion td { height: 1.875rem; min-width: 1.75rem; padding: 0 1px; text-align: center; }
    .confusion tbody td { border: 1px solid var(--page); }
    .confusion th { background: var(--page); font-weight: 400; }
    .confusion th span {
      display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    }
    .confusion th[scope="row"] { position: sticky; left: 0; padding-right: 0.375rem; }
    .confusion th[scope="row"] span { max-width: 4.25rem; }
    .confusion.wide th[scope="row"] span { max-width: 8rem; }
    .confusion th[scope="col"] { padding: 0.25rem 0; vertical-align: bottom; }
    .confusion th[scope="col"] span {
      writing-mode: vertical-rl; transform: rotate(180deg); max-height: 7rem; margin: 0 auto;
    }
    .confusion .e0 { color: var(--soft); }
    .confusion .recall { display: none; }
    .mistakes {
      display: grid; gap: 1rem 0.75rem;
      grid-template-columns: repeat(auto-fill, minmax(6.5rem, 1fr));
    }
    .mistakes.rows { grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); }
    figure { margin: 0; }
    figcaption { font-size: 0.875rem; line-height: 1.35; margin-top: 0.375rem; }
    figcaption small { display: block; font-size: 0.75rem; }
    .mistakes img {
      display: block; width: 100%; aspect-ratio: 1; object-fit: contain; background: #000;
      border-radius: 0.25rem; image-rendering: pixelated;
    }
    .row {
      margin: 0; padding: 0.5rem; background: var(--raised); border-radius: 0.25rem;
      font-size: 0.875rem;
    }
    .weights { display: flex; flex-wrap: wrap; gap: 0.375rem; }
    .weights img {
      display: block; height: 3.5rem; min-width: 3.5rem; max-width: 100%;
      image-rendering: pixelated;
    }
    .weights.squares {
      display: grid; grid-template-columns: repeat(auto-fill, minmax(3rem, 1fr));
    }
    .weights.squares img { width: 100%; height: auto; min-width: 0; }
    .scale {
      display: inline-block; width: 8rem; height: 0.75rem; vertical-align: middle;
      background: linear-gradient(to right, \(gradient));
    }
    .figures { font-size: 0.875rem; overflow-wrap: normal; }
    .figures th, .figures td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: right; }
    .settings { width: 100%; font-size: 0.9375rem; }
    .settings th { width: 40%; font-weight: 400; color: var(--soft); }
    .settings th, .settings td {
      border-top: 1px solid var(--line); padding: 0.375rem 0.75rem 0.375rem 0;
      vertical-align: top;
    }
    summary { cursor: pointer; }
    @media (min-width: 42rem) {
      .confusion { font-size: 0.8125rem; }
      .confusion td { height: 2.25rem; min-width: 2.75rem; }
      .confusion th[scope="row"] span { max-width: 12rem; }
      .confusion .recall { display: table-cell; padding-left: 0.5rem; white-space: nowrap; }
    }
    """

  private static var gradient: String {
    [-1.0, -0.5, 0, 0.5, 1].map { Color.diverging($0).hex }.joined(separator: ", ")
  }
}
