"""The play: invented people, four challenges, and who does what otherwise than on time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from console.words import long_day

BEGIN, SHOWN, END = date(2026, 9, 1), date(2026, 12, 14), date(2027, 3, 1)
DEFINITION = "local_system_peer_challenge"
MANAGER, PROGRAMME = "alex.reed@programme.example", "sam.ford@programme.example"

PEOPLE: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Sam Ford", PROGRAMME, "Peer programme", ()),
    ("Alex Reed", MANAGER, "Peer programme", ()),
    ("Robin Hale", "robin.hale@programme.example", "Peer programme", ()),
    ("Ada Marsh", "ada.marsh@council.example", "Westbrook Council", ("former_chief_executive",)),
    ("Ben Okoro", "ben.okoro@trust.example", "Lakeside Trust", ("trust_chief_executive",)),
    ("Cleo Vance", "cleo.vance@health.example", "Hillside Health", ("clinical_leader",)),
    ("Dev Patel", "dev.patel@council.example", "Millbridge", ("council_chief_executive",)),
    ("Eve Stone", "eve.stone@council.example", "Millbridge", ("social_care_director",)),
    ("Finn Gray", "finn.gray@council.example", "Westbrook Council", ("elected_member",)),
    ("Gita Rao", "gita.rao@board.example", "Valley Board", ("independent_chair",)),
    ("Hugh Lamb", "hugh.lamb@council.example", "Oakham", ("council_chief_executive",)),
    ("Nia Cole", "nia.cole@northshire.example", "Northshire system", ()),
    ("Will East", "will.east@westmere.example", "Westmere system", ()),
    ("Erin Dale", "erin.dale@eastvale.example", "Eastvale system", ()),
    ("Sue Holt", "sue.holt@southmoor.example", "Southmoor system", ()),
    ("Lee Frost", "lee.frost@systems.example", "Systems", ()),
    ("May Birch", "may.birch@systems.example", "Systems", ("elected_member",)),
)
PEERS = {
    "lead_peer": "ada.marsh@council.example",
    "trust_peer": "ben.okoro@trust.example",
    "commissioning_peer": "cleo.vance@health.example",
    "council_peer": "dev.patel@council.example",
    "social_care_peer": "eve.stone@council.example",
    "member_peer": "finn.gray@council.example",
    "system_peer": "gita.rao@board.example",
}
SUBSTITUTE = "hugh.lamb@council.example"
CLIENTS = {"system_lead": "lee.frost@systems.example", "member_lead": "may.birch@systems.example"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A challenge of the play. Everybody is on time but for `otherwise`: tasks on other days.

    From `until` on nobody does anything any more.
    """

    reference: str
    title: str
    contact: str
    begins: date
    dates: Mapping[str, date] = field(default_factory=dict)
    peers_from: date
    otherwise: Mapping[str, date] = field(default_factory=dict)
    until: date = date.max


PARTS = (
    Part(
        reference="NOR-26",
        title="Northshire system",
        contact="nia.cole@northshire.example",
        begins=date(2026, 9, 1),
        dates={"onsite_start": date(2026, 11, 24), "onsite_end": date(2026, 11, 27)},
        peers_from=date(2026, 9, 14),
        otherwise={
            "draft_report": date(2026, 12, 22),
            "report_agreed": date(2027, 1, 20),
            "client_sign_off": date(2027, 1, 22),
            "publish": date(2027, 2, 19),
        },
    ),
    Part(
        reference="WES-26",
        title="Westmere system",
        contact="will.east@westmere.example",
        begins=date(2026, 9, 2),
        dates={"onsite_start": date(2026, 11, 10), "onsite_end": date(2026, 11, 13)},
        peers_from=date(2026, 9, 10),
        otherwise={"draft_report": date(2026, 12, 18), "position_statement": date(2026, 10, 29)},
        until=date(2027, 1, 15),
    ),
    Part(
        reference="EAS-27",
        title="Eastvale system",
        contact="erin.dale@eastvale.example",
        begins=date(2026, 11, 2),
        dates={"onsite_start": date(2027, 3, 16), "onsite_end": date(2027, 3, 19)},
        peers_from=date(2026, 12, 7),
    ),
    Part(
        reference="SOU-27",
        title="Southmoor system",
        contact="sue.holt@southmoor.example",
        begins=date(2026, 12, 9),
        peers_from=date.max,
        otherwise={"scope_agreed": date.max},
    ),
)
DROPS_OUT = ("WES-26", "council_peer", date(2026, 10, 29), date(2026, 10, 30))

INTRODUCTION = (
    f"A rehearsal with invented people. The clock is walked from {long_day(BEGIN)} to",
    f"{long_day(END)}. Everybody is on time, except that in WES-26 a peer drops out twelve days",
    "before the visit, and the draft report is late.",
    "Every message goes to a mail server that this program brings along.",
)
ENDING = (
    "What to try next:",
    "  peer-challenge demo --keep demo-folder     the same, and the rehearsal stays to go on in",
    "  peer-challenge init                        your own database",
    "  peer-challenge definition show local_system_peer_challenge",
)
