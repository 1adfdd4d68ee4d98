"""Content of the knowledge base: steps, topics, people, municipalities, practices, materials, directories."""

from knowledge.models.articles import GoodPracticePage, PagesBlock, page_keys
from knowledge.models.care import ProfileCare, ProfileKind, off_the_map
from knowledge.models.contacts import ContactPerson, PersonBlock, person_field
from knowledge.models.indexes import KnowledgeIndexPage
from knowledge.models.materials import MaterialPage, with_files
from knowledge.models.municipalities import Municipality
from knowledge.models.profiles import MunicipalityIndexPage, MunicipalityPage
from knowledge.models.service_centres import ServiceCentreIndexPage, ServiceCentrePage
from knowledge.models.steps import DevelopmentStep, StepIndexPage, StepPage, all_steps
from knowledge.models.topics import FundingProgramme, Tagged, Topic, TopicCheckboxes, TopicLink, all_topics

__all__ = [
    "ContactPerson",
    "DevelopmentStep",
    "FundingProgramme",
    "GoodPracticePage",
    "KnowledgeIndexPage",
    "MaterialPage",
    "Municipality",
    "MunicipalityIndexPage",
    "MunicipalityPage",
    "PagesBlock",
    "PersonBlock",
    "ProfileCare",
    "ProfileKind",
    "ServiceCentreIndexPage",
    "ServiceCentrePage",
    "StepIndexPage",
    "StepPage",
    "Tagged",
    "Topic",
    "TopicCheckboxes",
    "TopicLink",
    "all_steps",
    "all_topics",
    "off_the_map",
    "page_keys",
    "person_field",
    "with_files",
]
