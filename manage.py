#!/usr/bin/env python
"""Django's command line for this project; `make run` uses cms.settings.local."""

import gc
import os
import sys

# New objects between two looks for garbage: while everything is loaded there is none. A look takes a tenth of a start.
CALM = 50_000

if __name__ == "__main__":
    gc.set_threshold(CALM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.local")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
