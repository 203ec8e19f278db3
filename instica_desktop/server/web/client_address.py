"""From where a request came, for limits: the address, or for IPv6 the network one customer has.

A proxy of the team's own is believed about whom it speaks for; anybody else could write what they like. Of
the addresses in `X-Forwarded-For` the last one is what our proxy saw, those before it came with the request.
"""

import ipaddress
from typing import Any

from django.conf import settings

_CUSTOMER = 64


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((int(found), _CUSTOMER), strict=False))
    return str(found)


def client_address(request: Any) -> str:
    """Return whom to count a request for."""
    peer = request.META.get("REMOTE_ADDR", "")
    believed = peer in settings.SHOP_PROXIES or "*" in settings.SHOP_PROXIES
    told = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() if believed else ""
    return _network(told or peer)
