"""The texts that people agree to when they register; a changed text becomes a new version."""

from __future__ import annotations

from cms.privacy.consents import ensure_text

REGISTRATION = {
    "de": (
        "Ich bin einverstanden, dass die Angaben in diesem Formular für die Durchführung der Veranstaltung gespeichert "
        "werden. Sie werden gelöscht, wenn die Frist abläuft, die in der Datenschutzerklärung steht. Die Einwilligung "
        "kann ich jederzeit über den Link in meiner Mail widerrufen."
    ),
    "en": (
        "I agree that what I have entered in this form is stored in order to run the event. It is deleted at the end of "
        "the period named in the privacy notice. I can withdraw this consent at any time by the link in my mail."
    ),
}
INTEREST = {
    "de": "Ich möchte eine Mail erhalten, wenn es einen neuen Termin gibt. Das kann ich jederzeit widerrufen.",
    "en": "I want to get a mail when there is a new date. I can withdraw this at any time.",
}


def ensure_consent_texts() -> None:
    """Write the current texts; safe to call twice."""
    ensure_text("registration", REGISTRATION)
    ensure_text("interest", INTEREST)
