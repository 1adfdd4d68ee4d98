"""Demo content: texts and facts in files, loaded by `manage.py demo load`."""
