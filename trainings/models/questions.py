"""Questions of a run beyond the necessary ones: versioned, bilingual, each with its purpose and its last day."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel

from cms.i18n import in_language
from trainings.models.registrations import Registration
from trainings.models.runs import Run


class Stage(models.TextChoices):
    """When a question is asked: sensitive ones only after a seat is certain."""

    APPLY = "apply", _("With the registration")
    AFTER = "after", _("After confirmation or selection")
    EVALUATION = "evaluation", _("After the run, anonymously")


class QuestionType(models.TextChoices):
    """How an answer is given."""

    TEXT = "text", _("One line")
    LONG = "long", _("Several lines")
    CHOICE = "choice", _("One of several")
    CHOICES = "choices", _("Any of several")
    YES_NO = "yes_no", _("Yes or no")
    SCALE = "scale", _("Scale of 1 to 5")


class FormVersion(ClusterableModel):
    """The questions of one run at one time. An answer points to its question, so a version in use never changes."""

    run = models.ForeignKey(Run, verbose_name=_("run"), on_delete=models.CASCADE, related_name="form_versions")
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    panels: ClassVar = [FieldPanel("run"), InlinePanel("questions", label=_("Question"), heading=_("Questions"))]

    class Meta:
        verbose_name = _("questions of a run")
        verbose_name_plural = _("questions of runs")
        ordering: ClassVar = ["run", "-version"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "version"], name="one_form_a_version")]

    def __str__(self) -> str:
        return f"{self.run.number} v{self.version}"

    @property
    def is_in_use(self) -> bool:
        """Return whether somebody has answered."""
        answered = models.Q(answers__isnull=False) | models.Q(sensitive_answers__isnull=False)
        return self.questions.filter(answered).exists()


class Question(models.Model):
    """One question."""

    form = ParentalKey(FormVersion, on_delete=models.CASCADE, related_name="questions")
    sort_order = models.IntegerField(default=0, editable=False)
    stage = models.CharField(_("asked"), max_length=12, choices=Stage.choices, default=Stage.APPLY)
    type = models.CharField(_("type"), max_length=10, choices=QuestionType.choices, default=QuestionType.TEXT)
    label_de = models.CharField(_("question, German"), max_length=250)
    label_en = models.CharField(_("question, English"), max_length=250)
    help_de = models.CharField(_("hint, German"), max_length=250, blank=True)
    help_en = models.CharField(_("hint, English"), max_length=250, blank=True)
    options_de = models.TextField(_("options, German"), blank=True, help_text=_("One a line."))
    options_en = models.TextField(_("options, English"), blank=True, help_text=_("One a line, in the same order."))
    purpose_de = models.CharField(_("what the answer is needed for, German"), max_length=250)
    purpose_en = models.CharField(_("what the answer is needed for, English"), max_length=250)
    required = models.BooleanField(_("required"), default=False)
    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Health, access needs, diet, travel documents: never required, asked after a seat is certain."),
    )
    retention_days = models.PositiveSmallIntegerField(
        _("days kept after the run"), default=14, help_text=_("Then the answer is deleted.")
    )

    panels: ClassVar = [
        FieldRowPanel([FieldPanel("stage"), FieldPanel("type")]),
        FieldRowPanel([FieldPanel("label_de"), FieldPanel("label_en")]),
        FieldRowPanel([FieldPanel("help_de"), FieldPanel("help_en")]),
        FieldRowPanel([FieldPanel("options_de"), FieldPanel("options_en")]),
        FieldRowPanel([FieldPanel("purpose_de"), FieldPanel("purpose_en")]),
        FieldRowPanel([FieldPanel("required"), FieldPanel("sensitive"), FieldPanel("retention_days")]),
    ]

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering: ClassVar = ["sort_order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(sensitive=False) | models.Q(required=False, stage="after"),
                name="sensitive_question_is_free_and_late",
                violation_error_message=_("A sensitive question is never required and asked after confirmation only."),
            )
        ]

    def __str__(self) -> str:
        return self.label_de

    @property
    def label(self) -> str:
        """Return the question in the active language."""
        return in_language(self, "label")

    @property
    def help(self) -> str:
        """Return the hint in the active language."""
        return in_language(self, "help")

    @property
    def purpose(self) -> str:
        """Return what the answer is needed for, in the active language."""
        return in_language(self, "purpose")

    @property
    def options(self) -> list[tuple[str, str]]:
        """Return the options as (number, label): the number stays when a label is corrected."""
        lines = [line.strip() for line in in_language(self, "options").splitlines() if line.strip()]
        return [(str(number), line) for number, line in enumerate(lines, 1)]

    def in_words(self, value: Any) -> str:
        """Return a stored answer as people read it, in the active language."""
        if self.type == QuestionType.YES_NO:
            return str(_("Yes") if value else _("No"))
        labels = dict(self.options)
        if isinstance(value, list):
            return ", ".join(labels.get(str(item), str(item)) for item in value)
        return labels.get(str(value), str(value)) if self.type == QuestionType.CHOICE else str(value)


class AnswerFields(models.Model):
    """What both kinds of answers hold."""

    value = models.JSONField()
    answered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True


class Answer(AnswerFields):
    """An answer to a question that is not sensitive."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints: ClassVar = [models.UniqueConstraint(fields=["registration", "question"], name="one_answer")]

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.question_id}"


class SensitiveAnswer(AnswerFields):
    """An answer about health or documents: a table, a permission and a short time of its own."""

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="sensitive_answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="sensitive_answers")

    class Meta:
        verbose_name = _("sensitive answer")
        verbose_name_plural = _("sensitive answers")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["registration", "question"], name="one_sensitive_answer")
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.question_id}"
