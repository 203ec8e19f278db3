"""The small form of an offer: marketplace, price, title."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Listing
from instica_desktop.core.models.common import Entity
from instica_desktop.features.inventory.offer_acts import for_all
from instica_desktop.features.making.drafts import put_text, text_of
from instica_desktop.qtkit import dialogs
from instica_desktop.qtkit.tasks import TaskScope
from instica_desktop.qtkit.text import Label, name_widget
from instica_desktop.qtkit.widgets.button import Button
from instica_desktop.qtkit.widgets.form_field import FormField
from instica_desktop.qtkit.widgets.inputs import MoneyField, Select, TextField
from instica_desktop.sync import OfferDraft, Shop

SAVED = "Saved here, then sent. Buyers see it from then on."
PLACE = "newOffer"
"""Begins what an offer of an item is kept under while it is typed."""


class OfferDialog(QDialog):
    """Asks for a new offer, or for the changes of one. `submitted(OfferDraft)` when all of it can be read.

    It stays open until `accept`: what is refused is said at its field. Before what is typed goes, it asks.
    """

    submitted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        platforms: Sequence[tuple[str, str]],
        price: Decimal | None,
        offer: Listing | None = None,
    ) -> None:
        """`platforms` may be chosen from; `price` is the item's. `offer` is changed, else one is made."""
        super().__init__(parent)
        words = f"Change this offer{for_all(offer)}" if offer else "Put on offer"
        name_widget(self, "offerDialog", words)
        self.setWindowTitle(words)
        self.setModal(True)
        self.setMinimumWidth(400)
        self._names = dict(platforms)
        self._scope = TaskScope(self)
        self._shop: Shop | None = None
        self._place = ""
        self._said = Label(
            "Saved here, then sent. Buyers see it from then on.",
            self,
            role="caption",
            ink="text_2",
            wrap=True,
        )
        self.platform = Select("offerPlatform", "Marketplace", self)
        self.platform.set_options(platforms)
        self.platform.set_value(platforms[0][0])
        self.platform.setEnabled(offer is None)
        self.price = MoneyField("offerPrice", "Price in US dollars", self)
        self.price.set_amount(offer.price_usd if offer else price)
        self.title_field = TextField("offerTitle", "Title", self, placeholder="The item’s own title")
        self.title_field.setText((offer.title if offer else "") or "")
        self.fields = {
            "platform": FormField("Marketplace", self.platform, self),
            "price_usd": FormField("Price", self.price, self),
            "title": FormField("Title", self.title_field, self),
        }
        self.save = Button("Save" if offer else "Offer", "offerSave", self, variant="filled")
        self.save.clicked.connect(self.submit)
        self.price.returnPressed.connect(self.submit)
        self.price.textEdited.connect(self._price_edited)
        self.fields["price_usd"].chosen.connect(self._price_edited)
        self.title_field.returnPressed.connect(self.submit)
        self._lay_out(words)
        self._before = self._typed()
        self.platform.chosen.connect(self._keep)
        self.price.textChanged.connect(self._keep)
        self.title_field.textChanged.connect(self._keep)

    def _typed(self) -> dict[str, str]:
        return {name: text_of(form.field) for name, form in self.fields.items()}

    @property
    def changed(self) -> frozenset[str]:
        """The fields (wire names) that no longer hold what the dialog opened with."""
        return frozenset(name for name, now in self._typed().items() if now != self._before[name])

    # ------------------------------------------------------------ what is typed

    def keep_in(self, shop: Shop, item: str) -> None:
        """Write down what is typed for an item; what was typed earlier and not offered is put back."""
        self._shop, self._place = shop, f"{PLACE} {item}"
        for name, draft in shop.drafts.of(Entity.ITEM, self._place).items():
            if name != "platform" or draft.text in self._names:
                put_text(self.fields[name].field, draft.text)
        if self.changed:
            self._said.setText("What you typed earlier and did not offer is here again.")

    def _keep(self, _text: str = "") -> None:
        if self._shop is None:
            return
        for name, text in self._typed().items():
            if name in self.changed:
                self._shop.drafts.keep(Entity.ITEM, self._place, name, text)
            else:
                self._shop.drafts.drop(Entity.ITEM, self._place, name)

    @property
    def places(self) -> list[tuple[Entity, str, str]]:
        """Where what is typed is written down."""
        return [(Entity.ITEM, self._place, name) for name in self.fields]

    def _forget(self) -> None:
        if self._shop is not None:
            for place in self.places:
                self._shop.drafts.drop(*place)

    def accept(self) -> None:
        """Close: it is saved."""
        self._forget()
        super().accept()

    def reject(self) -> None:
        """Close; ask first when something was typed."""
        if not self.changed:
            super().reject()
        elif not self._scope.busy("leave"):
            self._scope.spawn(self._leave(), "leave form", group="leave")

    async def _leave(self) -> None:
        words = ("Close without saving?", "What you typed here is not kept.", "Close")
        if await dialogs.confirm(self, *words, danger=True, keep="Go on typing"):
            self._forget()
            super().reject()

    def _lay_out(self, words: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addWidget(Label(words, self, role="h2"))
        for field in self.fields.values():
            column.addWidget(field)
        column.addWidget(self._said)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        cancel = Button("Cancel", "offerCancel", self, variant="plain")
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addWidget(self.save)
        self.setTabOrder(cancel, self.save)
        column.addLayout(row)

    def submit(self) -> None:
        """Read the form and hand it on; a price that cannot be read is said at its field."""
        for field in self.fields.values():
            field.set_error()
        try:
            price = self.price.amount()
        except InputError as error:
            self.fields["price_usd"].refuse(error)
            self.price.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        platform = self.platform.value
        self.submitted.emit(
            OfferDraft(
                platform=platform,
                platform_name=self._names.get(platform, ""),
                price_usd=price,
                title=self.title_field.text().strip(),
            )
        )

    def _price_edited(self, _text: str) -> None:
        self.fields["price_usd"].set_error()

    def show_error(self, field: str, message: str) -> None:
        """Say what is wrong at a field; at the marketplace what belongs to none."""
        wrong = self.fields.get(field, self.fields["platform"])
        wrong.set_error(message)
        wrong.field.setFocus(Qt.FocusReason.OtherFocusReason)
