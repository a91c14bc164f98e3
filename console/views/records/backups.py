"""Backups and restores, in words."""

from typing import TYPE_CHECKING

from console.output import Output
from console.words import count, long_day

if TYPE_CHECKING:
    from workflow.backing_up.backups import KeysCopied, Made
    from workflow.backing_up.restoring import Restored


def show_backup(output: Output, made: "Made") -> None:
    """Show what was backed up, or where it would be."""
    said = made.manifest
    if output.is_json:
        facts = {"sha256": said.sha256, "schema": said.schema, "counts": dict(said.counts),
                 "log_size": said.log_size, "files": said.files} if said else {}  # fmt: skip
        output.document("backup", {"file": str(made.file), "is_dry_run": said is None, **facts})
        return
    if said is None:
        output.text([f"It would be written to {made.file}"])
        output.follow(f"backup {made.file.parent}")
        return
    counts = said.counts
    stored = "" if said.files is None else f", {count(said.files, 'stored file')} beside it"
    output.text(
        [
            f"Backed up to {made.file}",
            f"Whole: {count(counts['challenge'], 'challenge')}, {count(counts['event'], 'event')},"
            f" {count(counts['person'], 'person', 'people')}; the log is intact at "
            f"{count(said.log_size, 'entry', 'entries')}{stored}.",
            "The keys are not in it: copy them apart with peer-challenge backup --keys FILE",
        ]
    )
    output.follow(f"restore {made.file} --dry-run")


def show_keys(output: Output, copied: "KeysCopied") -> None:
    """Show that the keys were copied, and what that means."""
    if output.is_json:
        output.document(
            "backup",
            {"file": str(copied.file), "keys": copied.number, "destroy_by": copied.until},
        )
        return
    if not copied.number:
        output.text([f"The keys would be written to {copied.file}"])
        return
    output.text(
        [
            f"{count(copied.number, 'key')} copied to {copied.file}",
            "Keep it apart from every backup: with it and an old one, what was destroyed since can",
            f"be read. Destroy it by {long_day(copied.until)}, and make a new one.",
        ]
    )
    output.follow("backup FOLDER")


def show_keys_back(output: Output, number: int) -> None:
    """Show how many keys were put back."""
    if output.is_json:
        output.document("restore", {"keys": number})
        return
    output.text([f"{count(number, 'key')} put back." if number else "No key was missing."])
    output.follow("doctor")


def show_look(output: Output, made_at: str, file: str) -> None:
    """Show that a backup could be put in place."""
    if output.is_json:
        output.document("restore", {"file": file, "made_at": made_at, "is_dry_run": True})
        return
    output.text([f"{file} is whole, and can be put in place. Nothing was changed."])
    output.follow(f"restore {file}")


def show_restored(output: Output, done: "Restored") -> None:
    """Show what a restore came to, and what people must do now."""
    output.is_rehearsal = done.is_rehearsal
    if output.is_json:
        facts = {
            "database": done.place,
            "made_at": done.manifest.made_at.isoformat(),
            "aside": done.aside,
            "destroyed_again": done.destroyed,
            "doubtful_messages": done.doubtful,
            "files": done.files,
            "keys": done.keys,
            "later_anchors": list(done.later),
        }
        output.document("restore", facts)
        return
    output.text(_lines(done, output))
    output.follow("mail list --status uncertain", "audit verify", "mail release")


def _lines(done: "Restored", output: Output) -> list[str]:
    made = done.manifest.made_at.astimezone(output.zone)
    lines = [f"{done.place} is as it was on {long_day(made.date())} at {made:%H:%M}."]
    if done.aside:
        lines.append(f"What was there is kept as {done.aside}: remove it when it is not needed.")
    if done.keys:
        lines.append(f"{count(done.keys, 'key')} put back.")
    if done.files:
        lines.append(f"{count(done.files, 'stored file')} put back.")
    if done.destroyed:
        what = count(done.destroyed, "order")
        lines.append(f"Destroyed again, since it was destroyed after the backup: {what}.")
    lines += [
        f"{place} knows of a longer log: what came after the backup is not in this database. "
        "Put that file aside with the old database; a new one is begun."
        for place in done.later
    ]
    doubtful = count(done.doubtful, "message")
    return [
        *lines,
        f"All mail is held. {doubtful} may have been sent since the backup: look at each, and say",
        "`mail settle ID --arrived` or `mail retry ID`; or send them all with "
        "`mail release --restored`.",
        "What people did since is not here: ask them. Links that were revoked since work again: "
        "`link revoke`.",
        "Then `mail release`.",
    ]
