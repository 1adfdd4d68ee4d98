"""What a run asks and what it hands out: questions and files for participants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents import get_document_model
from wagtail.models import Collection
from wagtail.permissions import policy_registry

from trainings.admin.access import run_of_organiser
from trainings.admin.pages import show, to_run
from trainings.models import Question, RunMaterial
from trainings.services import asking, editing
from trainings.services.answering import current_form

FIELDS = (
    *("stage", "type", "label_de", "label_en", "help_de", "help_en", "options_de", "options_en"),
    *("purpose_de", "purpose_en", "required", "sensitive", "retention_days"),
)
WITH_OPTIONS = ("choice", "choices")
BIGGEST = 25 * 1024 * 1024


class QuestionForm(forms.ModelForm):
    """One question."""

    class Meta:
        model = Question
        fields = FIELDS
        widgets = {name: forms.Textarea(attrs={"rows": 3}) for name in ("options_de", "options_en")}

    def clean(self) -> dict[str, Any]:
        """Ask for options where one chooses, as many in both languages."""
        data = super().clean() or {}
        counts = [
            len([line for line in data.get(f"options_{code}", "").splitlines() if line.strip()])
            for code in ("de", "en")
        ]
        if data.get("type") in WITH_OPTIONS and not counts[0]:
            self.add_error("options_de", _("Give the options."))
        if counts[0] != counts[1]:
            self.add_error("options_en", _("Give as many options as in German."))
        return data


QuestionFormSet = forms.modelformset_factory(Question, form=QuestionForm, extra=2, can_delete=True, can_order=True)


def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """Edit the questions; where somebody has answered already, a new version is made and the old one stays."""
    run = run_of_organiser(request, pk)
    current = current_form(run)
    rows = current.questions.all() if current else Question.objects.none()
    formset = QuestionFormSet(request.POST or None, queryset=rows, prefix="q")
    if request.method == "POST" and formset.is_valid():
        kept = [one for one in formset.ordered_forms if one.instance.pk or one.has_changed()]
        asking.save_questions(run, [one.instance for one in kept], actor=request.user)
        messages.success(request, _("The questions are saved."))
        return redirect(to_run(run, "run_questions"))
    in_use = bool(current and current.is_in_use)
    return show(request, "questions", title=_("Questions"), icon="help", run=run, formset=formset, in_use=in_use)


class MaterialForm(forms.Form):
    """A file that exists already, or a new one."""

    document = forms.ModelChoiceField(
        label=gettext_lazy("A document that is there already"),
        queryset=get_document_model().objects.none(),
        required=False,
    )
    file = forms.FileField(label=gettext_lazy("or a new file"), required=False)
    title = forms.CharField(label=gettext_lazy("Title of the new file"), max_length=200, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        documents: Any = self.fields["document"]
        policy = policy_registry.get_by_type(get_document_model())
        choosable = policy.instances_user_has_any_permission_for(user, ["choose", "change"])
        documents.queryset = choosable.order_by("-created_at")

    def clean(self) -> dict[str, Any]:
        """Ask for exactly one file, with a title where it is new; check it as the document library does."""
        data = super().clean() or {}
        file = data.get("file")
        if bool(file) == bool(data.get("document")):
            raise forms.ValidationError(_("Choose a document or a new file."))
        if file and not data.get("title"):
            self.add_error("title", _("Give a title."))
        if file and file.size > BIGGEST:
            self.add_error("file", _("The file is larger than 25 MB."))
        return data

    def save(self) -> Any:
        """Return the document, made where it is new."""
        data = self.cleaned_data
        if data["document"]:
            return data["document"]
        model = get_document_model()
        document = model(title=data["title"], file=data["file"], uploaded_by_user=self.user)
        document.collection = Collection.get_first_root_node()
        document.file_size = data["file"].size
        document.full_clean(exclude=["collection"])
        document.save()
        return document


def materials(request: HttpRequest, pk: int) -> HttpResponse:
    """Give participants files, or take one back."""
    run = run_of_organiser(request, pk)
    removed = request.POST.get("remove", "")
    if removed.isdecimal():
        editing.remove_material(run, int(removed), actor=request.user)
        messages.success(request, _("The file is taken back; it stays among the documents."))
        return redirect(request.path)
    form = MaterialForm(*((request.POST, request.FILES) if request.method == "POST" else ()), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            document = form.save()
        except forms.ValidationError as error:
            form.add_error("file", error.messages)
        else:
            editing.add_material(run, document, actor=request.user)
            messages.success(request, _("Participants see the file on their own page after the run."))
            return redirect(request.path)
    rows = RunMaterial.objects.filter(run=run).select_related("document")
    return show(
        request, "materials", title=_("Materials for participants"), icon="doc-full", run=run, form=form, rows=rows
    )
