"""`/media/`: uploaded pictures and drawn sleeves, behind the same key as everything else.

Names come from the database, never from the request: a request's name is looked up, then the stored one is
opened.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.views import APIView

from instica_desktop.server.catalogue import catalogue
from instica_desktop.server.models import Asset, Organization, Product
from instica_desktop.server.sleeves.draw import FULL_SIZE, draw_sleeve
from instica_desktop.server.storage.folder import write_private
from instica_desktop.server.storage.full import is_full
from instica_desktop.server.storage.pictures import picture_file
from instica_desktop.server.storage.thumbnails import SIDE

_KINDS = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def _file_response(path: Path) -> HttpResponse:
    try:
        content = path.read_bytes()  # at most 20 MB, and a known length keeps the connection open
    except FileNotFoundError:
        raise NotFound("Not found.") from None
    return _response(content, _KINDS.get(path.suffix))


def _response(content: bytes, kind: str | None) -> HttpResponse:
    response = HttpResponse(content, content_type=kind or "application/octet-stream")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    if kind is None:
        response["Content-Disposition"] = "attachment"
    return response


def _drawn(sleeve: str, side: int) -> HttpResponse:
    path = settings.SHOP_FOLDER.sleeves / f"{sleeve}-{side}.png"
    if path.exists():
        return _file_response(path)
    content = draw_sleeve(sleeve, side)
    try:
        write_private(path, content)
    except OSError as error:
        if not is_full(error):
            raise  # on a full disk it is drawn anew each time
    return _response(content, _KINDS[".png"])


@extend_schema(exclude=True)
class UploadView(APIView):
    """An uploaded picture of the caller's organization."""

    def get(self, request: Any, shard: str, name: str) -> HttpResponse:
        """Return the file."""
        stem = f"{shard}/{name.partition('.')[0]}"
        organization = request.user.organization
        asset = Asset.objects.filter(stem=stem, item__organization=organization).first()
        if asset is not None:
            whole = f"{asset.stem}{asset.suffix}"
        elif organization is not None and organization.logo.startswith(f"{stem}."):
            whole = organization.logo
        else:
            product = Product.objects.filter(organization=organization, image__startswith=f"{stem}.").first()
            whole = product.image if product else ""
        names = {whole: whole, f"{stem}.thumb.jpg": f"{stem}.thumb.jpg"} if whole else {}
        wanted = names.get(f"{shard}/{name}")
        if not wanted:
            raise NotFound("Not found.")
        return _file_response(picture_file(wanted))


def _known_sleeve(organization: Organization, key: str) -> str:
    """Return the sleeve of this name as we store it, empty when there is none."""
    product = Product.objects.filter(organization=organization, sleeve=key).first()
    if product is not None:
        return product.sleeve
    releases = catalogue()
    return next((sleeve for sleeve in releases.sleeves if sleeve == key), "") if releases else ""


@extend_schema(exclude=True)
class SleeveView(APIView):
    """A drawn sleeve of one of the caller's products or of the catalogue; drawn when first asked for."""

    def get(self, request: Any, name: str) -> HttpResponse:
        """Return the file."""
        key, _, rest = name.partition(".")
        side = {"png": FULL_SIZE, "thumb.png": SIDE}.get(rest)
        sleeve = _known_sleeve(request.user.organization, key)
        if not sleeve or side is None:
            raise NotFound("Not found.")
        return _drawn(sleeve, side)
