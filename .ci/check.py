"""Runs every check that needs no server, tells how long each took, and fails when one failed."""

import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
SAFE = {  # a production environment that is made up but safe
    "DJANGO_SETTINGS_MODULE": "cms.settings.production",
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": "www.kgi.example",
    "SITE_URL": "https://www.kgi.example",
    "DATABASE_URL": "postgresql://kgi:kgi@127.0.0.1/kgi",
    "EMAIL_URL": "smtp+tls://user:password@mail.kgi.example:587",
    "DEFAULT_FROM_EMAIL": "info@kgi.example",
    "SECURITY_CONTACT": "mailto:security@kgi.example",
}
TESTING = {"DJANGO_SETTINGS_MODULE": "cms.settings.test"}
CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "style": ([PYTHON, "-m", "ruff", "check", "."], {}),
    "format": ([PYTHON, "-m", "ruff", "format", "--check", "."], {}),
    "imports": (["lint-imports"], TESTING),
    "templates": ([PYTHON, ".ci/templates.py"], TESTING),
    "template style": (["djlint", "--lint", "--quiet", "cms", "home", "knowledge", "search", "trainings"], {}),
    "migrations": ([PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"], TESTING),
    "translations": ([PYTHON, ".ci/messages.py", "--check"], TESTING),
    "production": ([PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"], SAFE),
    "types": ([PYTHON, "-m", "mypy"], TESTING),
}


def main(wanted: list[str]) -> int:
    """Run the wanted checks (all without arguments), every one even after a failure."""
    failed = [name for name in CHECKS if name in (wanted or CHECKS) and not passes(name)]
    print(f"\n{'All checks passed.' if not failed else 'Failed: ' + ', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str) -> bool:
    """Run one check; what it says is shown only when it fails."""
    command, environment = CHECKS[name]
    began = time.monotonic()
    clean = {key: value for key, value in os.environ.items() if key not in SAFE and key != "DEBUG"}
    result = subprocess.run(command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, check=False)
    is_ok = result.returncode == 0
    print(f"{'ok  ' if is_ok else 'FAIL'} {name} ({time.monotonic() - began:.0f} s)", flush=True)
    if not is_ok:
        print((result.stdout + result.stderr).strip(), flush=True)
    return is_ok


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
