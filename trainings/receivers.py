"""Signals of the catalogue: one line each, the work is done by services."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save

from trainings.models import ExchangePage, OfferPage, Session, TrainingPage, ensure_offer
from trainings.services.running import refresh_dates


def connect() -> None:
    """Connect the receivers once, when the app is ready."""
    for model in (TrainingPage, ExchangePage):
        post_save.connect(_offer_page_saved, sender=model, dispatch_uid=f"offer-{model.__name__}")
    for signal in (post_save, post_delete):
        signal.connect(_session_changed, sender=Session, dispatch_uid=f"session-{id(signal)}")


def _offer_page_saved(sender: Any, instance: OfferPage, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        ensure_offer(instance)


def _session_changed(sender: Any, instance: Session, raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        refresh_dates(instance.run_id)
