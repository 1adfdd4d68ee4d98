"""A process that compiles the catalogues speaks the new ones at once: a first start loads the demo with them."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import sys
from pathlib import Path
import django
from django.conf import settings
settings.LOCALE_PATHS = [sys.argv[1]]
django.setup()
from django.utils import translation
from django.utils.translation import gettext
from cms.catalogues import compile_changed
with translation.override("de"):
    before = gettext("Word that only this test knows")
    compile_changed(Path(sys.argv[1]))
    print(before, "|", gettext("Word that only this test knows"))
"""


def test_catalogues_are_read_anew_after_compiling(tmp_path: Path) -> None:
    folder = tmp_path / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (folder / "django.po").write_text(f'{header}msgid "Word that only this test knows"\nmsgstr "Neues Wort"\n')

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "cms.settings.test",
            "DATA_DIR": str(settings.DATA_DIR),
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == "Word that only this test knows | Neues Wort"
