"""Mails as people and machines write them, from `tests/fixtures/mail`, and some of our own."""

from pathlib import Path

FOLDER = Path(__file__).parents[3] / "fixtures" / "mail"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))
BEN = "ben.reed@council.example"
RETURN_TAG, REPLY_TAG = "b1.aaaaaaaaaaaaaaaa", "r1.aaaaaaaaaaaaaaaa"
"""What the samples bear instead of a tag that is signed."""


def sample(name: str, **replaced: str) -> bytes:
    """Return a sample; `reply_tag`, `return_tag` and `reader` go where the sample has its own."""
    text = (FOLDER / f"{name}.eml").read_text(encoding="utf-8")
    text = text.replace(RETURN_TAG, replaced.get("return_tag", RETURN_TAG))
    text = text.replace(REPLY_TAG, replaced.get("reply_tag", REPLY_TAG))
    return text.replace(BEN, replaced.get("reader", BEN)).encode()


def mail(body: str = "", **headers: str) -> bytes:
    """Return a mail of Ben's with these headers besides; `_` stands for `-` in a name."""
    known = {
        "From": f"Ben Reed <{BEN}>",
        "To": "challenges@programme.example",
        "Subject": "Re: GAR-26",
        "Date": "Tue, 02 Mar 2027 10:00:00 +0000",
        "Message-ID": "<said@council.example>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    known |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\n" for name, value in known.items() if value)
    return f"{head}\n{body}".encode()
