"""Reads a pack back: workbook cell by cell, charts against the Vega-Lite schema. Prints `ok`, or what is wrong, one line each.

    check_pack.py PACK [--recalculated WORKBOOK]      the second workbook was opened and saved by LibreOffice
"""

import json
import pathlib
import sys

pack = pathlib.Path(sys.argv[1])
problems = []


def check(truth, text):
    if not truth:
        problems.append(text)


def workbook():
    import openpyxl

    formulas = openpyxl.load_workbook(pack / "workbook.xlsx")
    values = openpyxl.load_workbook(pack / "workbook.xlsx", data_only=True)
    again = None
    if "--recalculated" in sys.argv:
        again = openpyxl.load_workbook(sys.argv[sys.argv.index("--recalculated") + 1], data_only=True)
    result = json.loads((pack / "data/result.json").read_text(encoding="utf-8"))
    names = formulas.sheetnames
    check(len(names) == (10 if len(result["scenarios"]) > 1 else 8), f"sheets {names}")
    count = 0
    for sheet in formulas:
        check(sheet.print_area, f"{sheet.title}: no print area")
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                count += 1
                value = values[sheet.title][cell.coordinate].value
                check(isinstance(value, (int, float)), f"{sheet.title}!{cell.coordinate} has no value")
                # Only formulas of ours: a text of a file never becomes one.
                body = cell.value.replace("SUM", "").replace("ROUND", "")
                for name in names:
                    body = body.replace(f"'{name}'!", "")
                check(not set(body) - set("=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789$()+-*/^:,.e"), f"formula {cell.value}")
                if again is not None:
                    other = again[sheet.title][cell.coordinate].value
                    same = isinstance(other, (int, float)) and abs(other - value) <= 1e-9 * max(1, abs(value))
                    check(same, f"{sheet.title}!{cell.coordinate} {cell.value}: {value} recalculated {other}")
    check(count > 200, f"only {count} formulas")
    check(sum(len(sheet._charts) for sheet in formulas) >= 8, "too few native charts")
    # Medians of the projections sheet are those of the result.
    medians = {
        (row["indicator"], row["period"]): row["value"]
        for row in result["rows"]
        if row["scenario"] == "baseline" and row["statistic"] == "median"
    }
    sheet = values[names[1]]
    years = {column: sheet.cell(4, column).value for column in range(4, sheet.max_column + 1)}
    language = json.loads((pack / "pack.json").read_text(encoding="utf-8"))["language"]
    by_name = {entry["names"][language]: id for id, entry in result["indicators"].items()}
    median = {"vi": "trung vị", "en": "median"}[language]
    compared = 0
    for row in range(5, sheet.max_row + 1):
        if sheet.cell(row, 3).value != median:
            continue
        id = by_name.get((sheet.cell(row, 1).value or "").removesuffix(" [<8]").removesuffix(" [D]"))
        check(id is not None, f"row {row} names no indicator: {sheet.cell(row, 1).value}")
        ratios = []
        for column, year in years.items():
            value = sheet.cell(row, column).value
            if value is None:
                continue
            true = medians[(id, str(year))]
            compared += 1
            if true:
                ratios.append(value / true)
        # Cells are in the unit that people see: one factor for the whole row, a power of ten.
        check(not ratios or max(ratios) - min(ratios) <= 1e-9 * max(ratios), f"{id}: {ratios}")
        check(not ratios or any(abs(ratios[0] / 10.0**k - 1) < 1e-9 for k in range(-9, 10)), f"{id}: factor {ratios}")
    check(compared > 100, f"only {compared} medians")


def charts():
    import altair
    import jsonschema

    schema = json.loads((pathlib.Path(altair.__file__).parent / "vegalite/v5/schema/vega-lite-schema.json").read_text())
    validator = jsonschema.Draft7Validator(schema)
    specs = sorted((pack / "charts").glob("*.vl.json"))
    check(len(specs) >= 5, f"only {len(specs)} charts")
    for path in specs:
        spec = json.loads(path.read_text(encoding="utf-8"))
        for error in list(validator.iter_errors(spec))[:3]:
            problems.append(f"{path.name}: {error.json_path} {error.message[:200]}")
        for kind in ("svg", "png", "pdf"):
            check((path.parent / path.name.replace(".vl.json", "." + kind)).stat().st_size > 1000, f"{path.name}: {kind}")


workbook()
if (pack / "charts").exists():
    charts()
print("\n".join(problems) if problems else "ok")
