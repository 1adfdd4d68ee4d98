"""Offers (pages) and the language-neutral rows behind them."""

from trainings.models.offers import ExchangePage, OfferIndexPage, OfferPage, TrainingPage, ensure_offer
from trainings.models.runs import Offer, Pool, Run, Session

__all__ = [
    "ExchangePage",
    "Offer",
    "OfferIndexPage",
    "OfferPage",
    "Pool",
    "Run",
    "Session",
    "TrainingPage",
    "ensure_offer",
]
