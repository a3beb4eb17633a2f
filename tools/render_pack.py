"""Draws what `simulate report` cannot draw itself: charts (vl-convert) and the PDF of a brief (WeasyPrint).

    render_pack.py charts      all charts in one process
    render_pack.py pdf         one HTML file to PDF

Both load their library first and then read work from standard input, one JSON object a line, until it ends. The toolkit starts them
before it knows what to draw, so that loading costs no time. Exit code: 0 done, 3 a module is missing (its name is printed), 4 failed.
"""

import json
import re
import sys


def fail(code, text):
    print(text, flush=True)
    sys.exit(code)


def jobs():
    for line in sys.stdin:
        if line.strip():
            yield json.loads(line)


def write(path, content):
    with open(path, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)


def unique_ids(svg, prefix):
    """Several drawings stand in one page: their ids must differ."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{prefix}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{prefix}-\1)", svg)
    return re.sub(r'href="#([^"]+)"', rf'href="#{prefix}-\1"', svg)


def charts():
    try:
        import vl_convert
    except ImportError as error:
        fail(3, error.name or "vl_convert")
    version = "5.20"
    warm = {
        "data": {"values": [{"x": 1, "y": 2}]},
        "layer": [
            {"mark": mark, "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "y", "type": "quantitative"}}}
            for mark in ("area", "line", "point", "text")
        ],
    }
    vl_convert.vegalite_to_svg(warm, vl_version=version)
    for job in jobs():
        with open(job["spec"], encoding="utf-8") as file:
            spec = file.read()
        svg = vl_convert.vegalite_to_svg(spec, vl_version=version)
        if "svg" in job:
            write(job["svg"], unique_ids(svg, job["id"]))
        if "png" in job:
            write(job["png"], vl_convert.svg_to_png(svg, scale=1.5))
        if "pdf" in job:
            write(job["pdf"], vl_convert.svg_to_pdf(svg))


def pdf():
    import logging

    logging.disable(logging.WARNING)
    try:
        import weasyprint
    except ImportError as error:
        fail(3, error.name or "weasyprint")
    except OSError as error:  # Pango is loaded by name
        fail(3, f"pango ({error})")

    def no_network(url, *arguments, **options):
        raise ValueError("the brief may not fetch anything: " + url)

    for job in jobs():
        with open(job["html"], encoding="utf-8") as file:
            html = file.read()
        weasyprint.HTML(string=html, url_fetcher=no_network).write_pdf(job["pdf"])


if __name__ == "__main__":
    try:
        {"charts": charts, "pdf": pdf}[sys.argv[1]]()
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit:
        raise
    except Exception as error:  # one line is what the toolkit can show
        fail(4, " ".join(f"{type(error).__name__}: {error}".split())[:400])
