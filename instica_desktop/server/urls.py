"""All addresses of the server, put together from `routes`."""

from instica_desktop.server.routes import (
    account,
    authentication,
    inventory,
    marketplace,
    orders,
    organization,
    products,
    public,
    subscriptions,
)

urlpatterns = [
    *public.ROUTES,
    *authentication.ROUTES,
    *account.ROUTES,
    *products.ROUTES,
    *inventory.ROUTES,
    *orders.ROUTES,
    *marketplace.ROUTES,
    *organization.ROUTES,
    *subscriptions.ROUTES,
]

handler400 = "instica_desktop.server.web.errors.bad_request"
handler403 = "instica_desktop.server.web.errors.forbidden"
handler404 = "instica_desktop.server.web.errors.not_found"
handler500 = "instica_desktop.server.web.errors.server_error"
