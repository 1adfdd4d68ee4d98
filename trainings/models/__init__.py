"""Offers (pages), the language-neutral rows behind them, and the people who register."""

from trainings.models.attendance import Attendance, Certificate, EvaluationResponse, EvaluationToken, Review
from trainings.models.exchange_page import ExchangePage
from trainings.models.offer_row import Offer
from trainings.models.offers import OfferIndexPage, OfferPage, ensure_offer
from trainings.models.questions import Answer, FormVersion, Question, QuestionType, SensitiveAnswer, Stage
from trainings.models.registrations import Booking, Interest, OnlineAccess, Registration, RunStats, normalised_email
from trainings.models.run_parts import Pool, RunMaterial, Session
from trainings.models.runs import Run
from trainings.models.training_page import TrainingPage

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
