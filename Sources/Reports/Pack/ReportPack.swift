import Foundation
import Scenarios
import TextFiles

/// A meeting pack: brief, workbook, charts and tables of one run, written into a folder.
///
/// Programs that are not there are done without: the rest is made, and ``skipped`` says what was left out and how to get it.
public final class ReportPack {
  private let folder: PackFolder
  private let formats: Set<PackFormat>
  private let templates: [BriefTemplate]
  private let tools: PackTools
  private let language: Language
  private var drawing: HelperProcess?
  private var printing: HelperProcess?
  /// One line for each thing that was left out.
  public private(set) var skipped: [String] = []

  /// Opens the pack and starts the helpers, which load their libraries while the run is computed.
  ///
  /// - Parameter templates: one for Markdown and one for HTML.
  public init(
    folder: PackFolder, formats: Set<PackFormat>, templates: [BriefTemplate], tools: PackTools, language: Language
  ) {
    self.folder = folder
    self.formats = formats
    self.templates = templates
    self.tools = tools
    self.language = language
    if formats.contains(where: \.needsCharts) { drawing = start("charts", for: "charts") }
    if formats.contains(.pdf) { printing = start("pdf", for: "brief.pdf") }
  }

  /// The template for a format among those given, else the one shipped with the model or with the toolkit.
  public static func templates(
    _ given: [String], language: Language, modelFolder: String, fallbackFolder: String?
  ) throws -> [BriefTemplate] {
    var problems: [Diagnostic] = []
    var found: [BriefTemplate] = []
    for path in given {
      do {
        let template = try BriefTemplate(path: path)
        if found.contains(where: { $0.format == template.format }) {
          problems.append(
            Diagnostic(
              .wrongUse, code: "two_templates", at: SourceLocation(file: path), "a second template of the same kind",
              hint: "give one .md and one .html"))
        }
        found.append(template)
      } catch let problem as Diagnostic { problems.append(problem) }
    }
    for format in [BriefTemplate.Format.markdown, .html] where !found.contains(where: { $0.format == format }) {
      let name = "/templates/brief.\(language.rawValue).\(format.rawValue)"
      let folders = [modelFolder] + (fallbackFolder.map { [$0] } ?? [])
      let path = folders.map { $0 + name }.first { FileManager.default.fileExists(atPath: $0) } ?? modelFolder + name
      do { found.append(try BriefTemplate(path: path)) } catch let problem as Diagnostic { problems.append(problem) }
    }
    guard problems.isEmpty else { throw DiagnosticList(problems) }
    return found
  }

  /// Makes the whole pack; the folder is not yet in its place after this.
  ///
  /// - Parameter progress: called with what is being made and the share of the work that is done.
  public func write(_ input: PackInput, progress: (String, Double) -> Void) throws {
    let content = PackContent(input)
    let brief = BriefContent(content)
    // Mistakes of templates come before any work.
    for template in templates where isWanted(template.format) { _ = try template.render(brief.names([sample])) }
    let charts = formats.contains(where: \.needsCharts) ? PackCharts(content).all() : []
    progress("charts", 0)
    let isDrawn = try draw(charts)
    progress("workbook", 0.1)
    try tables(content)
    try Interruption.check()
    progress("charts", 0.3)
    let hasCharts = isDrawn ? try finishDrawing() : false
    let pictures = hasCharts ? try self.pictures(PackCharts.briefCharts(charts)) : []
    progress("brief", 0.7)
    try writeBrief(brief, pictures)
    try printBrief(brief, pictures, progress)
    if !formats.contains(.charts) {
      folder.remove("charts")
    } else if !hasCharts {
      for chart in charts { for kind in ["svg", "png", "pdf"] { folder.remove("charts/\(chart.id).\(kind)") } }
    }
    try writeManifest(input)
    progress("done", 1)
  }

  private func isWanted(_ format: BriefTemplate.Format) -> Bool {
    format == .markdown
      ? formats.contains(.md) || formats.contains(.docx) : formats.contains(.html) || formats.contains(.pdf)
  }

  private var sample: BriefContent.Picture { .init(title: "", path: "", drawing: "") }

  // MARK: Parts

  private func tables(_ content: PackContent) throws {
    let result = content.result
    if formats.contains(.xlsx) { try PackWorkbook(content).write(to: folder.partial + "/workbook.xlsx") }
    if formats.contains(.csv) || formats.contains(.json) { try folder.makeFolder("data") }
    if formats.contains(.csv) {
      try folder.write("data/result.csv") { try CSVReport.write(result, indicators: nil, to: $0) }
    }
    if formats.contains(.json) {
      try folder.write("data/result.json") { try JSONReport.write(result, indicators: nil, to: $0) }
    }
  }

  private func writeBrief(_ brief: BriefContent, _ pictures: [BriefContent.Picture]) throws {
    for template in templates {
      switch template.format {
      case .markdown:
        guard formats.contains(.md) else { continue }
        // Without the format charts the pictures are not kept, so the text does not point at them.
        try folder.write("brief.md", template.render(brief.names(formats.contains(.charts) ? pictures : [])))
      case .html:
        guard formats.contains(.html) || formats.contains(.pdf) else { continue }
        try folder.write("brief.html", template.render(brief.names(pictures)))
      }
    }
  }

