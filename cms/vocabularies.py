"""Vocabularies that several apps share: stable codes with labels."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """The sixteen federal states; the code is the ISO 3166-2 suffix and the id in the map."""

    BW = "BW", _("Baden-Württemberg")
    BY = "BY", _("Bavaria")
    BE = "BE", _("Berlin")
    BB = "BB", _("Brandenburg")
    HB = "HB", _("Bremen")
    HH = "HH", _("Hamburg")
    HE = "HE", _("Hesse")
    MV = "MV", _("Mecklenburg-Western Pomerania")
    NI = "NI", _("Lower Saxony")
    NW = "NW", _("North Rhine-Westphalia")
    RP = "RP", _("Rhineland-Palatinate")
    SL = "SL", _("Saarland")
    SN = "SN", _("Saxony")
    ST = "ST", _("Saxony-Anhalt")
    SH = "SH", _("Schleswig-Holstein")
    TH = "TH", _("Thuringia")


class MunicipalityType(models.TextChoices):
    """What kind of local authority a municipality is."""

    CITY_STATE = "city_state", pgettext_lazy("type of municipality", "City state")
    DISTRICT_FREE = "district_free", pgettext_lazy("type of municipality", "Independent city")
    LARGE_TOWN = "large_town", pgettext_lazy("type of municipality", "Large town in a county")
    TOWN = "town", pgettext_lazy("type of municipality", "Town in a county")
    COMMUNE = "commune", pgettext_lazy("type of municipality", "Municipality")
    UNION = "union", pgettext_lazy("type of municipality", "Municipal association")
    COUNTY = "county", pgettext_lazy("type of municipality", "County")
    REGION = "region", pgettext_lazy("type of municipality", "Regional authority")
    BOROUGH = "borough", pgettext_lazy("type of municipality", "City borough")
    COOPERATION = "cooperation", pgettext_lazy("type of municipality", "Inter-municipal cooperation")


class SizeClass(models.TextChoices):
    """Size classes by inhabitants, derived and never typed; the code is the smallest number of the class."""

    UNDER_5000 = "0", _("Under 5,000 (rural)")
    FROM_5000 = "5000", _("5,000 to 9,999 (small town)")
    FROM_10000 = "10000", _("10,000 to 19,999 (small town)")
    FROM_20000 = "20000", _("20,000 to 49,999 (medium town)")
    FROM_50000 = "50000", _("50,000 to 99,999 (medium town)")
    FROM_100000 = "100000", _("100,000 to 199,999 (city)")
    FROM_200000 = "200000", _("200,000 to 499,999 (city)")
    FROM_500000 = "500000", _("500,000 and more (city)")

    @classmethod
    def of(cls, population: int | None) -> SizeClass | None:
        """Return the class of a number of inhabitants; nothing is known about an unknown number."""
        if population is None:
            return None
        return max(
            (size for size in cls if int(size.value) <= population), key=lambda size: int(size.value), default=None
        )


class Audience(models.TextChoices):
    """Readers a text is written for."""

    STAFF = "staff", _("Practitioners")
    OFFICE = "office", _("Youth office and administration")
    PLANNER = "planner", _("Youth welfare planners")
    POLITICS = "politics", _("Politicians")
    PROVIDER = "provider", _("Independent providers")
    SCHOOL = "school", _("Schools and school social work")
    VOLUNTEER = "volunteer", _("Volunteers")
    TWINNING = "twinning", _("Twinning associations")
    YOUTH = "youth", _("Young people")


class TargetGroup(models.TextChoices):
    """People an activity is made for."""

    ALL = "all", _("All young people")
    FEWER = "fewer", _("Young people with fewer opportunities")
    MIGRATION = "migration", _("Young people with a migration history")
    REFUGEE = "refugee", _("Young refugees")
    DISABILITY = "disability", _("Young people with disabilities")
    CARE = "care", _("Young people in care")
    NEET = "neet", _("Young people not in employment or training")
    RURAL = "rural", _("Young people in rural areas")
    TRAINEES = "trainees", _("Apprentices")
    PUPILS = "pupils", _("Pupils")
    LGBTIQ = "lgbtiq", _("LGBTIQ+ young people")
    CHILDREN = "children", _("Children under 12")
    STAFF = "staff", _("Staff")


class Format(models.TextChoices):
    """Formats of international work."""

    EXCHANGE = "exchange", pgettext_lazy("format", "Youth exchange")
    STAFF = "staff", pgettext_lazy("format", "Staff exchange")
    VISIT = "visit", pgettext_lazy("format", "Study visit")
    SHADOW = "shadow", pgettext_lazy("format", "Job shadowing")
    WORKCAMP = "workcamp", pgettext_lazy("format", "Work camp")
    VOLUNTEER = "volunteer", pgettext_lazy("format", "Volunteering")
    INTERNSHIP = "internship", pgettext_lazy("format", "Internship")
    VIRTUAL = "virtual", pgettext_lazy("format", "Virtual exchange")
    HYBRID = "hybrid", pgettext_lazy("format", "Blended exchange")
    INITIATIVE = "initiative", pgettext_lazy("format", "Youth initiative")
    PARTICIPATION = "participation", pgettext_lazy("format", "Participation project")
    TRAINING = "training", pgettext_lazy("format", "Training")
    SEMINAR = "seminar", pgettext_lazy("format", "Seminar or conference")
    PARTNERFAIR = "partnerfair", pgettext_lazy("format", "Partner-finding event")
    SCHOOL = "school", pgettext_lazy("format", "School exchange")
    LOCAL = "local", pgettext_lazy("format", "Local intercultural project")


class Service(models.TextChoices):
    """What a service centre does."""

    FIRST_ADVICE = "first_advice", pgettext_lazy("service", "First advice")
    FUNDING = "funding", pgettext_lazy("service", "Funding advice")
    PROJECTS = "projects", pgettext_lazy("service", "Project support")
    TRAINING = "training", pgettext_lazy("service", "Training")
    NETWORK = "network", pgettext_lazy("service", "Networking")
    PARTNERS = "partners", pgettext_lazy("service", "Partner brokering")
    YOUTHINFO = "youthinfo", pgettext_lazy("service", "Youth information")
    EQUIPMENT = "equipment", pgettext_lazy("service", "Equipment loan")


class Channel(models.TextChoices):
    """Ways in which a service centre advises."""

    ONSITE = "onsite", _("On site")
    PHONE = "phone", _("Phone")
    VIDEO = "video", _("Video")
    EMAIL = "email", _("E-mail")
    CHAT = "chat", _("Chat")


class DecidingBody(models.TextChoices):
    """The body that adopts the local development plan."""

    YOUTH_COMMITTEE = "youth_committee", _("Youth welfare committee")
    COUNCIL = "council", _("Council")
    COUNTY_COUNCIL = "county_council", _("County council")
    OTHER = "other", _("Other committee")
    ADMINISTRATION = "administration", _("Head of administration")


class MemberStatus(models.TextChoices):
    """How a municipality belongs to the network."""

    INTERESTED = "interested", pgettext_lazy("member status", "Interested")
    MEMBER = "member", pgettext_lazy("member status", "Member")
    DORMANT = "dormant", pgettext_lazy("member status", "Dormant")
    FORMER = "former", pgettext_lazy("member status", "Former member")


class StepStatus(models.TextChoices):
    """Where a municipality stands in one development step."""

    OPEN = "open", pgettext_lazy("step status", "Open")
    PLANNED = "planned", pgettext_lazy("step status", "Planned")
    STARTED = "started", pgettext_lazy("step status", "Started")
    DONE = "done", pgettext_lazy("step status", "Done")


class PracticeStatus(models.TextChoices):
    """How far a project is."""

    PLANNED = "planned", pgettext_lazy("practice status", "Planned")
    RUNNING = "running", pgettext_lazy("practice status", "Running")
    COMPLETED = "completed", pgettext_lazy("practice status", "Completed")
    PERMANENT = "permanent", pgettext_lazy("practice status", "Permanent")


class TrainingKind(models.TextChoices):
    """Kinds of training; exchange is no training."""

    COURSE = "course", pgettext_lazy("training kind", "Training course")
    WORKSHOP = "workshop", pgettext_lazy("training kind", "Workshop")
    MEETING = "meeting", pgettext_lazy("training kind", "Network meeting")
    WEBINAR = "webinar", pgettext_lazy("training kind", "Webinar")
    ADVICE = "advice", pgettext_lazy("training kind", "Advice hour")
    CONFERENCE = "conference", pgettext_lazy("training kind", "Conference")


class Level(models.TextChoices):
    """How much a training takes for granted."""

    BEGINNER = "beginner", pgettext_lazy("level", "Beginner")
    ADVANCED = "advanced", pgettext_lazy("level", "Advanced")
    ALL = "all", pgettext_lazy("level", "All levels")


class Mode(models.TextChoices):
    """Where a run takes place."""

    ONSITE = "onsite", pgettext_lazy("mode", "In person")
    ONLINE = "online", pgettext_lazy("mode", "Online")
    HYBRID = "hybrid", pgettext_lazy("mode", "Hybrid")


class Admission(models.TextChoices):
    """How the seats of a run are given away."""

    FCFS = "fcfs", _("First come, first served")
    APPLICATION = "application", _("By selection")
    EXTERNAL = "external", _("Registration elsewhere")
    INTEREST = "interest", _("Interest list")


class Direction(models.TextChoices):
    """Who travels in an exchange."""

    HOSTING = "hosting", pgettext_lazy("direction", "Hosting")
    SENDING = "sending", pgettext_lazy("direction", "Sending")
    MUTUAL = "mutual", pgettext_lazy("direction", "Mutual")
    VIRTUAL = "virtual", pgettext_lazy("direction", "Virtual")


class Seeking(models.TextChoices):
    """What a partner looks for."""

    GROUP = "group", pgettext_lazy("seeking", "Group")
    PARTNER = "partner", pgettext_lazy("seeking", "Partner")
    STAFF = "staff", pgettext_lazy("seeking", "Staff")
    INDIVIDUALS = "individuals", pgettext_lazy("seeking", "Individuals")


class OfferStatus(models.TextChoices):
    """Decided by editors for offers without registration here; that one is over follows from its dates."""

    OPEN = "open", pgettext_lazy("offer status", "Open")
    RESERVED = "reserved", pgettext_lazy("offer status", "Reserved")
    TAKEN = "taken", pgettext_lazy("offer status", "Taken")


class ProviderType(models.TextChoices):
    """Kinds of providers."""

    PUBLIC = "public", _("Public body")
    INDEPENDENT = "independent", _("Independent provider")
    YOUTH_ASSOCIATION = "youth_association", _("Youth association, youth council")
    YOUTH_CENTRE = "youth_centre", _("Youth centre")
    SCHOOL = "school", _("School")
    ASSOCIATION = "association", _("Association, twinning association")
    MIGRANT = "migrant", _("Migrant organisation")
    CHURCH = "church", _("Church")
    COMPANY = "company", _("Company, chamber")
    UNIVERSITY = "university", _("University")
    INTEGRATION = "integration", _("Integration office")
    EMPLOYMENT = "employment", _("Employment agency, job centre")


class MaterialType(models.TextChoices):
    """Kinds of materials."""

    GUIDE = "guide", _("Guide")
    CHECKLIST = "checklist", _("Checklist")
    TEMPLATE = "template", _("Template")
    ARGUMENT = "argument", _("Arguments")
    PUBLICATION = "publication", _("Publication")


class ExchangeKind(models.TextChoices):
    """Kinds of professional exchange."""

    STAFF = "staff", _("Staff exchange")
    VISIT = "visit", _("Study visit")
    SHADOW = "shadow", _("Job shadowing")
    SEMINAR = "seminar", _("Partner-building seminar")
    CONFERENCE = "conference", _("Expert meeting")


class CostClass(models.TextChoices):
    """How much money a project took, roughly."""

    LOW = "low", pgettext_lazy("cost", "Low")
    MEDIUM = "medium", pgettext_lazy("cost", "Medium")
    HIGH = "high", pgettext_lazy("cost", "High")


class NewsKind(models.TextChoices):
    """News simply age; a call has a deadline and expires with it."""

    NEWS = "news", pgettext_lazy("news kind", "News")
    CALL = "call", pgettext_lazy("news kind", "Call")


class Access(models.TextChoices):
    """Physical access of a place."""

    STEP_FREE = "step_free", _("Step-free")
    TOILET = "toilet", _("Accessible toilet")
    LOOP = "loop", _("Hearing loop")


class Conformity(models.TextChoices):
    """How far the website conforms with the accessibility ordinance."""

    FULL = "full", _("Fully conformant")
    PARTIAL = "partial", _("Partly conformant")
    NONE = "none", _("Not conformant")


class YesNoUnknown(models.TextChoices):
    """An answer that may be missing."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Not known")


class Licence(models.TextChoices):
    """Under which terms a picture or file may be used again."""

    ALL_RIGHTS = "all_rights", _("All rights reserved")
    CC0 = "cc0", "CC0 1.0"
    CC_BY = "cc-by", "CC BY 4.0"
    CC_BY_SA = "cc-by-sa", "CC BY-SA 4.0"
    CC_BY_NC = "cc-by-nc", "CC BY-NC 4.0"
    CC_BY_ND = "cc-by-nd", "CC BY-ND 4.0"
    CC_BY_NC_ND = "cc-by-nc-nd", "CC BY-NC-ND 4.0"
    PUBLIC = "public", _("Public domain")
