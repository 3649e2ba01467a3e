"""Names, towns and telephone numbers that look right and belong to nobody.

The numbers come from the ranges that the countries' authorities keep free for films and books.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from random import Random

FIRST_NAMES = (
    "Ada Adam Agnes Alba Alice Amina André Anna Anton Ben Björn Carla Chloé Clara Daan Dana "
    "David Elena Elif Emil Emma Erik Eva Felix Finn Frida Gina Greta Hanna Hugo Ida Ines Ivan "
    "Jan Jana Jonas Julia Jürgen Kai Karin Lara Lea Leo Lena Liam Lina Luca Lucas Maja Marc "
    "Maria Marta Mia Milan Mina Nadia Nils Nina Noah Nora Olga Oscar Paul Petra Pia Rosa Ruth "
    "Samir Sara Simon Sofia Tara Theo Thomas Tim Tom Vera Yara Zoé"
).split()

LAST_NAMES = (
    "Adler Ahmed Andersen Arnold Bakker Bauer Becker Berg Bianchi Brown Carter Clark Cohen "
    "Costa Davies Demir Dubois Evans Fischer Fontaine Fuchs Garcia Gray Green Gruber Haas Hall "
    "Hansen Hill Hofer Hoffmann Horvat Huber Jansen Jones Kaya Keller King Klein Koch Kowalska "
    "Krüger Lang Laurent Lee Lehmann Lewis Lopez Maier Martin Meyer Moore Moreau Morel Müller "
    "Murphy Nowak Nguyen Novak Olsen Petit Peeters Richter Rossi Roux Ryan Schäfer Schmidt "
    "Schulz Silva Simon Smit Smith Stein Taylor Thomas Turner Visser Vogel Wagner Walker Weber "
    "White Wolf Wood Wright Young Zimmer"
).split()

STREETS = (
    "Bahnhofstraße Gartenweg Lindenallee Marktplatz Mühlenweg Hauptstraße Schulstraße",
    "Church-Road High-Street Mill-Lane Station-Road Park-Avenue Queens-Road Victoria-Street",
    "rue-des-Lilas rue-de-la-Gare place-du-Marché avenue-Foch rue-Pasteur rue-du-Moulin",
    "Main-Street Oak-Avenue Maple-Street Lake-Drive Elm-Street Cedar-Lane Washington-Avenue",
    "Dorpsstraat Kerkstraat Molenweg Stationsweg Parklaan Schoolstraat Nieuwstraat",
    "ulica-Polna ulica-Lipowa ulica-Szkolna ulica-Ogrodowa ulica-Krótka ulica-Leśna",
)
GERMAN, BRITISH, FRENCH, AMERICAN, DUTCH, POLISH = (
    tuple(street.replace("-", " ") for street in line.split()) for line in STREETS
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country: its towns as (name, state, postal code with # for digits), how people write."""

    code: str
    share: int
    streets: tuple[str, ...]
    towns: tuple[tuple[str, str, str], ...]
    # Telephone number, # for digits.
    number: str
    number_first: bool = False

    def phone(self, random: Random) -> str:
        """Return a number in E.164."""
        return digits(self.number, random)


COUNTRIES = (
    Country(
        "DE",
        36,
        GERMAN,
        (
            ("Berlin", "", "10###"),
            ("Hamburg", "", "20###"),
            ("München", "", "80###"),
            ("Köln", "", "50###"),
            ("Leipzig", "", "04###"),
            ("Freiburg", "", "79###"),
        ),
        "+493023125###",
    ),
    Country(
        "GB",
        15,
        BRITISH,
        (
            ("London", "", "SE# #AB"),
            ("Leeds", "", "LS# #QD"),
            ("Bristol", "", "BS# #TR"),
            ("Glasgow", "", "G# #XX"),
        ),
        "+447700900###",
        number_first=True,
    ),
    Country(
        "FR",
        13,
        FRENCH,
        (("Paris", "", "750##"), ("Lyon", "", "690##"), ("Nantes", "", "440##")),
        "+33199000###",
        number_first=True,
    ),
    Country(
        "US",
        12,
        AMERICAN,
        (
            ("Portland", "OR", "972##"),
            ("Austin", "TX", "787##"),
            ("Madison", "WI", "537##"),
            ("Boston", "MA", "021##"),
        ),
        "+150355501##",
        number_first=True,
    ),
    Country(
        "NL",
        9,
        DUTCH,
        (("Utrecht", "", "35## AB"), ("Groningen", "", "97## KL"), ("Breda", "", "48## TD")),
        "",
    ),
    Country(
        "AT", 7, GERMAN, (("Wien", "", "10#0"), ("Graz", "", "80#0"), ("Linz", "", "40#0")), ""
    ),
    Country("PL", 5, POLISH, (("Kraków", "", "30-###"), ("Gdańsk", "", "80-###")), ""),
    Country(
        "CA",
        3,
        AMERICAN,
        (("Toronto", "ON", "M#V #K#"), ("Vancouver", "BC", "V#B #T#")),
        "+141655501##",
        number_first=True,
    ),
)
SHARES = tuple(accumulate(country.share for country in COUNTRIES))


def address(country: Country, random: Random) -> str:
    """Return street, second line, city, state, postal code and country as columns for COPY."""
    street, number = random.choice(country.streets), random.randrange(1, 180)
    line = f"{number} {street}" if country.number_first else f"{street} {number}"
    flat = f"{random.randrange(1, 9)}. floor" if random.random() < 0.2 else ""
    city, state, code = random.choice(country.towns)
    return f"{line}\t{flat}\t{city}\t{state}\t{digits(code, random)}\t{country.code}"


def digits(pattern: str, random: Random) -> str:
    """Return the pattern with a digit for every #."""
    return "".join(str(random.randrange(10)) if sign == "#" else sign for sign in pattern)
