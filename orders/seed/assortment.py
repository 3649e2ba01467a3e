"""What the shop sells: three levels of categories, and what products in each are like."""

from __future__ import annotations

from dataclasses import dataclass

COLOURS = "black white grey navy olive sand rust teal".split()
WOODS = "oak beech walnut birch pine".split()
CLOTHS = "cotton linen wool hemp".split()
METALS = "steel brass copper aluminium".split()
SIZES = ["XS", "S", "M", "L", "XL"]
STYLES = "Alto Brisa Corso Delta Fjord Gamma Halma Juno Kilo Lumo Mira Nordic Orbit Pico".split()

TAGS = (
    "New",
    "Bestseller",
    "Sale",
    "Organic",
    "Fair trade",
    "Gift",
    "Handmade",
    "Recycled",
    "Vegan",
    "Limited edition",
    "For children",
    "Outdoor",
    "Travel",
    "Award winner",
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category of the third level.

    Args:
        nouns: what lies on it.
        material: the attribute that tells its products apart, and its values.
        price: from and to, in cents.
        sized: whether people choose a size.
    """

    name: str
    nouns: tuple[str, ...]
    material: tuple[str, list[str]]
    price: tuple[int, int]
    sized: bool = False


def _shelf(
    line: str, what: str, values: list[str], least: int, most: int, *, sized: bool = False
) -> Shelf:
    name, _, nouns = line.partition(": ")
    return Shelf(name, tuple(nouns.split(", ")), (what, values), (least, most), sized)


Tree = dict[str, dict[str, list[Shelf]]]

TREE: Tree = {
    "Home": {
        "Living room": [
            _shelf("Tables: Side table, Coffee table, Console", "wood", WOODS, 5900, 49900),
            _shelf("Lamps: Floor lamp, Reading lamp, Pendant", "metal", METALS, 2900, 24900),
            _shelf("Cushions: Cushion, Throw, Pouffe", "cloth", CLOTHS, 1500, 11900),
        ],
        "Kitchen": [
            _shelf("Pots and pans: Saucepan, Frying pan, Wok", "metal", METALS, 2400, 17900),
            _shelf("Boards: Chopping board, Bread box, Tray", "wood", WOODS, 1200, 8900),
            _shelf("Tableware: Plate, Bowl, Mug", "glaze", COLOURS, 600, 3900),
        ],
        "Bedroom": [
            _shelf("Linen: Duvet cover, Pillowcase, Sheet", "cloth", CLOTHS, 1900, 14900),
            _shelf("Beds: Bed frame, Bedside table, Bench", "wood", WOODS, 9900, 129900),
        ],
    },
    "Clothing": {
        "Tops": [
            _shelf("Shirts: Shirt, Blouse, Polo", "cloth", CLOTHS, 2500, 11900, sized=True),
            _shelf("Knitwear: Jumper, Cardigan, Vest", "cloth", CLOTHS, 3900, 17900, sized=True),
        ],
        "Outerwear": [
            _shelf("Jackets: Rain jacket, Parka, Coat", "cloth", CLOTHS, 7900, 34900, sized=True),
            _shelf("Accessories: Scarf, Cap, Gloves", "cloth", CLOTHS, 1200, 6900, sized=True),
        ],
        "Footwear": [
            _shelf("Shoes: Trainers, Boots, Loafers", "colour", COLOURS, 4900, 22900, sized=True),
            _shelf("Socks: Socks, Tights, Slippers", "cloth", CLOTHS, 500, 3900, sized=True),
        ],
    },
    "Outdoors": {
        "Camping": [
            _shelf("Tents: Tent, Tarp, Hammock", "colour", COLOURS, 4900, 69900),
            _shelf("Stoves: Stove, Kettle, Flask", "metal", METALS, 1900, 15900),
        ],
        "Cycling": [
            _shelf("Bags: Pannier, Backpack, Bar bag", "colour", COLOURS, 3900, 18900),
            _shelf("Parts: Bell, Rack, Mudguard", "metal", METALS, 900, 9900),
        ],
        "Garden": [
            _shelf("Tools: Spade, Rake, Watering can", "metal", METALS, 1400, 8900),
            _shelf("Seats: Deck chair, Bench seat, Stool", "wood", WOODS, 3900, 39900),
        ],
    },
    "Electronics": {
        "Audio": [
            _shelf("Headphones: Headphones, Earbuds, Headset", "colour", COLOURS, 2900, 39900),
            _shelf("Speakers: Speaker, Soundbar, Radio", "colour", COLOURS, 3900, 89900),
        ],
        "Desk": [
            _shelf("Input: Keyboard, Mouse, Trackball", "colour", COLOURS, 1900, 19900),
            _shelf("Power: Charger, Cable, Power bank", "colour", COLOURS, 900, 9900),
        ],
    },
    "Books and paper": {
        "Paper": [
            _shelf("Notebooks: Notebook, Diary, Sketchbook", "cover", COLOURS, 700, 3900),
            _shelf("Cards: Card set, Envelopes, Wrapping paper", "colour", COLOURS, 300, 1900),
        ],
        "Writing": [
            _shelf("Pens: Fountain pen, Ballpoint, Pencil set", "metal", METALS, 400, 15900),
            _shelf("Desk pads: Blotter, Pen tray, Bookend", "wood", WOODS, 1500, 7900),
        ],
    },
}
