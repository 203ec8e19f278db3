"""Plans and subscription, and the pages to pay on. Source: api contract, Subscriptions."""

from django.urls import path

from instica_desktop.server.pages import billing
from instica_desktop.server.routes.common import READ_ONLY
from instica_desktop.server.views.subscriptions import (
    InvoiceViewSet,
    PaymentMethodViewSet,
    PlanViewSet,
    SubscriptionViewSet,
)

_ROOT = "api/v1/subscriptions/"
_METHOD = f"{_ROOT}payment-methods/<str:uid>/"

ROUTES = [
    path(f"{_ROOT}plans/", PlanViewSet.as_view(READ_ONLY)),
    path(f"{_ROOT}status/", SubscriptionViewSet.as_view({"get": "status"})),
    path(f"{_ROOT}checkout/", SubscriptionViewSet.as_view({"post": "checkout"})),
    path(f"{_ROOT}portal/", SubscriptionViewSet.as_view({"post": "portal"})),
    path(f"{_ROOT}cancel/", SubscriptionViewSet.as_view({"post": "cancel"})),
    path(f"{_ROOT}resume/", SubscriptionViewSet.as_view({"post": "resume"})),
    path(f"{_ROOT}apple/verify/", SubscriptionViewSet.as_view({"post": "apple"})),
    path(f"{_ROOT}invoices/", InvoiceViewSet.as_view(READ_ONLY)),
    path(f"{_ROOT}payment-methods/", PaymentMethodViewSet.as_view(READ_ONLY)),
    path(_METHOD, PaymentMethodViewSet.as_view({"delete": "destroy"})),
    path(f"{_METHOD}default/", PaymentMethodViewSet.as_view({"post": "default"})),
    path("accounts/billing/checkout/<str:token>/", billing.checkout),
    path("accounts/billing/portal/<str:token>/", billing.portal),
    path("accounts/billing/invoices/<str:token>/", billing.invoice),
]
