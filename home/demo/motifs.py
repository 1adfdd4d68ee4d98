"""All motifs of the pictures, with the words that say in both languages what they show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from home.demo import indoors, journeys, landscapes, places
from home.demo.drawing import Sheet


@dataclass(frozen=True)
class Motif:
    """How a motif is drawn and what a reader who does not see it is told; true for every seed."""

    draw: Callable[[Sheet], None]
    alt_de: str
    alt_en: str


MOTIFS: dict[str, Motif] = {
    "hills": Motif(
        landscapes.hills,
        "Zeichnung: kleine Stadt mit Turm zwischen Hügeln und Bäumen",
        "Drawing: small town with a tower among hills and trees",
    ),
    "river": Motif(
        landscapes.river,
        "Zeichnung: Fluss mit zwei Booten, am Ufer Häuser und Bäume",
        "Drawing: river with two boats, houses and trees on the bank",
    ),
    "bridge": Motif(
        landscapes.bridge,
        "Zeichnung: Menschen gehen über eine Steinbrücke zwischen zwei Ortschaften",
        "Drawing: people crossing a stone bridge between two towns",
    ),
    "harbour": Motif(
        landscapes.harbour,
        "Zeichnung: Hafen mit Giebelhäusern und zwei Segelbooten",
        "Drawing: harbour with gabled houses and two sailing boats",
    ),
    "sailing": Motif(
        landscapes.sailing,
        "Zeichnung: drei Segelboote auf dem Wasser vor flachen Hügeln",
        "Drawing: three sailing boats on the water in front of low hills",
    ),
    "sea": Motif(
        landscapes.sea,
        "Zeichnung: Küste mit Leuchtturm, Häusern und einem Segelboot auf dem Meer",
        "Drawing: coast with a lighthouse, houses and a sailing boat at sea",
    ),
    "mountains": Motif(
        landscapes.mountains,
        "Zeichnung: verschneite Gipfel, davor vier kleine Dörfer und Tannen",
        "Drawing: snowy peaks with four small villages and firs in front",
    ),
    "train": Motif(
        journeys.train,
        "Zeichnung: Zug auf einem Viadukt, dahinter eine Stadt und Hügel",
        "Drawing: train on a viaduct with a town and hills behind it",
    ),
    "night_train": Motif(
        journeys.night_train,
        "Zeichnung: Nachtzug mit erleuchteten Fenstern unter Mond und Sternen",
        "Drawing: night train with lit windows under the moon and stars",
    ),
    "station": Motif(
        places.station,
        "Zeichnung: Bahnhof mit Uhr, auf dem Bahnsteig Menschen mit Koffern",
        "Drawing: railway station with a clock, people and suitcases on the platform",
    ),
    "townhall": Motif(
        places.townhall,
        "Zeichnung: Rathaus mit Uhrturm, auf dem Platz davor stehen Menschen",
        "Drawing: town hall with a clock tower and people standing on the square",
    ),
    "school": Motif(
        places.school,
        "Zeichnung: Schulgebäude mit offener Tür, davor eine große Gruppe",
        "Drawing: school building with an open door and a large group in front",
    ),
    "market": Motif(
        places.market,
        "Zeichnung: Marktplatz mit gestreiften Ständen und vielen Menschen",
        "Drawing: market square with striped stalls and many people",
    ),
    "workshop": Motif(
        places.workshop,
        "Zeichnung: Werkhalle, sechs Menschen arbeiten an einer langen Werkbank",
        "Drawing: workshop hall, six people working at a long bench",
    ),
    "tents": Motif(
        places.tents,
        "Zeichnung: Zeltlager am Wald, vier Menschen am Lagerfeuer",
        "Drawing: tent camp by a wood, four people around a campfire",
    ),
    "stage": Motif(
        places.stage,
        "Zeichnung: Freilichtbühne mit Mikrofon und drei Menschen, davor Publikum",
        "Drawing: open-air stage with a microphone and three people, audience in front",
    ),
    "music": Motif(
        places.music,
        "Zeichnung: Band mit zwei Gitarren und Schlagzeug auf einer Bühne, davor Publikum",
        "Drawing: band with two guitars and drums on a stage, audience in front",
    ),
    "garden": Motif(
        places.garden,
        "Zeichnung: acht Menschen an einer langen Tafel im Garten unter Wimpeln",
        "Drawing: eight people at a long table in a garden under bunting",
    ),
    "vineyard": Motif(
        landscapes.vineyard,
        "Zeichnung: Weinberg mit Trockenmauern, dazwischen vier Menschen",
        "Drawing: vineyard with dry-stone walls and four people between them",
    ),
    "bicycles": Motif(
        journeys.bicycles,
        "Zeichnung: zwei Fahrräder an einer Landstraße mit Haltestelle",
        "Drawing: two bicycles by a country road with a bus stop",
    ),
    "minibus": Motif(
        journeys.minibus,
        "Zeichnung: Kleinbus mit Fahrgästen auf einer Landstraße, Menschen warten",
        "Drawing: minibus with passengers on a country road, people waiting",
    ),
    "mine": Motif(
        landscapes.mine,
        "Zeichnung: Förderturm an einem See, am Ufer vier Menschen",
        "Drawing: pithead tower by a lake, four people on the shore",
    ),
    "city": Motif(
        places.city,
        "Zeichnung: Wohnblocks in der Stadt, davor Bäume und Menschen",
        "Drawing: blocks of flats in a city with trees and people in front",
    ),
    "meeting": Motif(
        indoors.meeting,
        "Zeichnung: sieben Menschen um einen Tisch vor einem großen Fenster",
        "Drawing: seven people around a table in front of a large window",
    ),
    "office": Motif(
        indoors.office,
        "Zeichnung: zwei Menschen an einem Schreibtisch mit Telefon vor einem großen Fenster",
        "Drawing: two people at a desk with a telephone in front of a large window",
    ),
    "papers": Motif(
        indoors.papers,
        "Zeichnung: Textblatt, Checkliste mit Haken und Stift auf einem Tisch",
        "Drawing: a page of text, a ticked checklist and a pen on a table",
    ),
    "ledger": Motif(
        indoors.ledger,
        "Zeichnung: Tabelle, Taschenrechner und Münzen auf einem Tisch",
        "Drawing: a table of figures, a calculator and coins on a table",
    ),
    "signpost": Motif(
        journeys.signpost,
        "Zeichnung: Wegweiser mit drei Armen an einer Weggabelung, zwei Menschen davor",
        "Drawing: signpost with three arms at a fork in the path, two people in front",
    ),
}
