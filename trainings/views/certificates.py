"""Certificates and lists as paper, and the page on which anybody can check a certificate. GET issues nothing."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cms.papers import pdf_response
from cms.public_forms import keeps_input
from cms.version import begin
from trainings import papers
from trainings.admin.pages import show
from trainings.errors import RegistrationError
from trainings.forms.certificate import CertificateForm
from trainings.managing import Manage
from trainings.models import Certificate, Registration, Run
from trainings.offer_pages import page_of
from trainings.registration_states import RegistrationState
from trainings.services import closing
from trainings.views.managing import by_token

VIEW = "trainings.view_registration"
NO_STORE = "private, no-store"


@by_token
@require_http_methods(["GET", "HEAD", "POST"])
def download(request: HttpRequest, found: Manage, pk: int) -> HttpResponse:
    """Hand out a certificate; POST issues it or brings it up to date first, GET only shows one that is issued."""
    seat = found.seat(pk)
    if request.method == "POST" and not getattr(request, "is_forged", False):
        try:
            closing.certify(seat)
        except RegistrationError as error:
            context = {"found": found, "problem": str(error.message)}
            return render(request, "trainings/manage/manage.html", context, status=409)
    certificate = Certificate.objects.filter(registration=seat, revoked_at__isnull=True).first()
    if certificate is None or not is_current(certificate):
        return redirect(f"{found.url()}#seat-{seat.pk}")
    return pdf_response(papers.certificates_pdf([certificate]), f"{certificate.number}.pdf")


def is_current(certificate: Certificate) -> bool:
    """Return whether a certificate proves what it would print now: a name may have been corrected since."""
    registration = certificate.registration
    if registration is None or registration.state != RegistrationState.ATTENDED:
        return False
    return closing.digest(registration.name, certificate.run, certificate.minutes) == certificate.digest


@keeps_input
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Say whether number and name belong together; what was typed stays out of addresses and logs, nobody is named."""
    form = CertificateForm(
        request.POST or None, request=request, initial={"number": request.GET.get("number", "")[:24]}
    )
    is_checked = request.method == "POST" and form.is_valid()
    begin()
    certificate = closing.verify(form.cleaned_data["number"], form.cleaned_data["name"]) if is_checked else None
    context: dict[str, Any] = {"form": form, "is_checked": is_checked, "certificate": certificate}
    if certificate is not None:
        context |= {"page": page_of(certificate.run), "length": papers.duration(certificate.minutes)}
    return render(request, "trainings/certificate.html", context)


def own_run(request: HttpRequest, pk: int) -> Run:
    """Return a run whose people the user may see. Raises PermissionDenied, also for a run that does not exist."""
    runs = Run.objects.filter(pk=pk).select_related("offer")
    if not request.user.is_superuser:
        runs = runs.filter(owner_id=request.user.pk) if request.user.has_perm(VIEW) else runs.none()
    run = runs.first()
    if run is None:
        raise PermissionDenied
    return run


@require_safe
def attendance_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The lists for signature, one a day."""
    run = own_run(request, pk)
    return pdf_response(papers.attendance_pdf(run), f"{run.number}-{slugify(_('Attendance list'))}.pdf")


@require_safe
def badges(request: HttpRequest, pk: int) -> HttpResponse:
    """Name badges for everybody with a seat."""
    run = own_run(request, pk)
    return pdf_response(papers.badges_pdf(run), f"{run.number}-{slugify(_('Name badges'))}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how many people get one; issue them all and hand them out as one paper or one file each."""
    run = own_run(request, pk)
    rows = Registration.objects.filter(run=run, state=RegistrationState.ATTENDED, anonymised_at__isnull=True)
    named = list(rows.exclude(name="").select_related("booking", "run", "run__offer").order_by("name", "pk"))
    if request.method == "POST" and named:
        issued = [closing.certify(row, actor=request.user) for row in named]
        issued = [certificate for certificate in issued if certificate.revoked_at is None]
        return _handed_out(run, issued, as_zip=request.POST.get("form") == "zip")
    unnamed = rows.filter(name="").count()
    return show(
        request, "certificates", title=_("Certificates"), icon="doc-full-inverse", run=run, named=len(named),
        unnamed=unnamed,
    )  # fmt: skip


def _handed_out(run: Run, issued: list[Certificate], *, as_zip: bool) -> HttpResponse:
    if not issued:
        raise Http404
    name = f"{run.number}-{slugify(_('Certificates'))}"
    if not as_zip:
        return pdf_response(papers.certificates_pdf(issued), f"{name}.pdf")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for certificate in issued:
            archive.writestr(f"{certificate.number}.pdf", papers.certificates_pdf([certificate]))
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": NO_STORE}
    return HttpResponse(target.getvalue(), content_type="application/zip", headers=headers)


def admin_urls() -> list[URLPattern]:
    """Return the addresses in the admin; each view asks for the right at the run."""
    return [
        path("runs/<int:pk>/papers/attendance/", attendance_list, name="run_attendance_pdf"),
        path("runs/<int:pk>/papers/badges/", badges, name="run_badges_pdf"),
        path("runs/<int:pk>/papers/certificates/", certificates, name="run_certificates"),
    ]
