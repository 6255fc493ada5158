"""Addresses of a demonstration: those of the service and the pick of a person."""

from __future__ import annotations

from django.urls import path

from jarlig.service.config import urls
from jarlig.service.demo.pick import pick

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [path("demo/", pick, name="demo-pick"), *urls.urlpatterns]
