"""Notes for each profile that exists when it was last confirmed."""

from django.db import migrations


def note(apps, schema_editor):
    """Make one row for each profile, from the German page where there is one."""
    care = apps.get_model("knowledge", "ProfileCare")
    for name, kind in (("MunicipalityPage", "municipality"), ("ServiceCentrePage", "service_centre")):
        pages = apps.get_model("knowledge", name).objects.order_by("locale__language_code")
        for page in pages.exclude(translation_key__in=care.objects.values("profile_key")):
            confirmed = {"confirmed_on": getattr(page, "confirmed_on", None), "kind": kind, "title": page.title}
            care.objects.get_or_create(profile_key=page.translation_key, defaults=confirmed)


def give_back(apps, schema_editor):
    """Write the dates back to the pages that had them."""
    for row in apps.get_model("knowledge", "ProfileCare").objects.filter(kind="service_centre"):
        pages = apps.get_model("knowledge", "ServiceCentrePage").objects.filter(translation_key=row.profile_key)
        pages.update(confirmed_on=row.confirmed_on)


class Migration(migrations.Migration):

    dependencies = [
        ("knowledge", "0002_care_for_profiles"),
    ]

    operations = [migrations.RunPython(note, give_back)]
