"""Marketplaces. Source: api contract, Marketplace & import."""

from django.urls import path

from instica_desktop.server.views.public import PlatformsView

ROUTES = [
    path("api/v1/platforms/", PlatformsView.as_view()),
]
