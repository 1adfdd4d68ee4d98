"""The upload of a picture in the admin: in single and multiple uploads and in choosers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.forms.fields import FileField
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cms.pictures import fitting


class PictureUploadField(WagtailImageField):
    """An upload that says in plain words what is wrong with a picture and what helps."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help_text = _(
            "A photo as the camera made it will do: it is turned upright, made smaller and freed of notes about its place."
        )
        most = {"most": number_format(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE / 1024**2, 0)}
        self.error_messages["file_too_large_unknown_size"] = (
            _("The file is too large; at most %(most)s MB are possible. Save the picture smaller or as JPEG.") % most
        )
        self.error_messages["invalid_image_extension"] = fitting.no_picture()

    def to_python(self, data: Any) -> File | None:
        """Return the picture as it may be stored."""
        file = FileField.to_python(self, data)
        if file is None:
            return None
        found = fitting.fit(file)
        found.seek(0)
        return found

    def run_validators(self, value: Any) -> None:
        """Leave the ending to `fit`, which knows what the file really is."""


class PictureForm(BaseImageForm):
    """The form of a picture, in single and multiple uploads and in choosers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if old := self.fields.get("file"):
            new = PictureUploadField(label=old.label, required=old.required)
            new.widget.attrs.update(old.widget.attrs)
            self.fields["file"] = new
