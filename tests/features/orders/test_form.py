"""The shipment form: what it recognises, what it refuses, what it only warns of."""

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from instica_desktop.core.errors import InputError
from instica_desktop.core.models import Shipment
from instica_desktop.features.orders.form import ShipmentForm, read_weight
from instica_desktop.features.orders.typed import NOTHING, Typed, typed_of
from instica_desktop.sync import ShipmentDraft
from tests.features.orders.conftest import USPS, USPS_WRONG


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """Return the window the form stands in; the fixture keeps it alive."""
    made = QWidget()
    made.resize(560, 320)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def form(holder: QWidget) -> ShipmentForm:
    made = ShipmentForm(holder)
    made.resize(528, 300)
    holder.show()
    return made


@pytest.fixture
def drafts(form: ShipmentForm) -> list[ShipmentDraft]:
    found: list[ShipmentDraft] = []
    form.submitted.connect(found.append)
    return found


def warning(form: ShipmentForm) -> str:
    found = form.findChild(QWidget, "trackingWarning")
    assert found is not None
    return found.text  # type: ignore[attr-defined,no-any-return]


def test_a_number_fills_the_carrier_and_says_so(form: ShipmentForm, drafts: list[ShipmentDraft]) -> None:
    QTest.keyClicks(form.tracking, USPS)
    assert form.carrier.value == "usps"
    assert form.tracking.badge.text == "USPS, check digit right"
    assert form.tracking.badge.tone == "success"
    QTest.mouseClick(form.ship, Qt.MouseButton.LeftButton)
    assert [(draft.carrier, draft.tracking_number) for draft in drafts] == [("usps", USPS.replace(" ", ""))]
    assert drafts[0].shipped_at is not None


def test_the_carrier_of_a_parcel_follows_its_corrected_number_unless_a_person_chose_it(
    form: ShipmentForm,
) -> None:
    told = Shipment(uid="s1", carrier="usps", tracking_number=USPS.replace(" ", ""))
    form.put(typed_of(told), as_is=told.tracking_number or "")
    assert form.typed() == typed_of(told)
    assert form.carrier.value == "usps"
    form.tracking.setText("1Z999AA10123456784")
    assert form.carrier.value == "ups"
    chosen = Shipment(uid="s2", carrier="other", tracking_number=USPS.replace(" ", ""))
    form.put(typed_of(chosen), as_is=chosen.tracking_number or "")
    form.tracking.setText("1Z999AA10123456784")
    assert form.carrier.value == "other"


def test_a_wrong_check_digit_warns_and_never_blocks(form: ShipmentForm, drafts: list[ShipmentDraft]) -> None:
    form.tracking.setText(USPS_WRONG)
    assert form.tracking.badge.tone == "warning"
    assert "check digit" in warning(form)
    form.submit()
    assert len(drafts) == 1
    form.tracking.setText(USPS)
    assert warning(form) == ""


def test_the_carrier_the_user_chose_stays(form: ShipmentForm, drafts: list[ShipmentDraft]) -> None:
    form.carrier.set_value("dhl")
    form.carrier.chosen.emit("dhl")
    form.tracking.setText(USPS)
    assert form.carrier.value == "dhl"
    assert "USPS" in warning(form)
    form.submit()
    assert drafts[0].carrier == "dhl"


def test_a_number_taken_away_takes_the_carrier_it_named_along(form: ShipmentForm) -> None:
    form.tracking.setText(USPS)
    form.tracking.setText("")
    assert form.carrier.value == ""
    assert form.tracking.badge.isHidden()


def test_without_a_carrier_the_form_says_so_at_the_field(
    form: ShipmentForm, drafts: list[ShipmentDraft]
) -> None:
    form.submit()
    assert drafts == []
    assert form.fields["carrier"].error
    form.tracking.setText(USPS)
    assert form.fields["carrier"].error == ""


@pytest.mark.parametrize("typed", ["1,5", "half a kilo", "-3", "²"])
def test_a_weight_that_cannot_be_read_stays_with_its_reason(
    form: ShipmentForm, drafts: list[ShipmentDraft], typed: str
) -> None:
    form.tracking.setText(USPS)
    form.weight.setText(typed)
    form.submit()
    assert drafts == []
    assert "1000" in form.fields["weight_grams"].error
    assert form.weight.text() == typed


