"""A database that is moved to another place, in words."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count

if TYPE_CHECKING:
    from workflow.backing_up.moving import Moved


def show_look(output: Output, found: "Moved") -> None:
    """Show what a move would copy."""
    if output.is_json:
        output.document("migrate-database", {**_facts(found), "is_dry_run": True})
        return
    output.text([f"It would be moved to {found.place}: {_whole(found)}.", *_doubt(found)])
    output.follow("migrate-database --to URL")


def show_moved(output: Output, moved: "Moved", source: str) -> None:
    """Show what was moved, and what has to be set now."""
    if output.is_json:
        facts = {"from": source, "root": moved.root, "is_dry_run": False}
        output.document("migrate-database", {**_facts(moved), **facts})
        return
    output.text(
        [
            f"Moved to {moved.place}: {_whole(moved)}.",
            f"Every row is the same; the tree has the same root ({moved.root[:8]}).",
            *_doubt(moved),
            f"{source} can be read, and refuses changes.",
            "Set on every machine, then start `peer-challenge run` again:",
            f'  database_url = "{_url(moved.place)}"    (with user and password, if it has them)',
            f'  vault = "{moved.vault}"    (the keys stay there; every machine must reach them)',
            f"  link_keys = …    {_links(source)}",
            f"Stored files stay in {moved.files}.",
        ]
    )
    output.follow("doctor", "audit verify")


def show_taken_back(output: Output, source: str, place: str, *, is_dry_run: bool) -> None:
    """Show that a database is used again where it was, or would be."""
    if output.is_json:
        facts = {"database": source, "was_moved_to": place, "is_dry_run": is_dry_run}
        output.document("migrate-database", facts)
        return
    if is_dry_run:
        output.text([f"{source} would be used again. Nothing was changed."])
        output.follow("migrate-database --undo")
        return
    output.text(
        [
            f"{source} can be changed again. All mail is held: {place} may have sent some.",
            f"Let nobody work in {place} any more; what was done there is not here.",
        ]
    )
    output.follow("mail list", "mail release")


def _facts(moved: "Moved") -> dict[str, Any]:
    return {
        "to": moved.place,
        "counts": moved.counts,
        "log_size": moved.log_size,
        "doubtful_messages": moved.doubtful,
        "vault": str(moved.vault),
        "files": str(moved.files),
    }


def _whole(moved: "Moved") -> str:
    number, size = moved.counts, moved.log_size
    return (
        f"{count(number['challenge'], 'challenge')}, {count(number['event'], 'event')}, "
        f"{count(number['person'], 'person', 'people')}; the log has "
        f"{count(size, 'entry', 'entries')}"
    )


def _doubt(moved: "Moved") -> list[str]:
    if not moved.doubtful:
        return []
    what = count(moved.doubtful, "message")
    return [f"All mail is held there: {what} of it were being sent. See mail list, mail release."]


def _url(place: str) -> str:
    return f"sqlite:///{place}" if place.startswith("/") else place


def _links(source: str) -> str:
    if not source.startswith("/"):
        return "(as before: links that were sent go on working)"
    if Path(f"{source}.keys").exists():
        return f"(what is in {source}.keys: links that were sent go on working)"
    return "(32 characters or more that nobody can guess: no link was sent yet)"
