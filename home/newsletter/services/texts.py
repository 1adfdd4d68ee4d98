"""The texts that readers agree to; a changed text becomes a new version."""

from __future__ import annotations

from cms.privacy.consents import ensure_text

KEY = "infobrief"
SUBSCRIBE = {
    "de": (
        "Ich möchte den KGI-Infobrief drei- bis viermal im Jahr per E-Mail erhalten und, falls ich Schritte oder Themen "
        "gewählt habe, höchstens eine E-Mail am Tag zu neuen Angeboten und Materialien. Dafür werden meine Adresse, "
        "meine Sprache, meine Auswahl und Zeit und Wortlaut dieser Einwilligung gespeichert. Abmelden kann ich mich "
        "jederzeit über den Link in jeder E-Mail. Ob ich E-Mails öffne, wird nicht gemessen."
    ),
    "en": (
        "I want to get the KGI Infobrief by e-mail three to four times a year and, if I have chosen steps or topics, at "
        "most one e-mail a day about new offers and materials. For this my address, my language, my choice and the time "
        "and wording of this consent are stored. I can unsubscribe at any time by the link in every e-mail. Whether I "
        "open e-mails is not measured."
    ),
}


def ensure_consent_texts() -> None:
    """Write the current texts; safe to call twice."""
    ensure_text(KEY, SUBSCRIBE)
