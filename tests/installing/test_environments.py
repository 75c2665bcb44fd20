"""The files that set environments up: the services' own, pre-commit's, what they install."""

import re
import shutil
import subprocess

import pytest
import yaml

from toolkit.settings import PROJECT

SERVICES = [".github/workflows/test.yml", ".gitea/workflows/test.yml", ".gitlab-ci.yml"]


def read(name):
    return yaml.safe_load((PROJECT / name).read_text(encoding="utf-8"))


def list_scripts(name):
    """Job → the commands it runs, one after another."""
    content = read(name)
    if "jobs" in content:
        return {
            job: [step["run"] for step in said["steps"] if "run" in step]
            for job, said in content["jobs"].items()
        }
    first = content["default"]["before_script"]
    return {job: [*first, *said["script"]] for job, said in content.items() if job != "default"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_installs_what_the_tests_need_and_runs_newest_and_lowest(name):
    scripts = list_scripts(name)
    assert scripts["newest"] == ["bash .ci/packages", "make report", "make test", "make lint"]
    assert scripts["lowest"] == ["bash .ci/packages", "make test-lowest"]


def test_what_a_service_runs_is_a_target_of_the_makefile():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([\w-]+):", makefile, re.MULTILINE))
    run = " ".join(line for name in SERVICES for lines in list_scripts(name).values() for line in lines)
    assert set(re.findall(r"make ([\w-]+)", run)) <= targets


def test_the_lowest_versions_are_tested_with_every_folder_that_is_named():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    few = re.search(r"^FEW := (.+)$", makefile, re.MULTILINE)[1].split()
    assert [place for place in few if not list(PROJECT.glob(place))] == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash on this system")
@pytest.mark.parametrize("name", [".ci/run", ".ci/packages"])
def test_scripts_are_valid_shell(name):
    subprocess.run(["bash", "-n", PROJECT / name], check=True)


def test_hooks_before_a_commit_are_local_and_need_no_network():
    repos = read(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    assert {hook["language"] for hook in repos[0]["hooks"]} == {"system"}


def test_the_conda_environment_is_one_that_conda_can_read():
    environment = read("environment.yml")
    assert set(environment) == {"name", "channels", "dependencies"}
    assert environment["channels"] == ["conda-forge"]
    assert all(isinstance(entry, (str, dict)) for entry in environment["dependencies"])
