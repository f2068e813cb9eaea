"""Runs what a repository of rules runs in its CI: the steps of action.yml, the jobs of .ci/gitlab.yml, the pre-commit hooks, and what
docs/ci.md shows, on rules in order and on faulty ones, in a scratch repository, with the given binary on the path and without a network.

    python3 tests/ci/workflows.py BINARY

The files themselves are held against the schemas of GitHub, GitLab and pre-commit.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml
from lxml import etree

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.executable).parent
RULES = """policy "Tiny" {
  currency USD
  as of 2026-06-30
}

entity account from "accounts.csv" {
  id      : text key
  revenue : money
}

## Who is looked after by whom.
tiers abc "Class" for account {
  A "Key"  when revenue >= $1M
  C "Rest" otherwise
}

test "a big account is key" {
  account { revenue = $1M }
  expect abc = A
}

test "a small account is not" {
  account { revenue = $999_999.99 }
  expect abc = C
}
"""
GOOD = {"policy.kam": RULES, "accounts.csv": "id,revenue\n1,10\n"}
# Wrong, and in need of formatting.
FAULTY = GOOD | {"policy.kam": RULES.replace("when revenue", "when   revenu")}
FAILING = GOOD | {"policy.kam": RULES.replace("expect abc = C", "expect abc = A")}
UNFORMATTED = GOOD | {"policy.kam": RULES.replace("when revenue", "when   revenue")}
# A tab is a warning.
WARNED = GOOD | {"policy.kam": RULES.replace("  currency", "\tcurrency")}


def main(binary):
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        (scratch / "bin").mkdir()
        shutil.copy(binary, scratch / "bin/kamrules")
        path = f"{scratch / 'bin'}{os.pathsep}{TOOLS}{os.pathsep}{os.environ['PATH']}"
        world = World(scratch, dict(os.environ, PATH=path, PRE_COMMIT_HOME=str(scratch / "pre-commit")))
        schemas(world)
        action(world)
        version(world)
        gitlab(world)
        hooks(world)
        page(world)
    print(f"{world.steps} steps ran as they should")


class World:
    """A place to run in, and a count of what was run."""

    def __init__(self, scratch, environment):
        self.scratch, self.environment, self.steps = scratch, environment, 0

    def repository(self, files):
        """A git repository of its own with these files in a commit."""
        folder = Path(tempfile.mkdtemp(dir=self.scratch))
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "Rules"]):
            subprocess.run(["git", *command], cwd=folder, check=True)
        return folder

    def run(self, folder, command, **environment):
        done = subprocess.run(command, cwd=folder, env=self.environment | environment, capture_output=True, text=True, encoding="utf-8")
        self.steps += 1
        return done.returncode, done.stdout + done.stderr


def wants(what, is_so, shown=""):
    if not is_so:
        sys.exit(f"not so: {what}\n{shown}")


def schemas(world):
    """The files of this repository, and the snippets of the page, are what GitHub, GitLab and pre-commit read."""
    shown = snippets()
    files = [("vendor.github-actions", ROOT / "action.yml"), ("vendor.gitlab-ci", ROOT / ".ci/gitlab.yml")]
    for schema, name in (("vendor.github-workflows", ".github/workflows/kamrules.yml"), ("vendor.gitlab-ci", ".gitlab-ci.yml")):
        path = world.scratch / Path(name).name
        path.write_text(shown[name], encoding="utf-8")
        files.append((schema, path))
    for schema, path in files:
        status, text = world.run(world.scratch, ["check-jsonschema", "--builtin-schema", schema, str(path)])
        wants(f"{path.name} is valid", status == 0, text)
    config = world.scratch / ".pre-commit-config.yaml"
    config.write_text(shown[config.name], encoding="utf-8")
    for command, path in (("validate-manifest", ROOT / ".pre-commit-hooks.yaml"), ("validate-config", config)):
        status, text = world.run(world.scratch, ["pre-commit", command, str(path)])
        wants(f"{path.name} is valid", status == 0, text)


def snippets():
    """The blocks of docs/ci.md that name a file."""
    page = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
    return {name: text for name, text in re.findall(r"^```\w+ (\S+)\n((?:.*\n)*?)```$", page, re.M)}


def action(world):
    manifest = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

    def use(files, **given):
        """Runs the steps as GitHub does: how they end, what is in the log, the outputs, the repository."""
        folder = world.repository(files)
        inputs = {name: one["default"] for name, one in manifest["inputs"].items()} | given
        output, log, status = folder / ".github-output", "", 0
        output.touch()

        def filled(text):
            return re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: inputs[found[1]], text)

        for step in manifest["runs"]["steps"]:
            wants("a step is run by bash", step["shell"] == "bash")
            if "if" in step:
                name, value = re.fullmatch(r"inputs\.([a-z-]+) == '(.*)'", step["if"]).groups()
                if inputs[name] != value:
                    continue
            settings = {name: filled(value) for name, value in step.get("env", {}).items()}
            wants("nothing is put into a script before it is run", "${{" not in step["run"] + "".join(settings.values()))
            status, text = world.run(
                folder,
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                GITHUB_ACTION_PATH=str(ROOT),
                GITHUB_OUTPUT=str(output),
                **settings,
            )
            log += text
            if status:
                break
        return status, log, dict(line.split("=", 1) for line in output.read_text().splitlines()), folder

    status, log, outputs, _ = use(GOOD)
    wants("good rules pass", status == 0 and outputs == {} and "2 of 2 tests passed" in log and "::error" not in log, log)
    status, log, outputs, folder = use(FAULTY, sarif="kamrules.sarif")
    wants("faulty rules fail, and say where", status == 1 and "::error file=policy.kam,line=13," in log, log)
    wants("the SARIF file is told", manifest["outputs"]["sarif"]["value"] == "${{ steps.check.outputs.sarif }}" and outputs == {"sarif": "kamrules.sarif"}, log)
    wants("and is there", json.loads((folder / "kamrules.sarif").read_text())["runs"][0]["results"][0]["level"] == "error")
    wants("no test of faulty rules is run", "tests passed" not in log, log)
    status, log, _, _ = use(FAULTY, path="nowhere")
    wants("what is not there cannot be checked", status == 2 and "::error title=K0901" in log, log)
    status, log, _, _ = use(FAILING)
    wants("a failing test fails", status == 1 and "::error file=policy.kam" in log and "K0801" in log and "1 of 2 tests passed" in log, log)
    status, log, _, _ = use(FAILING, test="false")
    wants("unless tests are not run", status == 0 and "tests passed" not in log, log)
    status, log, _, _ = use(WARNED)
    wants("a warning fails", status == 1 and "::error" in log, log)
    status, log, _, _ = use(WARNED, **{"deny-warnings": "false"})
    wants("unless it may not", status == 0 and "::warning" in log, log)
    status, log, _, _ = use(WARNED, args="--allow tab --warn overlap")
    wants("or is allowed", status == 0 and "::warning" not in log, log)
    status, log, _, _ = use({f"rules of $(touch x)/{name}": text for name, text in FAULTY.items()}, path="rules of $(touch x)", format="human")
    wants("a path is a path", status == 1 and "rules of $(touch x)/policy.kam:13" in log, log)


def version(world):
    """The wrapper takes the kamrules on the path only if it is of this version; without cargo it says what is missing."""
    folder = Path(tempfile.mkdtemp(dir=world.scratch))
    (folder / "kamrules").write_text("#!/bin/sh\necho kamrules 0.0.0\n")
    (folder / "kamrules").chmod(0o755)
    for tool in ("bash", "sed", "dirname"):
        (folder / tool).symlink_to(shutil.which(tool))
    status, text = world.run(folder, [str(ROOT / ".ci/kamrules"), "--version"], PATH=str(folder))
    wants("another version is not taken", status == 2 and "there is no cargo to build it" in text, text)


def gitlab(world):
    template = yaml.safe_load((ROOT / ".ci/gitlab.yml").read_text(encoding="utf-8"))

    def use(files, job, **given):
        """Runs a job as GitLab does: how it ends, what is in the log, the reports by kind."""
        folder = world.repository(files)
        told = template[template[job]["extends"]] | template[job]
        variables = {name: one["value"] for name, one in template["variables"].items()} | given
        script = "set -eo pipefail\n" + "\n".join(told["before_script"] + told["script"])
        status, log = world.run(folder, ["bash", "-c", script], CI_PROJECT_DIR=str(folder), **variables)
        wants("reports are kept of a job that fails", told["artifacts"]["when"] == "always")
        return status, log, {kind: (folder / name).read_text(encoding="utf-8") for kind, name in told["artifacts"]["reports"].items()}

    def failures(report):
        return int(etree.fromstring(report.encode()).get("failures"))

    status, log, reports = use(GOOD, "kamrules-check")
    wants("good rules pass", status == 0 and failures(reports["junit"]) == 0 and "no errors" in log, log)
    status, log, reports = use(FAULTY, "kamrules-check")
    wants("faulty rules fail", status == 1 and failures(reports["junit"]) == 1 and "policy.kam:13" in log, log)
    wants("and their reports say where", json.loads(reports["codequality"])[0]["location"]["path"] == "policy.kam")
    status, log, reports = use(WARNED, "kamrules-check")
    wants("a warning fails", status == 1 and failures(reports["junit"]) == 1, log)
    status, log, reports = use(WARNED, "kamrules-check", KAMRULES_OPTIONS="")
    wants("unless it may not", status == 0 and failures(reports["junit"]) == 0, log)
    status, log, reports = use(GOOD, "kamrules-test")
    wants("good tests pass", status == 0 and failures(reports["junit"]) == 0 and "2 of 2 tests passed" in log, log)
    status, log, reports = use(FAILING, "kamrules-test")
    wants("a failing test fails", status == 1 and failures(reports["junit"]) == 1 and "1 of 2 tests passed" in log, log)
    included = yaml.safe_load(snippets()[".gitlab-ci.yml"])["include"]
    wants("the page includes the template", any(one["remote"].endswith("/.ci/gitlab.yml") for one in included), included)


def hooks(world):
    """The hooks as they are, but run from this checkout and not from a clone of it."""
    manifest = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    known = {hook["id"] for hook in manifest}
    used = {hook["id"] for repo in yaml.safe_load(snippets()[".pre-commit-config.yaml"])["repos"] for hook in repo["hooks"]}
    wants("the page uses hooks that are there", used and used <= known, used)
    local = [hook | {"language": "system", "entry": f"{ROOT}/{hook['entry']}"} for hook in manifest]
    wants("each hook runs a script of this repository", all(hook["language"] == "script" and (ROOT / hook["entry"].split()[0]).exists() for hook in manifest))

    def use(files, hook):
        folder = world.repository(files | {".pre-commit-config.yaml": yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]})})
        status, text = world.run(folder, ["pre-commit", "run", "--all-files", "--verbose", hook])
        return status, text, folder

    for hook in sorted(known):
        status, text, _ = use(GOOD, hook)
        wants(f"good rules pass {hook}", status == 0 and "Passed" in text, text)
    status, text, _ = use(FAULTY, "kamrules-check")
    wants("faulty rules fail", status == 1 and "policy.kam:13" in text, text)
    status, text, _ = use(WARNED, "kamrules-check")
    wants("a warning fails", status == 1 and "warnings are denied" in text, text)
    status, text, _ = use(FAILING, "kamrules-test")
    wants("a failing test fails", status == 1 and "1 of 2 tests passed" in text, text)
    status, text, folder = use(UNFORMATTED, "kamrules-fmt")
    wants("unformatted rules are formatted", status == 1 and "files were modified" in text, text)
    wants("as they should be", (folder / "policy.kam").read_text(encoding="utf-8") == RULES)


def page(world):
    """The shell script that the page gives for any other CI does what it says."""
    script = snippets()["ci.sh"]
    for files, wanted in ((GOOD, 0), (UNFORMATTED, 1), (FAULTY, 1), (WARNED, 1), (FAILING, 1)):
        status, text = world.run(world.repository(files), ["bash", "-c", script])
        wants(f"the script ends with {wanted}", status == wanted, text)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
