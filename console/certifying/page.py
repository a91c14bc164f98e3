"""A certificate as one page of HTML, which says everything by itself, and as a PDF."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

from console.views.records.certificates import told
from workflow.model.errors import InvalidInput, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workflow.retaining.certificates import Certificate

TEMPLATE = Path(__file__).with_name("certificate.html")
NEEDED = (
    "a PDF needs one more package: pip install 'peer-challenge[pdf]'; and Pango, on Debian"
    " libpango-1.0-0 and libpangoft2-1.0-0"
)
VARIANT = "pdf/ua-1"


def html_of(
    certificate: "Certificate", names: "Mapping[int, str]", *, is_rehearsal: bool = False
) -> str:
    """Return the page of a certificate: no script, nothing from elsewhere.

    Raises:
        InvalidInput: it is not signed yet.
    """
    from jinja2 import Environment, StrictUndefined

    if not certificate.is_finished:
        raise InvalidInput(
            f"{certificate.number} is not signed yet: its destruction goes on with the next tick"
        )
    body = json.loads(certificate.body)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        number=certificate.number,
        lines=list(told(body, names)),
        body=certificate.body,
        signature=certificate.signature,
        is_rehearsal=is_rehearsal,
    )


def write_html(
    certificate: "Certificate", names: "Mapping[int, str]", path: str, *, is_rehearsal: bool
) -> None:
    """Write the page of a certificate.

    Raises:
        InvalidInput: it is not signed yet.
        Unavailable: the file cannot be written.
    """
    _write(path, html_of(certificate, names, is_rehearsal=is_rehearsal).encode())


def write_pdf(
    certificate: "Certificate", names: "Mapping[int, str]", path: str, *, is_rehearsal: bool
) -> None:
    """Write a certificate as a PDF that assistive technology can read (PDF/UA).

    Raises:
        InvalidInput: it is not signed yet, or the package that makes a PDF is not there.
        Unavailable: the file cannot be written.
    """
    page = html_of(certificate, names, is_rehearsal=is_rehearsal)
    try:
        from weasyprint import HTML
    except (ImportError, OSError) as error:
        raise InvalidInput(NEEDED) from error
    _write(path, HTML(string=page).write_pdf(pdf_variant=VARIANT))


def _write(path: str, content: bytes) -> None:
    try:
        Path(path).write_bytes(content)
    except OSError as error:
        raise Unavailable(f"{path} cannot be written: {error.strerror}") from error
