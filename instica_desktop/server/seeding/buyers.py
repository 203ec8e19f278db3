"""Made-up buyers with addresses in the form of their country.

Streets and people are invented, towns are real.

Telephone numbers come from ranges kept for fiction (US 555-01xx, UK 07700 900xxx) or are left out.
"""

import random
from typing import NamedTuple


class _Land(NamedTuple):
    code: str
    weight: int
    first: tuple[str, ...]
    last: tuple[str, ...]
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str, str], ...]
    number_first: bool


_LANDS: tuple[_Land, ...] = (
    _Land(
        "US",
        40,
        ("Avery", "Marcus", "Dana", "Leon", "Priya", "Hector", "Joanne", "Tyrone", "Mei", "Caleb"),
        ("Whitlock", "Okafor", "Brandt", "Delacruz", "Hanley", "Nakagawa", "Sutter", "Voss", "Kimball"),
        ("Larkspur Ave", "Old Mill Rd", "Juniper St", "Tannery Ln", "Harbor View Dr", "W Chestnut St"),
        (
            ("Portland", "OR", "97214"),
            ("Chicago", "IL", "60622"),
            ("Austin", "TX", "78704"),
            ("Brooklyn", "NY", "11215"),
            ("Detroit", "MI", "48202"),
            ("Oakland", "CA", "94609"),
        ),
        True,
    ),
    _Land(
        "GB",
        18,
        ("Imogen", "Callum", "Nadia", "Rhys", "Oluwaseun", "Fiona", "Gareth", "Tamsin"),
        ("Ashdown", "Pemberton", "McAllister", "Iqbal", "Threlfall", "Penrose", "Adeyemi"),
        ("Copper Row", "Kiln Lane", "Marlowe Street", "St Aldhelm's Road", "Weaver's Court"),
        (
            ("Bristol", "", "BS6 5QA"),
            ("Leeds", "", "LS6 2AB"),
            ("London", "", "E8 3RL"),
            ("Glasgow", "", "G12 8QQ"),
        ),
        True,
    ),
    _Land(
        "DE",
        14,
        ("Annika", "Jürgen", "Svenja", "Matthias", "Ayşe", "Björn", "Käthe", "Rüdiger"),
        ("Hölzer", "Brückner", "Weißmann", "Kowalczyk", "Öztürk", "Lüdecke", "Ziegler"),
        ("Lindenweg", "Am Güterbahnhof", "Färberstraße", "Mühlgasse", "Schillerplatz"),
        (
            ("Berlin", "", "10999"),
            ("Köln", "", "50823"),
            ("München", "", "80469"),
            ("Leipzig", "", "04229"),
        ),
        False,
    ),
    _Land(
        "FR",
        8,
        ("Éloïse", "Mathieu", "Aïcha", "Benoît", "Océane", "François"),
        ("Lefèvre", "Garnier-Bloch", "Benali", "Dufour", "Pélissier"),
        ("rue des Tanneurs", "quai du Canal", "impasse Verte", "rue de l'Écluse"),
        (("Lyon", "", "69004"), ("Paris", "", "75011"), ("Nantes", "", "44000")),
        True,
    ),
    _Land(
        "JP",
        8,
        ("健太", "美咲", "浩二", "由美子", "直樹"),
        ("佐藤", "渡辺", "小野寺", "長谷川", "藤井"),
        ("桜台", "本町", "緑ヶ丘", "南青山"),
        (
            ("世田谷区", "東京都", "154-0004"),
            ("北区", "大阪府", "530-0001"),
            ("中京区", "京都府", "604-8001"),
        ),
        False,
    ),
    _Land(
        "NL",
        5,
        ("Joost", "Femke", "Sander", "Marijke"),
        ("van den Hoek", "de Wit", "Hoogland", "Visser-Smit"),
        ("Kanaalkade", "Molenpad", "Zwanenlaan"),
        (("Utrecht", "", "3513 AB"), ("Rotterdam", "", "3011 CD")),
        False,
    ),
    _Land(
        "SE",
        3,
        ("Åsa", "Örjan", "Linnéa", "Håkan"),
        ("Sjöberg", "Lindgren", "Åkesson"),
        ("Björkvägen", "Hamngatan", "Södra Kajen"),
        (("Malmö", "", "211 20"), ("Göteborg", "", "411 07")),
        False,
    ),
    _Land(
        "CA",
        3,
        ("Maëlle", "Devon", "Anjali"),
        ("Tremblay", "Fraser", "Gill"),
        ("rue Bellechasse", "Maple Crescent", "Quarry Rd"),
        (("Montréal", "QC", "H2S 1A1"), ("Toronto", "ON", "M6G 1K4")),
        True,
    ),
    _Land(
        "PL",
        1,
        ("Łukasz", "Małgorzata", "Zbigniew"),
        ("Wójcik", "Żurawska", "Dąbrowski"),
        ("ul. Młyńska", "ul. Lipowa"),
        (("Kraków", "", "31-153"), ("Gdańsk", "", "80-830")),
        False,
    ),
)
_WEIGHTS = [land.weight for land in _LANDS]
CARRIERS_ABROAD = ("dhl", "fedex", "ups")


def _phone(code: str, rng: random.Random) -> str:
    if code == "US":
        return f"+1 503 555 01{rng.randrange(100):02d}"
    return f"+44 7700 900{rng.randrange(1000):03d}" if code == "GB" else ""


def draw_address(rng: random.Random) -> dict[str, str]:
    """Return a buyer's address in the wire's form; `country` is ISO 3166-1 alpha-2."""
    land = rng.choices(_LANDS, _WEIGHTS)[0]
    names = (rng.choice(land.first), rng.choice(land.last))
    city, state, code = rng.choice(land.towns)
    parts = (str(rng.randrange(1, 240)), rng.choice(land.streets))
    return {
        "full_name": " ".join(reversed(names) if land.code == "JP" else names),
        "line1": " ".join(parts if land.number_first else reversed(parts)),
        "line2": f"Apt {rng.randrange(1, 40)}" if land.code == "US" and rng.random() < 0.3 else "",
        "city": city,
        "state": state,
        "postal_code": code,
        "country": land.code,
        "phone": _phone(land.code, rng),
    }
