"""What needs no section of its own: health, the schema, pictures."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from instica_desktop.server.views.media import SleeveView, UploadView
from instica_desktop.server.views.public import HealthView

ROUTES = [
    path("api/health/", HealthView.as_view()),
    path("api/schema/", SpectacularJSONAPIView.as_view(authentication_classes=[], permission_classes=[])),
    path("media/uploads/<str:shard>/<str:name>", UploadView.as_view()),
    path("media/sleeves/<str:name>", SleeveView.as_view()),
]