def test_postage_is_told_while_it_is_typed_and_checked(
    form: ShipmentForm, drafts: list[ShipmentDraft]
) -> None:
    told: list[Decimal | None] = []
    form.postage_typed.connect(told.append)
    form.tracking.setText(USPS)
    form.postage.setText("5.85")
    assert told[-1] == Decimal("5.85")
    form.postage.setText("5,8,5")
    assert told[-1] is None
    form.submit()
    assert form.fields["cost_usd"].error
    assert drafts == []
    form.postage.setText("5.85")
    form.weight.setText("1 000 g")
    form.submit()
    assert (drafts[0].cost_usd, drafts[0].weight_grams) == (Decimal("5.85"), 1000)


def test_figures_of_any_keyboard_are_read_and_two_meanings_are_asked(
    form: ShipmentForm, drafts: list[ShipmentDraft]
) -> None:
    form.tracking.setText(USPS)
    form.weight.setText("１０００")
    form.postage.setText("1,234")
    form.submit()
    assert drafts == []
    choices = form.fields["cost_usd"].choices
    assert [button.text() for button in choices] == ["1,234.00", "1.23"]
    choices[1].click()
    assert not form.fields["cost_usd"].error
    form.submit()
    assert (drafts[0].cost_usd, drafts[0].weight_grams) == (Decimal("1.23"), 1000)


def test_what_is_typed_can_be_put_back(form: ShipmentForm) -> None:
    form.tracking.setText(USPS)
    form.service.setText("Media Mail")
    form.weight.setText("oops")
    typed = form.typed()
    form.put(NOTHING)
    assert form.typed() == NOTHING
    form.put(typed)
    assert form.typed() == typed
    assert form.tracking.found is not None


def test_enter_in_the_number_goes_on_to_what_is_missing(qtbot: QtBot, form: ShipmentForm) -> None:
    qtbot.waitExposed(form.window())
    form.window().activateWindow()
    form.tracking.setFocus()
    QTest.keyClicks(form.tracking, "ABC")
    QTest.keyClick(form.tracking, Qt.Key.Key_Return)
    assert form.window().focusWidget() is form.carrier
    form.tracking.setText(USPS)
    QTest.keyClick(form.tracking, Qt.Key.Key_Return)
    assert form.window().focusWidget() is form.service


def test_weights_are_whole_grams() -> None:
    assert read_weight("") is None
    assert read_weight(" 230 g ") == 230
    with pytest.raises(InputError) as refused:
        read_weight("230.5")
    assert refused.value.field == "weight_grams"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("N/A", "not a tracking number"),
        (f"{USPS}\n{USPS_WRONG}", "several"),
        ("by hand", "not a tracking number"),
    ],
)
def test_what_is_no_number_or_several_is_said_at_the_number(
    form: ShipmentForm, drafts: list[ShipmentDraft], typed: str, why: str
) -> None:
    form.carrier.set_value("usps")
    form.carrier.chosen.emit("usps")
    form.tracking.setText(typed)
    form.submit()
    assert drafts == []
    assert why in form.fields["tracking_number"].error
    assert form.tracking.text() == typed


@pytest.mark.parametrize(
    ("typed", "carrier"),
    [
        ("https://www.ups.com/track?tracknum=12345678901", "ups"),
        ("https://www.dhl.com/en/express/tracking.html?AWB=1234567891", "dhl"),
        ("Colissimo 8X12345678901", "la_poste"),
    ],
)
def test_a_link_or_a_name_before_the_number_fills_the_carrier(
    form: ShipmentForm, typed: str, carrier: str
) -> None:
    form.tracking.setText(typed)
    assert form.carrier.value == carrier
    form.carrier.set_value("usps")
    form.carrier.chosen.emit("usps")
    assert "looks like one of" in warning(form)


def test_both_the_form_of_a_number_and_the_name_before_it_are_believed(form: ShipmentForm) -> None:
    form.tracking.setText("LX123456785DE via DHL")
    form.carrier.set_value("dhl")
    form.carrier.chosen.emit("dhl")
    assert "looks like" not in warning(form)


def test_a_number_stored_before_is_kept_while_the_rest_is_changed(
    form: ShipmentForm, drafts: list[ShipmentDraft]
) -> None:
    form.put(Typed("by hand", "other", True), as_is="by hand")
    form.service.setText("Courier")
    form.submit()
    assert [(one.tracking_number, one.service) for one in drafts] == [("by hand", "Courier")]
    form.tracking.setText("by hands")
    form.submit()
    assert len(drafts) == 1
    form.put(Typed("by hand", "other", True))
    form.submit()
    assert len(drafts) == 1
