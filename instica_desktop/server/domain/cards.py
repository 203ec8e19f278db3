"""The cards the stand-in for a payment provider knows. There is no number to type, so none can leak."""

from typing import NamedTuple


class Card(NamedTuple):
    """A card as its owner recognizes it; one that is not `good` is declined, to try that out."""

    code: str
    brand: str
    last4: str
    good: bool = True

    @property
    def label(self) -> str:
        """The card in words."""
        return f"{self.brand} ending in {self.last4}"


CARDS = {
    card.code: card
    for card in (
        Card("visa", "Visa", "4242"),
        Card("mastercard", "Mastercard", "4444"),
        Card("amex", "American Express", "0005"),
        Card("declined", "Visa", "0002", good=False),
    )
}
