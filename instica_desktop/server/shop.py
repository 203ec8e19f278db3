"""The shop in a database: its one organization and user, and the key of a run."""

from instica_desktop.server.models import ApiKey, Organization, User
from instica_desktop.server.storage.transactions import writing
from instica_desktop.server.web.keys import store_key

RUN_KEY_NAME = "This computer"


def _owner() -> User | None:
    return User.objects.select_related("organization").order_by("pk").first()


def ensure_owner() -> User:
    """Return the shop's owner, made with an organization when the database is new. There is no password."""
    owner = _owner()
    if owner is not None:
        return owner
    with writing():
        if (owner := _owner()) is not None:
            return owner  # another server of the team was quicker
        organization = Organization.objects.create(display_name="My record shop", slug="my-record-shop")
        owner = User(organization=organization, username="owner", can_manage_api_environment=True)
        owner.set_unusable_password()
        owner.save()
    return owner


def issue_run_key(key: str) -> None:
    """Keep the hash of this run's key and drop those of earlier runs, so that they open nothing any more."""
    owner = ensure_owner()
    with writing():
        ApiKey.objects.filter(of_run=True).delete()
        store_key(owner, RUN_KEY_NAME, key, of_run=True)
