"""Executes a notebook and checks that its figures were drawn; see tools/check-notebook."""

import sys

import nbclient
import nbformat

VEGA_LITE = "application/vnd.vegalite.v5+json"
FEWEST_FIGURES = 3

notebook = nbformat.read(sys.argv[1], as_version=4)
nbformat.validate(notebook)
for cell in notebook.cells:
    if cell.cell_type == "code" and (cell.outputs or cell.execution_count):
        sys.exit("the notebook is kept without outputs: clear them before committing")
nbclient.NotebookClient(notebook, timeout=240, kernel_name="python3").execute()

figures = 0
for cell in notebook.cells:
    for output in cell.get("outputs", []):
        if output.output_type == "stream" and output.name == "stderr":
            sys.exit("a cell warned: " + output.text)
        spec = output.get("data", {}).get(VEGA_LITE)
        if spec is None:
            continue
        rows = [len(rows) for rows in spec.get("datasets", {}).values()]
        if not rows or min(rows) == 0:
            sys.exit(f"a figure without data: {spec.get('title')}")
        figures += 1
if figures < FEWEST_FIGURES:
    sys.exit(f"{figures} figures were drawn, at least {FEWEST_FIGURES} are expected")
print(f"{figures} figures")
