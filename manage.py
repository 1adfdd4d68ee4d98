#!/usr/bin/env python
"""Django's command line for this project; `make run` uses cms.settings.local."""

import gc
import os
import sys

# New objects between two looks for garbage. While everything is loaded there is none, and looking for it takes a tenth of
# a start: web server and worker do without until they are loaded (`cms.serving.loaded`).
CALM, LOADING = 50_000, 1_000_000
# Of the processes that this one starts: the C library gives each thread a heap of its own, and what one thread frees no
# other one uses (13 % of the memory of web server and worker beside a busy day).
FEW_HEAPS = "2"

if __name__ == "__main__":
    gc.set_threshold(LOADING if sys.argv[1:2] in (["serve"], ["worker"]) else CALM)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.local")
    os.environ.setdefault("MALLOC_ARENA_MAX", FEW_HEAPS)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
