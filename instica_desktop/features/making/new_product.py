"""A product that is to be made: its fields, and the dialog of them."""

from PySide6.QtWidgets import QWidget

from instica_desktop.core.models.common import Entity
from instica_desktop.core.statuses import PRODUCT_TYPES
from instica_desktop.features.context import Context
from instica_desktop.features.forms import read_list
from instica_desktop.features.making.drafts import DraftFields
from instica_desktop.features.making.frame import MakingDialog
from instica_desktop.features.product_words import read_name, read_title, read_year
from instica_desktop.qtkit.widgets.inputs import Select, TextField
from instica_desktop.sync.making import Made

KEPT = ("type", "format", "label", "country")
"""What the next product of a stack is likely to share."""
PRESSING = (2, 3, 2, 3)
"""Shares of year, format, country and type: a format such as “LP, Remastered” is longer than a year."""


class ProductDraft(DraftFields):
    """Title, artist, label and pressing of a product that is not there yet."""

    def __init__(self, parent: QWidget, *, whole: bool = True) -> None:
        """`whole` has tags too; a product made along with a copy leaves them to the copy."""
        super().__init__("productDraft", parent)
        self.title = TextField("newTitle", "Title", self, placeholder="Kind of Blue")
        self.artist = TextField("newArtist", "Artist", self, placeholder="Miles Davis")
        self.label = TextField("newLabel", "Label", self, placeholder="Columbia")
        self.number = TextField("newNumber", "Catalogue number", self, tabular=True, placeholder="CS 8163")
        self.barcode = TextField("newBarcode", "Barcode", self, icon="barcode", tabular=True)
        self.year = TextField("newYear", "Year", self, tabular=True, placeholder="1959")
        self.format = TextField("newFormat", "Format", self, placeholder="LP")
        self.country = TextField("newCountry", "Country", self, placeholder="US")
        self.type = Select("newType", "Type", self)
        self.type.set_options(PRODUCT_TYPES)
        self.type.set_value("physical")
        self.genres = TextField("newGenres", "Genres and styles", self, placeholder="Jazz, Modal")
        self._lay_out()
        if whole:
            tags = TextField("newTags", "Tags", self, placeholder="six-eye, mono")
            self.column.addWidget(self.field("tags", "Tags", tags, read_list, note="between commas"))

    def _lay_out(self) -> None:
        self.column.addWidget(self.field("title", "Title", self.title, read_title))
        self.in_row(
            self.field("artist", "Artist", self.artist, read_name),
            self.field("label", "Label", self.label, read_name),
        )
        self.in_row(
            self.field("catalog_number", "Catalogue number", self.number),
            self.field("barcode", "Barcode", self.barcode),
        )
        self.in_row(
            self.field("year", "Year", self.year, read_year),
            self.field("format", "Format", self.format),
            self.field("country", "Country", self.country),
            self.field("type", "Type", self.type),
            shares=PRESSING,
        )
        self.column.addWidget(
            self.field("genres", "Genres and styles", self.genres, read_list, note="between commas")
        )


class NewProductDialog(MakingDialog):
    """Asks for a product and makes it."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(context, parent, "newProduct", "New product", "Add product")
        self.fields = ProductDraft(self)
        self.add_part(self.fields)
        if self.fields.keep_for(context, "newProduct"):
            self.say_back(self.fields.title.text().strip())
        self.fields.title.setFocus()

    @property
    def typed(self) -> bool:
        """Whether anything was typed."""
        return self.fields.typed

    async def make(self) -> Made | None:
        """Make the product; None when something cannot be read."""
        values = self.fields.read()
        if values is None:
            return None
        with self.context.shop.drafts.saving(self.fields.places):
            return await self.context.shop.making.product(values)

    def show_error(self, field: str, message: str) -> bool:
        """Say at a field what is wrong with it."""
        return self.fields.show_error(field, message)

    def forget(self) -> None:
        """Let go of what was written down of the form."""
        self.fields.forget()

    def start_over(self) -> None:
        """Make ready for another product, of the same kind."""
        self.fields.start_over(KEPT)
        self.fields.title.setFocus()

    def words(self, made: Made) -> str:
        """Return what was made."""
        assert made.entity is Entity.PRODUCT
        return f"new product {made.title}"
