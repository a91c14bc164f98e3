"""Who may import whom: every contract of `pyproject.toml` catches a planted violation."""

import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT


@dataclass(frozen=True)
class Plant:
    """An import where it may not stand: caught if the report of `contract` names `says`."""

    contract: str
    module: str
    imports: str
    says: str

    def put(self, root: Path) -> None:
        """Write the import into the module, at its end; make the module where there is none."""
        base = root.joinpath(*self.module.split("."))
        path = base / "__init__.py" if base.is_dir() else base.with_suffix(".py")
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(f"{before}\nimport {self.imports}\n", encoding="utf-8")


def plant(contract: str, module: str, imports: str, says: str = "") -> Plant:
    """Return a plant whose report names the module, unless `says` tells better."""
    return Plant(contract, module, imports, says or module)


PLANTS = [
    plant("houses", "workflow.model.planted_a", "notifications.render"),
    plant("houses", "definitions.planted_b", "notifications.render"),
    plant("houses", "notifications.planted_c", "console"),
    plant("floors", "workflow.model.planted_d", "workflow.store"),
    plant("floors", "workflow.store.planted_e", "workflow.engine"),
    plant("pure-model", "workflow.model.planted_f", "sqlite3"),
    plant("pure-model", "workflow.model.planted_g", "os"),
    plant("pure-model", "workflow.model.planted_h", "click"),
    plant("clock-alone", "workflow.clock", "workflow.model.events", "workflow.clock -> workflow.m"),
    plant("store-timeless", "workflow.store.planted_i", "workflow.clock"),
    plant("definitions-data", "definitions.planted_j", "workflow.store"),
    plant("notifications-outbox", "notifications.planted_k", "workflow.engine"),
    plant("notifications-store", "notifications.planted_0", "workflow.store.challenges"),
    plant("console-store", "console.planted_l", "workflow.store"),
    plant("entry-points", "workflow.model.planted_m", "bootstrap"),
    plant("entry-points", "notifications.planted_n", "cli"),
    plant("cli-outermost", "console.planted_o", "cli"),
    plant("door-transitions", "workflow.model.planted_p", "transitions"),
    plant("door-holidays", "workflow.store.planted_q", "holidays"),
    plant("door-apscheduler", "workflow.clock", "apscheduler", "workflow.clock -> apscheduler"),
    plant("door-procrastinate", "workflow.store.planted_0", "procrastinate"),
    plant("door-jinja2", "notifications.planted_r", "jinja2"),
    plant("door-ruamel", "workflow.model.planted_s", "ruamel.yaml"),
    plant("door-database", "notifications.planted_t", "sqlmodel"),
    plant("door-database", "console.planted_u", "alembic.config"),
    plant("door-psycopg", "workflow.store.planted_v", "psycopg"),
    plant("door-click", "notifications.planted_w", "click"),
    plant("door-smtplib", "console.planted_x", "smtplib"),
    plant("door-dateutil", "workflow.store.planted_1", "dateutil.relativedelta"),
    plant("door-openpyxl", "console.planted_2", "openpyxl"),
    plant("door-rich", "console.planted_3", "rich.table"),
    plant("door-jinja2", "console.reporting.planted_15", "jinja2"),
    plant("door-xlsxwriter", "console.reporting.planted_16", "xlsxwriter"),
    plant("door-cryptography", "console.reporting.planted_17", "cryptography.hazmat"),
    plant("door-rfc3161", "console.reporting.planted_18", "rfc3161_client"),
    plant("door-weasyprint", "console.reporting.planted_19", "weasyprint"),
    plant("web-store", "web.planted_6", "workflow.store"),
    plant("door-itsdangerous", "web.planted_7", "itsdangerous"),
    plant("door-icalendar", "web.planted_8", "icalendar"),
    plant("door-imap", "console.planted_9", "imap_tools"),
    plant("door-reading", "notifications.planted_10", "mailparser_reply"),
    plant("door-reading", "notifications.planted_11", "flufl.bounce"),
    plant("door-css", "notifications.planted_12", "css_inline"),
    plant("door-providers", "notifications.planted_13", "msal"),
    plant("door-web", "console.planted_14", "fastapi"),
    plant("settings", "console.planted_4", "platformdirs"),
    plant("settings", "workflow.store.planted_5", "tomllib"),
    plant("no-circles", "workflow.store.planted_y", "workflow.store.planted_z", "planted_z"),
    plant("no-circles", "workflow.store.planted_z", "workflow.store.planted_y", "planted_y"),
]


def contracts() -> dict[str, str]:
    """Return the name of every contract by its id."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {entry["id"]: entry["name"] for entry in settings["tool"]["importlinter"]["contracts"]}


def lint_imports(root: Path) -> str:
    """Run import-linter on the tree at `root` and return what it reports."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return, by contract, what import-linter says of a copy with every plant in it."""
    root = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", root)
    for name in PACKAGES:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for entry in PLANTS:
        entry.put(root)
    text = lint_imports(root).partition("Broken contracts")[2]
    sections = re.split(r"^(.+)\n-{3,}\n", text, flags=re.MULTILINE)
    return dict(zip(sections[1::2], sections[2::2], strict=True))


@pytest.mark.parametrize("entry", PLANTS, ids=lambda entry: f"{entry.contract}: {entry.module}")
def test_a_planted_import_is_caught(report: dict[str, str], entry: Plant) -> None:
    assert entry.says in report[contracts()[entry.contract]]


def test_every_contract_has_a_plant() -> None:
    assert {entry.contract for entry in PLANTS} == set(contracts())


def test_the_tree_keeps_every_contract() -> None:
    assert f"{len(contracts())} kept, 0 broken" in lint_imports(ROOT)
