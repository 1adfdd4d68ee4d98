"""Encrypts how to get into online sessions, also what stands there already."""

from typing import Any

import django.core.validators
from django.db import migrations
from django.db.models import TextField, Value
from django.db.models.functions import Cast

import cms.fields

NAMES = ("join_url", "dial_in")


def encrypt(apps: Any, _editor: Any) -> None:
    """Write each plain text again through the field, which encrypts."""
    model = apps.get_model("trainings", "OnlineAccess")
    plain = {f"plain_{name}": Cast(name, TextField()) for name in NAMES}
    for row in model.objects.annotate(**plain):
        model.objects.filter(pk=row.pk).update(**{name: getattr(row, f"plain_{name}") for name in NAMES})


def decrypt(apps: Any, _editor: Any) -> None:
    """Write each text as it is, past the field."""
    model = apps.get_model("trainings", "OnlineAccess")
    for row in model.objects.all():
        plain = {name: Value(getattr(row, name), output_field=TextField()) for name in NAMES}
        model.objects.filter(pk=row.pk).update(**plain)


class Migration(migrations.Migration):
    dependencies = [("trainings", "0002_registration")]

    operations = [
        migrations.AlterField(
            model_name="onlineaccess",
            name="dial_in",
            field=cms.fields.EncryptedTextField(blank=True, max_length=200, verbose_name="telephone and code"),
        ),
        migrations.AlterField(
            model_name="onlineaccess",
            name="join_url",
            field=cms.fields.EncryptedTextField(
                max_length=500, validators=[django.core.validators.URLValidator()], verbose_name="address of the meeting"
            ),
        ),
        migrations.RunPython(encrypt, decrypt),
    ]
