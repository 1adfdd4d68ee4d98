"""Offers (pages), the language-neutral rows behind them, and the people who register."""

from trainings.models.attendance import Attendance, Certificate, EvaluationResponse, EvaluationToken, Review
from trainings.models.offers import ExchangePage, OfferIndexPage, OfferPage, TrainingPage, ensure_offer
from trainings.models.questions import Answer, FormVersion, Question, QuestionType, SensitiveAnswer, Stage
from trainings.models.registrations import Booking, Interest, OnlineAccess, Registration, RunStats, normalised_email
from trainings.models.runs import Offer, Pool, Run, RunMaterial, Session

__all__ = [
    "Answer",
    "Attendance",
    "Booking",
    "Certificate",
    "EvaluationResponse",
    "EvaluationToken",
    "ExchangePage",
    "FormVersion",
    "Interest",
    "Offer",
    "OfferIndexPage",
    "OfferPage",
    "OnlineAccess",
    "Pool",
    "Question",
    "QuestionType",
    "Registration",
    "Review",
    "Run",
    "RunMaterial",
    "RunStats",
    "SensitiveAnswer",
    "Session",
    "Stage",
    "TrainingPage",
    "ensure_offer",
    "normalised_email",
]
