"""STUB."""

VERSION = 1


def image(motif):
    from io import BytesIO

    from django.core.files.base import ContentFile
    from PIL import Image

    from cms.models import CustomImage

    out = BytesIO()
    Image.new("RGB", (900, 600), "#3c732f").save(out, "WEBP")
    return CustomImage.objects.create(
        title=motif["motif"], credit="Demo", file=ContentFile(out.getvalue(), f"{motif['motif']}.webp")
    )
