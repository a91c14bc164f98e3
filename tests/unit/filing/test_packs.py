"""A pack is the same bytes every time, and says whose it is and what is in it."""

import io
import zipfile
from dataclasses import replace

import pytest

from workflow.filing.packs import COVER, Pack, Part, member_of, zipped

TIMETABLE = Part(
    key="timetable",
    title="Timetable",
    version=2,
    location="Timetable final.PDF",
    sha256="ab" * 32,
    content=b"%PDF",
)
ELSEWHERE = Part(key="background", title="Background", version=1, location="<shared> folder")
PACK = Pack(
    reference="NOR-26",
    client="Northshire & Co",
    title="Briefing pack",
    version=3,
    number=4,
    person="Ada <b>Marsh</b>",
    parts=(TIMETABLE, ELSEWHERE),
)


def opened(pack: Pack) -> dict[str, bytes]:
    """Return what is in the ZIP of a pack, by name."""
    with zipfile.ZipFile(io.BytesIO(zipped(pack))) as file:
        return {name: file.read(name) for name in file.namelist()}


def test_a_pack_holds_its_cover_and_the_documents_that_are_kept() -> None:
    assert list(opened(PACK)) == [COVER, "01-timetable.pdf"]
    assert opened(PACK)["01-timetable.pdf"] == b"%PDF"


def test_the_cover_says_whose_it_is_and_escapes_what_people_wrote() -> None:
    cover = opened(PACK)[COVER].decode()
    for said in (
        "<h1>Briefing pack: NOR-26</h1>",
        "<th>Challenge</th><td>NOR-26, Northshire &amp; Co</td>",
        "<th>For</th><td>Ada &lt;b&gt;Marsh&lt;/b&gt;</td>",
        "<th>Version</th><td>3</td>",
        "<th>Copy</th><td>4</td>",
        f"Timetable, version 2: 01-timetable.pdf<br><small>SHA-256 {'ab' * 32}</small>",
        "Background, version 1: kept at &lt;shared&gt; folder",
    ):
        assert said in cover


def test_the_same_pack_is_the_same_bytes_and_another_person_makes_another() -> None:
    assert zipped(PACK) == zipped(replace(PACK))
    assert zipped(PACK) != zipped(replace(PACK, person="Ben Okoro", number=5))


@pytest.mark.parametrize(
    ("location", "name"),
    [
        ("a.pdf", "01-timetable.pdf"),
        ("../../evil.sh", "01-timetable.sh"),
        ("x/../.ssh/id_rsa", "01-timetable"),
        ("noending", "01-timetable"),
        ("a.too_long_to_be_one", "01-timetable"),
        ("", "01-timetable"),
    ],
)
def test_a_name_in_a_pack_is_never_a_path(location: str, name: str) -> None:
    assert member_of(replace(TIMETABLE, location=location), 1) == name
    hostile = replace(TIMETABLE, key="../../timetable", location="")
    assert member_of(hostile, 1) == "01--timetable"
