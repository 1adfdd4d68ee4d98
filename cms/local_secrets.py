"""Secrets of an installation on one machine: made up once, kept in the data folder, readable by its owner only."""

import json
import os
import secrets
from pathlib import Path
from typing import TypedDict

WORDS_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Secrets(TypedDict):
    """What `make run` needs to know and nobody else may read."""

    secret_key: str
    admin_password: str


def load(data_dir: Path) -> Secrets:
    """Return the secrets of this data folder and make them up at the first call; two processes get the same ones."""
    path = data_dir / "secrets.json"
    if not path.exists():
        _create(path)
    found: Secrets = json.loads(path.read_text())
    return found


def readable_password() -> str:
    """Return a password of 20 characters in groups of five that can be typed from paper (98 bits)."""
    return "-".join("".join(secrets.choice(WORDS_ALPHABET) for _ in range(5)) for _ in range(4))


def _create(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_up = Secrets(secret_key=secrets.token_urlsafe(64), admin_password=readable_password())
    draft = path.with_name(f".secrets-{os.getpid()}-{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(made_up, file, indent=2)
    try:
        os.link(draft, path)  # fails when another process was faster: its secrets count
    except FileExistsError:
        pass
    finally:
        draft.unlink()
