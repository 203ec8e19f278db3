"""The fields of a product that can be edited, and the facts that cannot."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from instica_desktop.core.models import Product
from instica_desktop.features.forms import (
    Read,
    RecordForm,
    Show,
    TextBinding,
    list_binding,
    read_text,
    show_text,
)
from instica_desktop.features.product_words import read_name, read_title, read_year, show_name
from instica_desktop.qtkit.widgets.form_field import FormField, fields_in_row
from instica_desktop.qtkit.widgets.inputs import TextArea, TextField

PRESSING = (3, 5, 3)
"""Shares of year, format and country: a format such as “LP, Remastered” is longer than the others."""


class ProductFields(QWidget):
    """The form of one product, as in the pane. Every field saves itself through `form`."""

    def __init__(self, form: RecordForm, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("productFields")
        self._form = form
        self.title = TextField("productTitle", "Title", self)
        self.artist = TextField("productArtist", "Artist", self, placeholder="Miles Davis")
        self.label = TextField("productLabel", "Label", self, placeholder="Columbia")
        self.number = TextField(
            "productNumber", "Catalogue number", self, tabular=True, placeholder="CS 8163"
        )
        self.barcode = TextField("productBarcode", "Barcode", self, icon="barcode", tabular=True)
        self.year = TextField("productYear", "Year", self, tabular=True, placeholder="1959")
        self.format = TextField("productFormat", "Format", self, placeholder="LP")
        self.country = TextField("productCountry", "Country", self, placeholder="US")
        self.genres = TextField("productGenres", "Genres", self, placeholder="Jazz, Modal")
        self.tags = TextField("productTags", "Tags", self, placeholder="modal jazz, six-eye")
        self.description = TextArea("productDescription", "Description for marketplaces", self, lines=3)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._text("title", "Title", self.title, read_title))
        column.addLayout(
            fields_in_row(
                self._text("artist", "Artist", self.artist, read_name, show_name),
                self._text("label", "Label", self.label, read_name, show_name),
            )
        )
        column.addLayout(
            fields_in_row(
                self._text("catalog_number", "Catalogue number", self.number),
                self._text("barcode", "Barcode", self.barcode),
            )
        )
        column.addLayout(
            fields_in_row(
                self._text("year", "Year", self.year, read_year),
                self._text("format", "Format", self.format),
                self._text("country", "Country", self.country),
                shares=PRESSING,
            )
        )
        for field, words, inner in (("genres", "Genres", self.genres), ("tags", "Tags", self.tags)):
            form = FormField(words, inner, self, note="between commas")
            self._form.bind(list_binding(field, form))
            column.addWidget(form)
        description = FormField("Description", self.description, self, note="for marketplaces")
        self._form.bind(TextBinding("marketplace_description", description))
        column.addWidget(description)

    def _text(
        self, field: str, words: str, inner: TextField, read: Read = read_text, show: Show = show_text
    ) -> FormField:
        form = FormField(words, inner, self)
        self._form.bind(TextBinding(field, form, read=read, show=show))
        return form

    def show_product(self, product: Product) -> None:
        """A digital product has no pressing: what only a record has is quiet then."""
        for field in (self.number, self.barcode, self.country):
            field.setEnabled(product.type == "physical" or bool(field.text()))
