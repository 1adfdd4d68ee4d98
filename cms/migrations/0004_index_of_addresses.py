"""An index on the addresses of pages: every request looks for one, and Wagtail has none because it walks the tree."""

from django.db import migrations

INDEX = "cms_page_url_path"


def add(apps, schema_editor):
    """Only equality is asked; a hash in PostgreSQL has no longest address."""
    how = "USING hash (url_path)" if schema_editor.connection.vendor == "postgresql" else "(url_path)"
    schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON wagtailcore_page {how}")


def remove(apps, schema_editor):
    schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("cms", "0003_throttlebucket"), ("wagtailcore", "0094_alter_page_locale")]
    operations = [migrations.RunPython(add, remove)]
