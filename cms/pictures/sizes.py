"""The sizes and formats in which pages show pictures: the one list that templates, worker and tests read."""

from __future__ import annotations

from dataclasses import dataclass

FORMATS = ("avif", "webp", "jpeg")  # in the order in which browsers choose; every browser knows the last one
ADMIN = ("max-165x165",)  # what Wagtail's lists and choosers show


@dataclass(frozen=True)
class Size:
    """One way to show a picture: from the smallest file to the largest, and how wide it stands in the page."""

    operations: tuple[str, ...]
    sizes: str

    def specs(self, *formats: str) -> list[str]:
        """Return the specs of these formats (all without any), each from small to large."""
        return [f"format-{name}|{operation}" for name in formats or FORMATS for operation in self.operations]


SIZES = {
    "card": Size(("fill-400x267", "fill-800x533"), "(min-width: 48rem) 24rem, 100vw"),
    "large": Size(("fill-640x427", "fill-1280x853"), "(min-width: 68rem) 50rem, 100vw"),
    "text": Size(("max-720x900", "max-1440x1800"), "(min-width: 48rem) 41rem, 100vw"),
}
STILL = "format-jpeg|fill-1280x720"  # of a film, before it plays
ALL_SPECS = (*(spec for size in SIZES.values() for spec in size.specs()), STILL, *ADMIN)
