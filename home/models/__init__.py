"""Pages that belong to the whole site, and the settings that choose pages or people."""

from home.models.demo import DemoItem
from home.models.moving import ImportedItem
from home.models.news import NewsIndexPage, NewsPage
from home.models.pages import (
    AccessibilityPage,
    EasyLanguagePage,
    HomePage,
    LegalPage,
    SignLanguagePage,
    StandardPage,
    TeamPage,
)
from home.models.settings import ContactSettings

__all__ = [
    "AccessibilityPage",
    "ContactSettings",
    "DemoItem",
    "EasyLanguagePage",
    "HomePage",
    "ImportedItem",
    "LegalPage",
    "NewsIndexPage",
    "NewsPage",
    "SignLanguagePage",
    "StandardPage",
    "TeamPage",
]