  /// PDF and Word at the same time, each by its own program.
  private func printBrief(
    _ brief: BriefContent, _ pictures: [BriefContent.Picture], _ progress: (String, Double) -> Void
  ) throws {
    var word: HelperProcess?
    if formats.contains(.docx) {
      if let pandoc = tools.pandoc, let template = templates.first(where: { $0.format == .markdown }) {
        try folder.write(".brief-docx.md", template.render(brief.names(pictures)))
        word = try? HelperProcess(
          pandoc, wordArguments(template), log: folder.partial + "/.docx.log", folder: folder.partial)
      }
      if word == nil { skip("brief.docx", missing: "pandoc") }
    }
    progress("pdf", 0.75)
    if let printing {
      printing.send(Self.json([("html", folder.partial + "/brief.html"), ("pdf", folder.partial + "/brief.pdf")]))
      _ = try finish(printing, for: "brief.pdf")
      self.printing = nil
    }
    progress("docx", 0.9)
    if let word { _ = try finish(word, for: "brief.docx") }
    folder.remove(".brief-docx.md")
    if !formats.contains(.html) { folder.remove("brief.html") }
  }

  private func wordArguments(_ template: BriefTemplate) -> [String] {
    var arguments = [
      "--from",
      "markdown-raw_html-raw_tex-raw_attribute-tex_math_dollars-citations-yaml_metadata_block-implicit_figures",
      "--to", "docx", "--columns", "10000", "--metadata", "lang=\(language.rawValue)", "--output", "brief.docx",
      ".brief-docx.md",
    ]
    let style = URL(fileURLWithPath: template.file).deletingLastPathComponent().path + "/reference.docx"
    if FileManager.default.fileExists(atPath: style) { arguments += ["--reference-doc", style] }
    return arguments
  }

  private func writeManifest(_ input: PackInput) throws {
    let files = PackManifest(of: folder.partial).files
    try folder.write(PackManifest.name) { sink in
      var json = JSONWriter(to: sink, indentation: 1)
      try json.object { json in
        try json.member("made_by", PackManifest.maker)
        try json.member("version", input.result.fingerprint.version)
        try json.member("fingerprint", input.result.fingerprint.combined)
        try json.member("language", language.rawValue)
        try json.key("scenarios")
        try json.array { json in for scenario in input.result.scenarios { try json.value(scenario.id) } }
        try json.key("files")
        try json.array { json in
          for file in files {
            try json.object { json in
              try json.member("path", file.path)
              try json.member("bytes", file.bytes)
              try json.member("hash", file.hash)
            }
          }
        }
      }
      try json.finish()
    }
  }

  // MARK: Pictures

  /// Hands all charts to the helper; whether it is there.
  private func draw(_ charts: [Chart]) throws -> Bool {
    guard !charts.isEmpty else { return false }
    try folder.makeFolder("charts")
    for chart in charts {
      let stem = "charts/" + chart.id
      let buffer = TextBuffer()
      try chart.write(to: buffer)
      try folder.write(stem + ".vl.json", buffer.text.composed)
      let path = folder.partial + "/" + stem
      var job = [("id", chart.id), ("spec", path + ".vl.json"), ("svg", path + ".svg"), ("png", path + ".png")]
      if formats.contains(.charts) { job.append(("pdf", path + ".pdf")) }
      drawing?.send(Self.json(job))
    }
    return drawing != nil
  }

  private func finishDrawing() throws -> Bool {
    guard let drawing else { return false }
    self.drawing = nil
    return try finish(drawing, for: "charts")
  }

  private func pictures(_ charts: [Chart]) throws -> [BriefContent.Picture] {
    charts.map { chart in
      let path = "charts/" + chart.id
      let drawing = FileManager.default.contents(atPath: folder.partial + "/" + path + ".svg")
      return .init(
        title: chart.title.composed, path: path + ".png", drawing: drawing.map { String(decoding: $0, as: UTF8.self) })
    }
  }

  // MARK: Helpers

  /// Ends helpers that are still at work.
  public func stop() {
    drawing?.stop()
    printing?.stop()
    (drawing, printing) = (nil, nil)
  }

  private func start(_ task: String, for what: String) -> HelperProcess? {
    guard let python = tools.python, let script = tools.script else {
      skip(what, missing: tools.python == nil ? "python3" : "render_pack.py")
      return nil
    }
    do {
      return try HelperProcess(python, [script, task], log: folder.partial + "/.\(task).log")
    } catch {
      skip(what, missing: python)
      return nil
    }
  }

  /// Whether it ended well; if not, what it was for is skipped.
  private func finish(_ helper: HelperProcess, for what: String) throws -> Bool {
    do {
      try helper.finish()
      return true
    } catch HelperProcess.Problem.missing(let name) {
      skip(what, missing: name)
    } catch HelperProcess.Problem.failed(let reason) {
      skipped.append("skipped \(what): \(reason)")
    }
    if what != "charts" { folder.remove(what) }
    return false
  }

  private func skip(_ what: String, missing: String) {
    let remedy: String
    switch missing {
    case "pandoc": remedy = "install pandoc (Debian: apt-get install pandoc)"
    case "python3": remedy = "install python3 and python3-venv, then run tools/setup-python"
    case _ where missing.hasPrefix("pango"):
      remedy = "install Pango (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0)"
    default: remedy = "run tools/setup-python, or pip install vl-convert-python weasyprint"
    }
    skipped.append("skipped \(what): \(missing) is missing; \(remedy)")
  }

  private static func json(_ members: [(String, String)]) -> String {
    let buffer = TextBuffer()
    var json = JSONWriter(to: buffer)
    do {
      try json.object { json in for (key, value) in members { try json.member(key, value) } }
      try json.finish()
    } catch { return "" }
    return buffer.text.split(separator: "\n").first.map(String.init) ?? ""
  }
}
