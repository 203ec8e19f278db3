"""Every endpoint of the contract, by section: mark (D published, O ours), method, path.

The table is the contract's own list. `test_coverage` holds the server, the client and the tests against it.
"""

from typing import NamedTuple


class Endpoint(NamedTuple):
    """One method of one path; `{…}` stands for one segment."""

    section: str
    mark: str
    method: str
    path: str


def _rows(section: str, text: str) -> list[Endpoint]:
    rows: list[Endpoint] = []
    for line in text.strip().splitlines():
        mark, methods, path = line.split()
        rows += [Endpoint(section, mark, method, path) for method in methods.split(",")]
    return rows


ENDPOINTS = (
    *_rows("Common", "O GET /api/health/\nO GET /api/schema/"),
    *_rows(
        "Authentication",
        """
        D POST /api/auth/register/email/
        O POST /api/auth/email/verify/
        O POST /api/auth/email/verify/resend/
        O POST /api/auth/login/
        D POST /api/auth/apple/
        O POST /api/auth/{provider}/
        D POST /api/auth/validate/
        D POST /api/auth/logout/
        O POST /api/auth/password/reset/
        O POST /api/auth/password/reset/confirm/
        O POST /api/auth/email-recovery/
        O GET,POST /api/auth/social/
        O DELETE /api/auth/social/{provider}/
        D GET,POST /api/v1/api-keys/
        O GET /api/v1/api-keys/current/
        D GET,DELETE /api/v1/api-keys/{pk}/
        D POST /api/v1/api-keys/{pk}/rotate/
        D GET /api/v1/api-usage/
        """,
    ),
    *_rows(
        "Products",
        """
        D GET,POST /api/v1/products/
        O GET,PATCH,DELETE /api/v1/products/{uid}/
        O POST,DELETE /api/v1/products/{uid}/image/
        O GET /api/v1/products/{uid}/presences/
        O GET /api/v1/catalog/search/
        """,
    ),
    *_rows(
        "Inventory",
        """
        D GET,POST /api/v1/inventory/
        D GET /api/v1/inventory/{uid}/
        O PATCH,DELETE /api/v1/inventory/{uid}/
        O GET,POST /api/v1/inventory/{uid}/assets/
        O PATCH,DELETE /api/v1/inventory/{uid}/assets/{asset}/
        O POST /api/v1/inventory/{uid}/assets/reorder/
        O GET,POST /api/v1/inventory/{uid}/listings/
        O PATCH /api/v1/inventory/{uid}/listings/{listing}/
        O POST /api/v1/inventory/{uid}/listings/{listing}/delist/
        O POST /api/v1/inventory/bulk/
        O GET /api/v1/inventory/analytics/
        O GET /api/v1/inventory/export/
        O POST /api/v1/inventory/import/
        O GET /api/v1/inventory/import/{job}/
        O POST /api/v1/inventory/import/{job}/cancel/
        O GET /api/v1/inventory/import/{job}/rows/
        """,
    ),
    *_rows(
        "Orders & sales",
        """
        D GET /api/v1/orders/
        O GET,PATCH /api/v1/orders/{uid}/
        O GET,POST /api/v1/orders/{uid}/shipments/
        O PATCH,DELETE /api/v1/orders/{uid}/shipments/{shipment}/
        O POST /api/v1/orders/bulk-ship/
        O GET /api/v1/orders/stats/
        O GET /api/v1/orders/analytics/
        O GET /api/v1/orders/reports/{report}/
        """,
    ),
    *_rows(
        "Marketplace & import",
        """
        D GET /api/v1/platforms/
        O GET /api/v1/marketplace/connections/
        O DELETE /api/v1/marketplace/connections/{uid}/
        O POST /api/v1/marketplace/connections/{uid}/sync/
        O GET,POST /api/v1/marketplace/import-jobs/
        O GET /api/v1/marketplace/import-jobs/{uid}/
        O POST /api/v1/marketplace/import-jobs/{uid}/cancel/
        """,
    ),
    *_rows(
        "User & account",
        """
        D GET,PATCH /api/v1/user/me/
        O POST /api/v1/user/password/
        O GET /api/v1/user/listing-eligibility/
        O POST /api/v1/user/support/
        O GET,POST /api/v1/user/device-tokens/
        O DELETE /api/v1/user/device-tokens/{uid}/
        """,
    ),
    *_rows(
        "Subscriptions",
        """
        D GET /api/v1/subscriptions/plans/
        D GET /api/v1/subscriptions/status/
        O POST /api/v1/subscriptions/checkout/
        O POST /api/v1/subscriptions/portal/
        O POST /api/v1/subscriptions/cancel/
        O POST /api/v1/subscriptions/resume/
        O POST /api/v1/subscriptions/apple/verify/
        O GET /api/v1/subscriptions/invoices/
        O GET /api/v1/subscriptions/payment-methods/
        O POST /api/v1/subscriptions/payment-methods/{uid}/default/
        O DELETE /api/v1/subscriptions/payment-methods/{uid}/
        """,
    ),
    *_rows(
        "Organization",
        """
        O GET /api/v1/organization/
        O POST /api/v1/organization/switch/
        D GET,PATCH /api/v1/organization/{uid}/
        D GET /api/v1/organization/{uid}/team/
        O PATCH,DELETE /api/v1/organization/{uid}/team/{member}/
        O GET,POST /api/v1/organization/{uid}/invites/
        O POST /api/v1/organization/{uid}/invites/{invite}/resend/
        O DELETE /api/v1/organization/{uid}/invites/{invite}/
        O POST /api/v1/invites/{token}/accept/
        O GET,POST /api/v1/organization/{uid}/addresses/
        O PATCH,DELETE /api/v1/organization/{uid}/addresses/{address}/
        """,
    ),
)
