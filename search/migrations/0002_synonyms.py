"""The synonyms that every installation starts with; editors go on from there."""

from django.db import migrations

from search.words import seed_synonyms


def add(apps, schema_editor):
    synonyms = apps.get_model("search", "Synonyms")
    for locale in ("de", "en"):
        synonyms.objects.bulk_create(
            synonyms(locale=locale, words=", ".join(group)) for group in seed_synonyms(locale)
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0001_documents")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
