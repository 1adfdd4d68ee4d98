"""Readers, issues, and what was sent to whom."""

from home.newsletter.models.mailings import Bounce, Delivery, FrozenDates, Mailing, MailingState
from home.newsletter.models.pages import InfobriefIndexPage, InfobriefPage
from home.newsletter.models.subscribers import BlockedAddress, Subscriber, SubscriberState, address_digest, normalised
from home.newsletter.models.views import IssueViews

__all__ = [
    "BlockedAddress",
    "Bounce",
    "Delivery",
    "FrozenDates",
    "InfobriefIndexPage",
    "InfobriefPage",
    "IssueViews",
    "Mailing",
    "MailingState",
    "Subscriber",
    "SubscriberState",
    "address_digest",
    "normalised",
]
