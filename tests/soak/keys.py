"""An Elasticsearch that can make and check API keys: the server of Maven Central with the small extension it lacks."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from tests.soak.clusters import ROOT

COMPILER = "org.eclipse.jdt:ecj:3.40.0"  # runs on any Java of 17 or newer, so that no JDK is needed
EXTENSION = Path(__file__).parent / "elasticsearch_analysis"
USER, PASSWORD = "administrator", "secret-of-a-test"
ROUNDS = 10_000


def home_with_keys(folder: Path) -> Path:
    """Copy the fetched server, add the extension and one administrator to the copy, and return its folder."""
    script = '. .ci/elasticsearch.sh; fetch_elasticsearch; echo "$ES_HOME"'
    said = subprocess.run(["bash", "-c", script], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    fetched = Path(said.splitlines()[-1])
    home = Path(shutil.copytree(fetched, folder / "home", symlinks=True))
    add_extension(home, folder / "build", version=fetched.name.removeprefix("elasticsearch-"))
    add_user(home / "config")
    subprocess.run(["chmod", "-R", "a+rX", str(home / "plugins"), str(home / "config")], check=True)
    return home


def add_extension(home: Path, build: Path, *, version: str) -> None:
    """Compile the extension against the server's own classes and put it among the plugins."""
    fetch = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={COMPILER}", f"-DoutputDirectory={build}"]
    subprocess.run(fetch, check=True, capture_output=True)
    classes = ":".join(map(str, home.glob("lib/*.jar")))
    command = ["java", "-jar", str(next(build.glob("ecj-*.jar"))), "-17", "-cp", classes, "-d", str(build / "out")]
    subprocess.run([*command, str(EXTENSION / "TextTools.java")], check=True)
    plugin = home / "plugins" / "text-tools"
    plugin.mkdir(parents=True)
    with zipfile.ZipFile(plugin / "text-tools.jar", "w") as jar:
        for file in (build / "out").glob("*.class"):
            jar.write(file, file.name)
    facts = {"name": "text-tools", "description": "parts of analysis-common", "version": "1", "java.version": "21"}
    facts |= {"classname": "TextTools", "elasticsearch.version": version}
    lines = "".join(f"{key}={value}\n" for key, value in facts.items())
    (plugin / "plugin-descriptor.properties").write_text(lines)


def add_user(config: Path) -> None:
    """Write one administrator into the files of users."""
    salt = os.urandom(32)
    made = hashlib.pbkdf2_hmac("sha512", PASSWORD.encode(), salt, ROUNDS, 32)
    hashed = f"{{PBKDF2}}{ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(made).decode()}"
    for name, line in (("users", f"{USER}:{hashed}\n"), ("users_roles", f"superuser:{USER}\n")):
        (config / name).write_text(line)
