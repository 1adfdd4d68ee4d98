"""Brings an installation up to date before it serves: each step runs only when what it depends on has changed."""

from __future__ import annotations

import compileall
import datetime as dt
import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from py_compile import PycInvalidationMode

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from cms import catalogues, staticfiles

Say = Callable[[str], object]
_registered: list[Callable[[Say], object]] = []


def everything(say: Say, *, demo: bool) -> None:
    """Catalogues, database, basic content, demo (when wanted) and static files, in the order they need each other."""
    compile_own_code()
    _catalogues(say)
    is_new = _migrate(say)
    _bootstrap(say, is_new=is_new)
    if demo:
        _demo(say, is_new=is_new)
    for ensure in _registered:
        ensure(say)
    _static(say)


def compile_own_code() -> None:
    """Compile changed modules of our own, even where Python is told to write no bytecode: each process starts on it.

    A folder that cannot be written to (another user's) stays as it is.
    """
    for app in staticfiles.OWN_APPS:
        compileall.compile_dir(settings.BASE_DIR / app, quiet=2, invalidation_mode=PycInvalidationMode.TIMESTAMP)


def register(ensure: Callable[[Say], object]) -> None:
    """Add what an app brings up to date before the site serves; it looks by itself whether anything is to do."""
    if ensure not in _registered:
        _registered.append(ensure)


def _catalogues(say: Say) -> None:
    if changed := catalogues.compile_changed():
        say(f"Compiled {len(changed)} translation catalogues.")


def _migrate(say: Say) -> bool:
    """Apply what is missing and return whether the database was empty before."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    is_new = not executor.loader.applied_migrations
    if plan:
        with step(say, f"Bringing the database up to date ({len(plan)} migrations, about {len(plan) // 15 + 1} s)"):
            call_command("migrate", interactive=False, verbosity=0)
    connection.close()
    return is_new


def _bootstrap(say: Say, *, is_new: bool) -> None:
    fingerprint = digest(_own_files("management/commands/*.py", "*.py", "models/*.py", "demo/*.py"), _database_name())
    with when_changed("bootstrap", fingerprint, anyway=is_new) as is_due:
        if is_due:
            with step(say, "Setting up pages, groups and the first login"):
                call_command("bootstrap", verbosity=0)


def _demo(say: Say, *, is_new: bool) -> None:
    """Load the demo when it has changed, and in each new week: its dates move on with the Monday."""
    fingerprint = digest(_own_files("demo/**/*"), _database_name(), _monday())
    with when_changed("demo", fingerprint, anyway=is_new) as is_due:
        if is_due:
            with step(say, "Loading the demo content with its pictures; what editors changed stays theirs"):
                _apart("demo", "load")


def _apart(*command: str) -> None:
    """Run one of our commands in a process that ends with it: this one stays for as long as the site, and small.

    Raises CommandError when it fails; it has said why.
    """
    done = subprocess.run([sys.executable, str(settings.BASE_DIR / "manage.py"), *command], check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise CommandError(f"“manage.py {' '.join(command)}” has failed, see above. Start again once that is mended.")


def _static(say: Say) -> None:
    versions = (f"{package.name} {package.version}" for package in metadata.distributions())
    own = (file for folder in staticfiles.own_folders() for file in folder.rglob("*") if file.is_file())
    fingerprint = digest([*own, Path(staticfiles.__file__)], *sorted(set(versions)))
    is_missing = not (Path(settings.STATIC_ROOT) / "staticfiles.json").exists()
    with when_changed("static", fingerprint, anyway=is_missing) as is_due:
        if is_due:
            with step(say, "Collecting and compressing static files"):
                call_command("collectstatic", interactive=False, clear=True, verbosity=0)


@contextmanager
def step(say: Say, what: str) -> Iterator[None]:
    """Say what is being done before it is done, and how long it took."""
    say(f"{what} …")
    began = time.monotonic()
    yield
    say(f"   done in {time.monotonic() - began:.1f} s")


@contextmanager
def when_changed(name: str, fingerprint: str, *, anyway: bool = False) -> Iterator[bool]:
    """Tell whether the fingerprint differs from the last success; note it only when no error came in between."""
    stamp = Path(settings.DATA_DIR) / "stamps" / name
    is_due = anyway or not stamp.exists() or stamp.read_text() != fingerprint
    yield is_due
    if is_due:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(fingerprint)


def digest(files: Iterable[Path], *texts: str) -> str:
    """Return a fingerprint of these files (name and content) and texts."""
    found = hashlib.sha256("\n".join(texts).encode())
    for file in sorted(files):
        found.update(str(file).encode() + hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def _own_files(*patterns: str) -> list[Path]:
    root = Path(settings.BASE_DIR)
    found = {file for app in staticfiles.OWN_APPS for pattern in patterns for file in (root / app).glob(pattern)}
    return [file for file in found if file.is_file() and file.suffix != ".pyc"]


def _monday() -> str:
    today = timezone.localdate()
    return (today - dt.timedelta(days=today.weekday())).isoformat()


def _database_name() -> str:
    config = connection.settings_dict
    return f"{config['ENGINE']} {config['HOST']} {config['PORT']} {config['NAME']}"
