"""Finds a suitable Python, makes the environment `.venv` and installs the locked packages into it when they changed.

Knows only the standard library and also runs on old Pythons (2.7, 3.x), so that it can say what is missing.
Usage: preflight.py [dev]
"""

from __future__ import print_function

import sys

sys.path.pop(0)  # the modules beside this file are not meant, whatever the standard library asks for

import hashlib
import os
import shutil
import subprocess
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
OLDEST, NEWEST = (3, 11), (3, 14)
CANDIDATES = ["python3.14", "python3.13", "python3.12", "python3.11", "python3", "python"]
PROBE = "import sys, ensurepip, venv, ssl, sqlite3; sys.exit(0 if {} <= sys.version_info[:2] <= {} else 3)".format(
    OLDEST, NEWEST
)
INSTALL = {
    "Debian/Ubuntu": "sudo apt-get install python3 python3-venv git make",
    "Fedora": "sudo dnf install python3 git make",
    "macOS": "brew install python@3.13 git",
}


def main(wish):
    """Make the environment fit and return an exit code."""
    if shutil_which("git") is None:
        print("Note: git is missing; the site runs without it, updates need it.")
    if not runs(VENV_PYTHON, PROBE):
        python = find_python()
        if python is None:
            return explain()
        make_environment(python)
    for name in ["requirements.lock"] + (["requirements-dev.lock"] if wish == "dev" else []):
        if not install(os.path.join(ROOT, name)):
            return 1
    return 0


def find_python():
    """Return the first Python that is neither too old nor too new and can make environments."""
    return next((name for name in CANDIDATES if runs(name, PROBE)), None)


def runs(python, code):
    """Return whether this Python exists and runs the code without an error."""
    with open(os.devnull, "w") as nowhere:
        try:
            return subprocess.call([python, "-c", code], stdout=nowhere, stderr=nowhere) == 0
        except OSError:
            return False


def explain():
    """Say what was looked for and the one line that installs it on each system."""
    print("This project needs Python {}.{} to {}.{} with its venv module.".format(*(OLDEST + NEWEST)))
    found = [name for name in CANDIDATES if runs(name, "")]
    for name in found:
        version = (
            subprocess.check_output([name, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]).decode().strip()
        )
        fits = runs(name, "import sys; sys.exit(0 if {} <= sys.version_info[:2] <= {} else 1)".format(OLDEST, NEWEST))
        print(
            "  found: {} is {}, {}".format(
                name, version, "but its venv module is missing" if fits else "which does not fit"
            )
        )
    print("Install it with one line:" if found else "No Python was found. Install it with one line:")
    for system in sorted(INSTALL):
        print("  {:14} {}".format(system + ":", INSTALL[system]))
    return 1


def make_environment(python):
    """Make `.venv` anew; whatever was there did not run or was of another Python."""
    if os.path.isdir(VENV):
        print("The environment .venv does not run any more and is made anew.")
        shutil.rmtree(VENV)
    print("Making the environment .venv with {} ...".format(python))
    sys.stdout.flush()
    subprocess.check_call([python, "-m", "venv", VENV])


def install(lock):
    """Install what the lock file names, unless that was done already; return whether all is well."""
    stamp = os.path.join(VENV, ".installed-" + os.path.basename(lock))
    with open(lock, "rb") as file:
        content = file.read()
    wanted = hashlib.sha256(content + VENV.encode()).hexdigest()
    if os.path.exists(stamp) and read(stamp) == wanted:
        return True
    count = content.count(b"==")
    print("Installing {} packages of {} (a minute or two) ...".format(count, os.path.basename(lock)))
    sys.stdout.flush()
    # The lock names everything, so pip need not look for more: with an extra ("coverage[toml]") an old pip takes a newer
    # release than the locked one and then refuses it.
    if not run_pip(["install", "--disable-pip-version-check", "--no-deps", "--require-hashes", "-r", lock], count):
        print("The packages could not be installed; the lines above say why. Is this machine online?")
        return False
    with open(stamp, "w") as file:
        file.write(wanted)
    return True


def run_pip(arguments, count):
    """Run pip, show how far it is, and show all it said when it fails."""
    said, done, began = [], 0, time.time()
    if not runs(VENV_PYTHON, "import pip"):
        subprocess.check_call([VENV_PYTHON, "-m", "ensurepip"])
    command = [VENV_PYTHON, "-m", "pip"] + arguments
    pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    for line in pip.stdout:
        said.append(line)
        if line.startswith(("Collecting ", "Requirement already satisfied")):
            done += 1
            if done % 20 == 0 and done < count:
                print("   {} of {} packages found".format(done, count))
        elif line.startswith("Installing collected packages"):
            print("   unpacking them ...")
        sys.stdout.flush()
    if pip.wait() != 0:
        print("".join(said[-25:]))
        return False
    print("   done in {:.0f} s".format(time.time() - began))
    return True


def read(path):
    """Return what a small file says."""
    with open(path) as file:
        return file.read()


def shutil_which(name):
    """Return the path of a program (Python 2 has no shutil.which)."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    return None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    except KeyboardInterrupt:
        sys.exit(130)
