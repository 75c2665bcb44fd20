"""Installs the kit on a machine without internet; it lies in the kit as install.py, and needs nothing but Python.

    install.sh [FOLDER]        install.cmd [FOLDER]

FOLDER: where the toolkit goes, `supervision` beside this file where none is given. Nothing is installed unless every file
of the kit is as it was packed. Installed again, over an older version: files that were changed here are kept, and the
kit's own lies beside them as NAME.new; outputs and keys are not touched.
"""

import hashlib
import json
import locale
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

KIT = Path(__file__).resolve().parent
SUMS, LOCK, ABOUT, PROJECT = "SHA256SUMS", "requirements.lock", "kit.json", "project.zip"
PACKED = ".packed.json"  # in the folder installed to: the hashes of the files as they were packed
REPLACED = "toolkit/"  # the code: replaced whole, so that no module of an older version stays
LONGEST_PATH = 259  # on Windows


class Refused(Exception):
    """What keeps the kit from being installed, and what to do."""


def install(kit, folder):
    """Check, unpack, install, look: every step says what it does."""
    about = json.loads((kit / ABOUT).read_text(encoding="utf-8"))
    say("1/5 校验文件")
    refuse(list_damage(kit), "安装包不完整，请重新拷贝一份：")
    refuse(list(list_obstacles(folder, about, describe_python())), "不能安装：")
    say(f"2/5 解开到 {folder}")
    kept = unpack(kit / PROJECT, folder)
    say("3/5 建立Python环境")
    python = make_environment(folder / ".venv")
    say("4/5 安装各个包，要几分钟")
    install_packages(python, kit, folder)
    say("5/5 检查这台机器")
    run([python, "-m", "toolkit", "doctor"], cwd=folder, check=False)
    for name in kept:
        say(f"{name} 在本机改过，保留不动；新版放在旁边：{name}.new")
    say(
        f"装好了。命令在 {python.parent}，例如 toolkit demo、toolkit lab；用法见 {folder / 'README.zh-CN.md'}"
    )


def say(text):
    """At once, before what the step itself says."""
    print(text, flush=True)


# --- before anything is written --------------------------------------------------------------------


def refuse(wrong, heading):
    if wrong:
        raise Refused("\n".join([heading, *("  " + line for line in wrong)]))


def list_damage(kit):
    """The files that are missing, or not as they were packed."""
    wrong = []
    for line in (kit / SUMS).read_text(encoding="utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        if not (kit / name).is_file():
            wrong.append(f"{name}：缺失")
        elif hash_file(kit / name) != expected:
            wrong.append(f"{name}：内容不对")
    return wrong


def describe_python():
    """This Python: its version, its system, the length its paths may have, and the encoding of its path files."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    longest = LONGEST_PATH if os.name == "nt" else None
    return version, sysconfig.get_platform(), longest, locale.getpreferredencoding(False)


def list_obstacles(folder, about, python):
    """Why this Python, or this folder, will not do."""
    version, system, longest, encoding = python
    if version not in about["pythons"]:
        yield f"需要64位的Python {'或'.join(about['pythons'])}，现在是{version}：请先安装（Windows安装时勾选“Add to PATH”）"
    if system not in about["systems"]:
        yield f"这个安装包用于{'、'.join(about['systems'])}，这台机器的Python是{system}：请换用对应的安装包或64位的Python"
    needed = len(str(folder)) + about["longest"]
    if longest and needed > longest:
        yield f"文件夹的路径太长（装好后最长{needed}个字符，Windows最多{longest}）：请换一个短的，如 D:\\12345"
    if not can_encode(str(folder), encoding):
        yield f"文件夹名里有这台机器的编码（{encoding}）写不出的字：请换用英文字母的文件夹，如 D:\\12345"
    if folder.is_dir() and any(folder.iterdir()) and not (folder / PACKED).is_file():
        yield f"{folder} 里已有别的文件：请换一个空的或新的文件夹"


def can_encode(text, encoding):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


# --- the project's folder --------------------------------------------------------------------------


def unpack(archive, folder):
    """Lay the project out; gives the files changed here since they were unpacked, which are kept."""
    before = read_packed(folder)
    shutil.rmtree(folder / REPLACED, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    packed, kept = {}, []
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            content = files.read(name)
            packed[name] = hashlib.sha256(content).hexdigest()
            if is_changed(folder / name, before.get(name), packed[name]):
                kept.append(name)
            write(folder / (f"{name}.new" if name in kept else name), content)
    write(folder / PACKED, json.dumps(packed, ensure_ascii=False, indent=1).encode("utf-8"))
    return kept


def read_packed(folder):
    """Name → hash of the files as an earlier kit packed them."""
    path = folder / PACKED
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def is_changed(path, was_packed, is_packed):
    """Whether a file is there that is neither as it was packed nor as it is packed now."""
    return path.is_file() and hash_file(path) not in (was_packed, is_packed)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def hash_file(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- Python and its packages -----------------------------------------------------------------------


def make_environment(folder):
    """An environment of its own, made anew; without ensurepip, which some systems leave out. Gives its Python."""
    run([sys.executable, "-m", "venv", "--clear", "--without-pip", folder])
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install_packages(python, kit, folder):
    """The locked packages from the kit's own files alone, then the project in the folder where it lies."""
    wheels = kit / "wheels"
    pip = next(wheels.glob("pip-*.whl")) / "pip"  # which runs from its wheel
    offline = ["--quiet", "--no-index", "--no-warn-script-location", "--find-links", wheels]
    run([python, pip, "install", *offline, "--only-binary=:all:", "--require-hashes", "-r", kit / LOCK])
    own = ["--no-deps", "--no-build-isolation", "--editable", folder]
    run([python, "-m", "pip", "install", *offline, *own])


def run(command, cwd=KIT, check=True):
    """Run it apart from the settings a person has for Python and pip, which may point to a network."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    environ["PIP_CONFIG_FILE"], environ["PIP_DISABLE_PIP_VERSION_CHECK"] = os.devnull, "1"
    done = subprocess.run([str(part) for part in command], cwd=str(cwd), env=environ)
    if check and done.returncode:
        raise Refused(f"这一步没有成功（代码{done.returncode}），原因见上面几行")


def main(words):
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a console that cannot show Chinese shows question marks
    try:
        install(KIT, Path(words[0]).resolve() if words else KIT / "supervision")
    except (Refused, OSError) as error:
        say(error)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
