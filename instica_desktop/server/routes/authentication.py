"""Accounts, signing in, API keys. Source: api contract, Authentication."""

from django.urls import path

from instica_desktop.server.routes.common import LIST
from instica_desktop.server.views import registration as accounts
from instica_desktop.server.views.accounts import ApiKeyViewSet
from instica_desktop.server.views.pages import KeysPage, LoginPage
from instica_desktop.server.views.sign_in import AppleView, ExchangeView
from instica_desktop.server.views.social import SocialAccountsView, SocialAccountView
from instica_desktop.server.views.user import UsageView

_AUTH = "api/auth/"

ROUTES = [
    path("api/v1/api-keys/", ApiKeyViewSet.as_view(LIST)),
    path("api/v1/api-keys/current/", ApiKeyViewSet.as_view({"get": "current"})),
    path("api/v1/api-keys/<int:pk>/", ApiKeyViewSet.as_view({"get": "retrieve", "delete": "destroy"})),
    path("api/v1/api-keys/<int:pk>/rotate/", ApiKeyViewSet.as_view({"post": "rotate"})),
    path("api/v1/api-usage/", UsageView.as_view()),
    path(f"{_AUTH}register/email/", accounts.RegisterView.as_view()),
    path(f"{_AUTH}email/verify/", accounts.VerifyView.as_view()),
    path(f"{_AUTH}email/verify/resend/", accounts.ResendView.as_view()),
    path(f"{_AUTH}login/", accounts.LoginView.as_view()),
    path(f"{_AUTH}logout/", accounts.LogoutView.as_view()),
    path(f"{_AUTH}validate/", accounts.ValidateView.as_view()),
    path(f"{_AUTH}password/reset/", accounts.ResetView.as_view()),
    path(f"{_AUTH}password/reset/confirm/", accounts.ResetConfirmView.as_view()),
    path(f"{_AUTH}email-recovery/", accounts.RecoveryView.as_view()),
    path(f"{_AUTH}social/", SocialAccountsView.as_view()),
    path(f"{_AUTH}social/<str:provider>/", SocialAccountView.as_view()),
    path(f"{_AUTH}apple/", AppleView.as_view()),
    path(f"{_AUTH}<str:provider>/", ExchangeView.as_view()),  # the last: it takes any name
    path("accounts/<str:provider>/login/", LoginPage.as_view()),
    path("accounts/<str:provider>/keys/", KeysPage.as_view()),
]
