from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0003_note_confirmations"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="servicecentrepage",
            name="confirmed_on",
        ),
    ]
