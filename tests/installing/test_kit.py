"""The kit: a lock that agrees with the project, wheels for each machine, scripts that refuse what is damaged."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from toolkit.installing import install, wheelhouse
from toolkit.installing.lock import LOCK, list_asked, list_disagreements, list_needed, read_lock
from toolkit.installing.wheelhouse import SYSTEMS, mark
from toolkit.settings import PROJECT

SOME = """\
# made by hand
pandas==3.1.0 ; python_full_version < '3.12' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
pandas==3.2.0 ; python_full_version >= '3.12' --hash=sha256:cc
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:dd
soupsieve==4 ; python_full_version >= '3.11.5' --hash=sha256:ee
"""
HOSTS = re.compile(r"://|" + "pypi" + r"|index-url|find-links [^\"]|/" + r"(?:work|root|home|tmp)/")
ABOUT = {"pythons": ["3.11", "3.12"], "systems": ["linux-x86_64", "win-amd64"], "longest": 157}


# --- the lock --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("system", "python", "patch", "needed"),
    [
        ("linux-x86_64", "3.11", "0", ["pandas==3.1.0 --hash=sha256:aa --hash=sha256:bb"]),
        ("linux-x86_64", "3.12", "0", ["pandas==3.2.0 --hash=sha256:cc", "soupsieve==4 --hash=sha256:ee"]),
        (
            *("win-amd64", "3.11", "99"),
            [
                "pandas==3.1.0 --hash=sha256:aa --hash=sha256:bb",
                "colorama==0.4.6 --hash=sha256:dd",
                "soupsieve==4 --hash=sha256:ee",
            ],
        ),
    ],
)
def test_a_machine_needs_what_its_python_and_system_ask_for(system, python, patch, needed):
    assert list_needed(read_lock(SOME), mark(python, patch, SYSTEMS[system][1])) == needed


def test_where_a_lock_is_not_of_the_project_is_told():
    told = list(list_disagreements(list(read_lock(SOME)), ["pandas>=3.1.1", "Colorama>=0.4", "tqdm>=4"]))
    assert told == ["pandas is locked at 3.1.0, asked for is >=3.1.1", "tqdm is not locked"]


def test_the_lock_agrees_with_pyproject_and_every_line_has_a_hash():
    locked = list(read_lock(LOCK.read_text(encoding="utf-8")))
    assert list(list_disagreements(locked, list_asked())) == [], "run make lock"
    assert [one.asked.name for one in locked if "--hash=sha256:" not in one.hashes] == []


def test_neither_the_lock_nor_what_lies_in_the_kit_names_a_registry_or_a_machines_path(small_kit):
    texts = [LOCK, *(small_kit / name for name in ("install.sh", "install.cmd", "README.txt", "kit.json"))]
    texts += [small_kit / "SHA256SUMS"]
    assert [path.name for path in texts if HOSTS.search(path.read_text(encoding="utf-8"))] == []


# --- the kit ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small_kit(tmp_path_factory):
    """A kit as it is packed, with a wheel that holds one long name, in a folder named as people name theirs."""
    folder = tmp_path_factory.mktemp("离线 包")
    (folder / "wheels").mkdir()
    with zipfile.ZipFile(folder / "wheels" / "pip-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("a.data/data/share/" + "x" * 100, "")
    wheelhouse.pack_project(
        folder / "project.zip", ["README.md", "parameters/templates/公文.docx", "toolkit/cli.py"]
    )
    shutil.copyfile(LOCK, folder / LOCK.name)
    wheelhouse.write_scripts(folder, ["3.11", "3.12"], list(SYSTEMS))
    wheelhouse.write_sums(folder)
    return folder


def test_the_kit_packs_what_git_knows_and_what_a_run_needs():
    names = wheelhouse.list_files()
    assert {
        "toolkit/cli.py",
        "notebooks/unit_report.ipynb",
        "parameters/templates/公文.docx",
        "outputs/README.md",
    } <= {*names}
    assert [name for name in names if name.startswith(("tests/", ".keys", "outputs/demo"))] == []


def test_the_same_files_give_the_same_archive(tmp_path):
    for name in ("a.zip", "b.zip"):
        wheelhouse.pack_project(tmp_path / name, ["README.md", "parameters/templates/公文.docx"])
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_checksums_are_those_that_sha256sum_checks(small_kit):
    lines = (small_kit / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    packed = {path.relative_to(small_kit).as_posix() for path in small_kit.rglob("*") if path.is_file()}
    assert {line.split("  ")[1] for line in lines} == packed - {"SHA256SUMS"}
    content = (small_kit / "install.py").read_bytes()
    assert f"{hashlib.sha256(content).hexdigest()}  install.py" in lines


def test_paths_are_measured_as_they_lie_in_the_environment(small_kit):
    assert (
        json.loads((small_kit / "kit.json").read_text(encoding="utf-8"))["longest"]
        == 20 + len("share/") + 100
    )


def test_windows_script_is_plain_ascii_with_windows_line_ends_and_quotes_its_paths(small_kit):
    script = (small_kit / "install.cmd").read_bytes()
    assert script.isascii()
    assert script.count(b"\r\n") == script.count(b"\n") > 10
    text = script.decode()
    assert '"%~dp0install.py" %*' in text
    assert text.count("(") == text.count(")")
    block = text[text.index("if not defined PY (") : text.index(":found") if ":found" in text else None]
    assert "%~dp0" not in block.partition("\r\n)")[0], "a bracket in the folder's name would end the block"
    assert "@" not in text.removeprefix("@echo off"), "a word was not filled in"


def test_the_shell_script_is_valid_and_says_what_is_needed_where_there_is_no_python(small_kit):
    script = small_kit / "install.sh"
    assert b"\r" not in script.read_bytes()
    shell = shutil.which("sh")
    if shell is None:
        pytest.skip("no sh on this system")
    done = subprocess.run(
        [shell, script], env={"PATH": "/nowhere"}, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, "Python 3.11 3.12 is needed" in done.stderr) == (2, True), done


def test_the_readme_says_which_pythons_systems_and_how_long_a_path(small_kit):
    text = (small_kit / "README.txt").read_bytes().decode("utf-8-sig")
    assert "Python 3.11或3.12（用于Linux x86_64（glibc 2.28以上）、Windows 64位）" in text
    assert "最多133个字符" in text
    assert "@" not in text


# --- installing it ---------------------------------------------------------------------------------


def test_a_damaged_kit_installs_nothing_and_names_every_file(small_kit, tmp_path, capfd, monkeypatch):
    kit = shutil.copytree(small_kit, tmp_path / "kit")
    (kit / "project.zip").write_bytes(b"cut")
    (kit / "README.txt").unlink()
    monkeypatch.setattr(install, "KIT", kit)
    assert install.main([str(tmp_path / "here")]) == 2
    said = capfd.readouterr().out
    assert "安装包不完整，请重新拷贝一份：\n  README.txt：缺失\n  project.zip：内容不对" in said
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize(
    ("python", "said"),
    [
        (("3.11", "linux-x86_64", None, "utf-8"), []),
        (("3.10", "linux-x86_64", None, "utf-8"), ["需要64位的Python 3.11或3.12，现在是3.10"]),
        (("3.11", "win32", 259, "cp936"), ["这台机器的Python是win32"]),
        (("3.13", "linux-aarch64", None, "cp1252"), ["现在是3.13", "linux-aarch64", "编码（cp1252）写不出"]),
    ],
)
def test_a_machine_that_will_not_do_is_told_all_at_once(python, said, tmp_path):
    told = list(install.list_obstacles(tmp_path / "督查", ABOUT, python))
    assert len(told) == len(said)
    assert all(words in line for words, line in zip(said, told, strict=True)), told


@pytest.mark.parametrize(("length", "refused"), [(102, False), (103, True)])
def test_a_path_too_long_for_windows_is_told_before_anything_is_written(length, refused):
    folder = Path("/" + "x" * (length - 1))
    told = list(install.list_obstacles(folder, ABOUT, ("3.11", "win-amd64", 259, "cp936")))
    assert [f"装好后最长{length + 157}个字符" in line for line in told] == [True] * refused


def test_a_folder_that_holds_other_files_is_not_touched(tmp_path):
    (tmp_path / "a.txt").touch()
    [told] = install.list_obstacles(tmp_path, ABOUT, ("3.11", "linux-x86_64", None, "utf-8"))
    assert "已有别的文件：请换一个空的或新的文件夹" in told


def pack(path, files):
    with zipfile.ZipFile(path, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return path


def test_a_newer_kit_keeps_what_was_changed_here_and_replaces_the_rest(tmp_path):
    old = {"toolkit/gone.py": "1", "parameters/a.yml": "a", "parameters/b.yml": "b", "notebooks/n.ipynb": "n"}
    new = {"toolkit/come.py": "2", "parameters/a.yml": "A", "parameters/b.yml": "B", "notebooks/n.ipynb": "n"}
    folder = tmp_path / "督查"
    assert install.unpack(pack(tmp_path / "old.zip", old), folder) == []
    (folder / "parameters" / "a.yml").write_text("mine", encoding="utf-8")
    (folder / "parameters" / "ours.yml").write_text("ours", encoding="utf-8")
    assert install.unpack(pack(tmp_path / "new.zip", new), folder) == ["parameters/a.yml"]
    found = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != install.PACKED
    }
    assert found == {
        "toolkit/come.py": "2",
        "parameters/a.yml": "mine",
        "parameters/a.yml.new": "A",
        "parameters/b.yml": "B",
        "parameters/ours.yml": "ours",
        "notebooks/n.ipynb": "n",
    }


def test_what_a_person_has_set_for_python_and_pip_does_not_reach_the_installation(monkeypatch, capfd):
    monkeypatch.setenv("PIP_INDEX_URL", "x")
    monkeypatch.setenv("PYTHONPATH", "y")
    code = "import os; print([n for n in os.environ if n in ('PIP_INDEX_URL', 'PYTHONPATH')], os.environ['PIP_CONFIG_FILE'])"
    install.run([sys.executable, "-c", code], cwd=PROJECT)
    assert capfd.readouterr().out.split()[0] == "[]"
    with pytest.raises(install.Refused, match="没有成功（代码3）"):
        install.run([sys.executable, "-c", "raise SystemExit(3)"], cwd=PROJECT)
