#!/usr/bin/env python3
"""Holds what kamrules answers against what DuckDB works out from the same CSV files.

    oracle.py            runs expected.sql and holds it against the numbers stated in it
    oracle.py BINARY     also runs BINARY (kamrules) on the examples and compares every answer

Exit status: 0 all equal, 1 something differs (each difference is printed), 2 it could not run.
"""

import csv
import json
import re
import subprocess
import sys
import tempfile
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

try:
    import duckdb
except ImportError:
    print("oracle.py needs DuckDB: python3 -m pip install duckdb", file=sys.stderr)
    sys.exit(2)

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# How many answers of expected.sql the documents state, so that one that is no longer there is missed.
STATED = 37


def main() -> int:
    expected = run_sql(HERE / "expected.sql")
    differences = [d for row in expected for d in against_stated(*row)]
    stated = sum(stated is not None for *_, stated in expected)
    if stated != STATED:
        differences.append(f"expected.sql gives {stated} of the {STATED} numbers that the documents state")
    print(f"expected.sql: {len(expected)} answers, {stated} of them stated")
    if len(sys.argv) > 1:
        for policy in sorted({policy for policy, *_ in expected}):
            rows = [(path, value) for name, path, value, _ in expected if name == policy]
            differences += against_output(policy, rows, Path(sys.argv[1]).resolve())
    for line in differences:
        print(f"differs: {line}")
    print("all equal" if not differences else f"{len(differences)} differ")
    return 1 if differences else 0


def run_sql(file: Path) -> list[tuple[str, str, str, str | None]]:
    """Every answer of the file: policy, path, value, and the value as stated."""
    connection = duckdb.connect()
    connection.execute(f"set file_search_path = '{ROOT}'")
    answers = []
    blocks = re.split(r"^-- (?=prepare\b|expect )", file.read_text(encoding="utf-8"), flags=re.M)[1:]
    for block in blocks:
        head, statement = block.split("\n", 1)
        result = connection.execute(statement)
        if head.startswith("expect "):
            policy = head.removeprefix("expect ").split(":")[0].strip()
            rows = [(policy, path, scaled(path, value), stated) for path, value, stated in result.fetchall()]
            if not rows:
                sys.exit(f"expected.sql: no rows for `{head}`")
            answers += rows
    return answers


# Answers that SQL gives as whole numbers of 10^-12, because DuckDB would divide as doubles.
RATIOS = re.compile(r"\.attainment$|^metrics\.(retention|company_growth|gross_margin|team_attainment)\b")


def scaled(path: str, value: str | None) -> str | None:
    return format(Decimal(value).scaleb(-12), "f") if value is not None and RATIOS.search(path) else value


def against_stated(policy: str, path: str, value: str, stated: str | None) -> list[str]:
    """The number in the documents: a percentage is rounded as it stands there, anything else is exact."""
    if stated is None:
        return []
    shown = value
    if stated.endswith("%"):
        places = Decimal(1).scaleb(-len(stated.rstrip("%").partition(".")[2]))
        shown = format((Decimal(value) * 100).quantize(places, ROUND_HALF_UP), "f") + "%"
    return [] if same(shown, stated) else [f"{policy} {path}: SQL says {shown}, the documents say {stated}"]


def against_output(policy: str, rows: list[tuple[str, str]], binary: Path) -> list[str]:
    """Runs the policy and compares each answer."""
    folder = ROOT / "examples" / policy
    document = json.loads(run(binary, "eval", folder, "--format", "json"), parse_float=Decimal)
    differences = [f"{policy} {file}: {counts} rows set aside" for file, counts in document.get("set_aside", {}).items() if any(counts.values())]
    differences += [f"{policy}: two rungs or none for {c}" for c in document.get("conflicts", [])]
    with tempfile.TemporaryDirectory() as scratch:
        run(binary, "eval", folder, "-o", scratch)
        files = Files(Path(scratch))
        for path, value in rows:
            got = find(document, files, path)
            if not same(got, value):
                differences.append(f"{policy} {path}: kamrules says {got}, SQL says {value}")
    print(f"{policy}: {len(rows)} answers compared")
    return differences


def run(binary: Path, *arguments: object) -> str:
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if done.returncode not in (0, 1):
        print(done.stderr, file=sys.stderr)
        print(f"kamrules {' '.join(map(str, arguments))} ended with {done.returncode}", file=sys.stderr)
        sys.exit(2)
    return done.stdout


class Files:
    """What `eval -o` wrote: a file per entity, its key in the first column; and the violations."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.tables: dict[str, dict[str, dict[str, str]]] = {}

    def cell(self, entity: str, key: str, column: str) -> str | None:
        if entity not in self.tables:
            with open(self.folder / f"{entity}.csv", encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file)
                first = (reader.fieldnames or [""])[0]
                self.tables[entity] = {row[first]: row for row in reader}
        return self.tables[entity].get(key, {}).get(column)

    def violation(self, obligation: str, keys: list[str]) -> str:
        """`listed` when a line of the violations names the obligation and every part of the row's key."""
        with open(self.folder / "violations.csv", encoding="utf-8-sig", newline="") as file:
            for line in csv.reader(file):
                words = set(re.split(r"[\s,;/|()\[\]]+", " ".join(line)))
                if obligation in words and all(key in words for key in keys):
                    return "listed"
        return "not listed"


def find(document: dict, files: Files, path: str) -> object:
    """The answer at a path of the document, or in the files for `rows.ENTITY.KEY.COLUMN` and `violations.NAME.KEY…`."""
    parts = path.split(".")
    if parts[0] == "rows" and len(parts) == 4:
        return files.cell(*parts[1:])
    if parts[0] == "violations":
        return files.violation(parts[1], parts[2:])
    here: object = document
    for part in re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", path):
        name, bracket, filters = part.partition("[")
        here = here.get(name) if isinstance(here, dict) else None
        if bracket:
            wanted = [f.split("=", 1) for f in filters.rstrip("]").split(",") if f]
            entries = [e for e in here or [] if all(str(e.get(k)) == v for k, v in wanted)]
            here = entries[0] if len(entries) == 1 else f"{len(entries)} entries"
    return here


def same(got: object, value: str | None) -> bool:
    if got is None or value is None:
        return got == value or (got in (None, "") and value in (None, ""))
    left, right = number(str(got)), number(value)
    return left == right if left is not None and right is not None else str(got) == value


def number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


if __name__ == "__main__":
    sys.exit(main())
