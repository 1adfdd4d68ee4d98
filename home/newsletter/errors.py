"""The one error of the Infobrief's services: a sentence for people."""

from __future__ import annotations


class MailingError(Exception):
    """What was asked for cannot be done now."""

    def __init__(self, *sentences: object) -> None:
        super().__init__(*sentences)
        self.sentences = [str(sentence) for sentence in sentences]
