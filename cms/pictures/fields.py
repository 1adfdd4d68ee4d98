"""The door that every picture goes through, whoever stores it: uploads, imports, the demo."""

from __future__ import annotations

from typing import Any

from django.core.files.base import File
from wagtail.images import models as wagtail_images

from cms.pictures import fitting


class StoredPicture(wagtail_images.WagtailImageFieldFile):
    """The file of a picture: made to fit before it is stored, whoever stores it; its size is read from its header."""

    def save(self, name: str, content: File, save: bool = True) -> None:
        """Store the picture in the form that pages need. Raises ValidationError for what is none."""
        fitted = fitting.fit(content if content.name else File(content, name))
        super().save(name if fitted is content else str(fitted.name), fitted, save)

    def get_image_dimensions(self) -> tuple[int, int]:
        """Return width and height without decoding anything."""
        was_closed = self.closed
        self.open()
        try:
            return fitting.opened(self.file).size
        finally:
            if was_closed:
                self.close()
            else:
                self.seek(0)


class PictureField(wagtail_images.WagtailImageField):
    """The same column as Wagtail's, so it needs no migration."""

    attr_class = StoredPicture

    def deconstruct(self) -> Any:
        """Speak of the field as Wagtail's own."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs
