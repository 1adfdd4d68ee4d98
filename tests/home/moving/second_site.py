"""A second site with an empty database of its own, driven by commands as an operator would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from tests import migrated

ROOT = Path(__file__).resolve().parents[3]
BOOTSTRAP = """
import django; django.setup()
from home.services.bootstrap import bootstrap
bootstrap(with_register=False, say=lambda text: None)
"""


class SecondSite:
    """A site in a folder, on SQLite unless a database is named."""

    def __init__(self, folder: Path, database: str = "") -> None:
        folder.mkdir()
        clean = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "PORT")}
        self.env = {
            **clean,
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "cms.settings.local",
            "PYTHONPATH": str(ROOT),
            **({"DATABASE_URL": database} if database else {}),
        }
        self.database = folder / "db.sqlite3"
        if not database and (copy := migrated.kept_copy(settings.DATA_DIR)).exists():
            migrated.copy_database(copy, self.database)
        else:
            self.python("manage.py", "migrate", "--verbosity=0")
        self.python("-c", BOOTSTRAP)

    def python(self, *arguments: str) -> str:
        """Run Python in this site to its end and return what it said."""
        done = subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start Python in this site; its words can be read line by line."""
        command = [sys.executable, "-u", *arguments]
        return subprocess.Popen(
            command, cwd=ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def snapshot(self) -> Any:
        """Return all that a visitor can see."""
        return json.loads(self.python("-m", "tests.home.moving.snapshots"))
