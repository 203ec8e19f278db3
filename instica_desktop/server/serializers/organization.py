"""Organization, team, invitations and addresses on the wire. Source: api contract, Organization."""

import re
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from instica_desktop.server.domain.countries import COUNTRIES
from instica_desktop.server.domain.roles import OWNER, ROLES
from instica_desktop.server.models import Address, Membership, Organization
from instica_desktop.server.operations.plan_use import count_members
from instica_desktop.server.serializers.common import PersonRecord, media_url, picture_paths
from instica_desktop.server.serializers.fields import ChoiceField, FlagField, TextField

BARCODE_CHOICES = [("code128", "Code 128"), ("ean13", "EAN-13"), ("upca", "UPC-A"), ("qr", "QR")]
ROLE_CHOICES = list(ROLES.items())
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)


class PostalAddressRecord(serializers.Serializer):
    """A postal address."""

    uid = serializers.CharField()
    full_name = serializers.CharField()
    line1 = serializers.CharField()
    line2 = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    postal_code = serializers.CharField()
    country = serializers.CharField()
    phone = serializers.CharField()
    is_primary = serializers.BooleanField()


class WholeOrganizationRecord(serializers.Serializer):
    """The organization with all that is known of it."""

    uid = serializers.CharField()
    display_name = serializers.CharField()
    slug = serializers.CharField()
    logo = serializers.SerializerMethodField()
    default_barcode_type = serializers.CharField()
    created = serializers.DateTimeField()
    owner = serializers.SerializerMethodField()
    member_count = serializers.SerializerMethodField()
    primary_address = serializers.SerializerMethodField()

    def get_logo(self, organization: Organization) -> str | None:
        """Return the address of the logo."""
        stem, _, kind = organization.logo.rpartition(".")
        return media_url(self.context, picture_paths(stem, f".{kind}")[0]) if stem else None

    @extend_schema_field(PersonRecord(allow_null=True))
    def get_owner(self, organization: Organization) -> Any:
        """Return the owner who has been there longest."""
        owners = Membership.objects.select_related("user").filter(organization=organization, role=OWNER)
        first = owners.order_by("-is_active", "joined", "pk").first()
        return PersonRecord(first.user).data if first else None

    def get_member_count(self, organization: Organization) -> int:
        """Return how many people work in the organization."""
        return count_members(organization)

    @extend_schema_field(PostalAddressRecord(allow_null=True))
    def get_primary_address(self, organization: Organization) -> Any:
        """Return the primary address."""
        found = Address.objects.filter(organization=organization, is_primary=True).first()
        return PostalAddressRecord(found).data if found else None


class OrganizationForm(serializers.Serializer):
    """What may be changed on an organization."""

    display_name = TextField(255, required=False, allow_blank=False, allow_null=False)
    slug = TextField(63, required=False, allow_blank=False, allow_null=False)
    default_barcode_type = ChoiceField(BARCODE_CHOICES, required=False)
    logo = serializers.FileField(required=False, allow_null=True, allow_empty_file=True)

    def validate_slug(self, value: str) -> str:
        """Accept what may stand in an address and is nobody else's."""
        if not _SLUG.fullmatch(value):
            raise serializers.ValidationError("Use small letters, digits and single hyphens between them.")
        others = Organization.objects.exclude(pk=self.context["organization"].pk)
        if others.filter(slug=value).exists():
            raise serializers.ValidationError("Another organization has this slug.")
        return value


class WorkplaceRecord(serializers.Serializer):
    """An organization as one of the places where the caller may work."""

    uid = serializers.CharField(source="organization.uid")
    display_name = serializers.CharField(source="organization.display_name")
    slug = serializers.CharField(source="organization.slug")
    role = serializers.CharField()
    is_active = serializers.BooleanField()
    member = serializers.CharField(source="uid")
    is_current = serializers.SerializerMethodField()

    def get_is_current(self, place: Membership) -> bool:
        """Tell whether the caller works there now."""
        return place.organization == self.context["request"].user.organization


class SwitchForm(serializers.Serializer):
    """Where to work from now on."""

    uid = TextField(64)


class MemberRecord(serializers.Serializer):
    """A person's place in the team."""

    uid = serializers.CharField()
    user = PersonRecord()
    role = serializers.CharField()
    joined = serializers.DateTimeField()
    is_active = serializers.BooleanField()


class MemberForm(serializers.Serializer):
    """What may be changed on a member."""

    role = ChoiceField(ROLE_CHOICES, required=False)
    is_active = FlagField(required=False)


class InviteRecord(serializers.Serializer):
    """An open invitation, without its token."""

    uid = serializers.CharField()
    email = serializers.CharField()
    role = serializers.CharField()
    created = serializers.DateTimeField()
    expires = serializers.DateTimeField()
    invited_by = PersonRecord(allow_null=True)


class InviteForm(serializers.Serializer):
    """Whom to invite, as what."""

    email = serializers.EmailField(max_length=254)
    role = ChoiceField(ROLE_CHOICES)

    def validate_email(self, value: str) -> str:
        """Return the address in the form in which addresses are compared."""
        return value.casefold()


class PostalAddressForm(serializers.Serializer):
    """What may be sent to make or change an address."""

    full_name = TextField(200)
    line1 = TextField(200)
    line2 = TextField(200, required=False)
    city = TextField(100)
    state = TextField(100, required=False)
    postal_code = TextField(32, required=False)
    country = TextField(2)
    phone = TextField(32, required=False)
    is_primary = FlagField(required=False)

    def validate_country(self, value: str) -> str:
        """Accept the codes of ISO 3166-1 in either case."""
        if not value.isascii() or value.upper() not in COUNTRIES:  # “ß” in capitals is South Sudan's SS
            raise serializers.ValidationError("This is not a country code of ISO 3166-1.")
        return value.upper()
