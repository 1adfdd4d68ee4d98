"""STUB."""
from django.db import models
from cms.vocabularies import State, MunicipalityType


class Municipality(models.Model):
    name = models.CharField(max_length=100)
    type = models.CharField(max_length=20, choices=MunicipalityType.choices)
    state = models.CharField(max_length=2, choices=State.choices)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
