"""The index that modelsearch speaks of and never makes: without it PostgreSQL reads every entry for each search."""

from django.db import migrations

INDEX = "search_admin_title_body"


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {INDEX} ON wagtailsearch_indexentry USING gin ((title || body))")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("search", "0002_synonyms"), ("wagtailsearch", "0010_add_text_fields")]
    operations = [migrations.RunPython(add, remove)]
