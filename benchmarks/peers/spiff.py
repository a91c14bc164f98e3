"""SpiffWorkflow: forty manual tasks, side by side or one after the other.

A case is one row: its workflow as JSON, as the library's serializer writes it. A completion loads
it, runs a task that is ready, and saves it with a line of history, in one transaction.
"""

import sqlite3
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from SpiffWorkflow import TaskState
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from benchmarks.peers.tables import AT, CHAIN, EVIDENCE, TASKS, opened
from benchmarks.peers.wire import serve

_TABLES = """
CREATE TABLE flow (id INTEGER PRIMARY KEY, state TEXT);
CREATE TABLE history (id INTEGER PRIMARY KEY, flow_id INT, at TEXT, body TEXT);
"""
_KINDS = {
    "start": "startEvent",
    "fork": "parallelGateway",
    "join": "parallelGateway",
    "end": "endEvent",
}
_BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def diagram(shape: str) -> bytes:
    """Return the process as BPMN."""
    names = [f"task{number}" for number in range(TASKS)]
    if shape == CHAIN:
        flows = list(pairwise(["start", *names, "end"]))
    else:
        flows = [("start", "fork"), *(("fork", name) for name in names)]
        flows += [*((name, "join") for name in names), ("join", "end")]
    nodes = dict.fromkeys(name for flow in flows for name in flow)
    return (
        f'<definitions xmlns="{_BPMN}" id="d" targetNamespace="http://case.example">'
        f'<process id="case" isExecutable="true">{"".join(_node(name, flows) for name in nodes)}'
        f"{''.join(_flow(source, target) for source, target in flows)}</process></definitions>"
    ).encode()


def _node(name: str, flows: list[tuple[str, str]]) -> str:
    kind = _KINDS.get(name, "manualTask")
    ways = "".join(
        f"<incoming>{s}-{t}</incoming>" if t == name else f"<outgoing>{s}-{t}</outgoing>"
        for s, t in flows
        if name in (s, t)
    )
    return f'<{kind} id="{name}" name="{name}">{ways}</{kind}>'


def _flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}"/>'


class Cases:
    """Cases in a SQLite file; `complete` goes through them one by one."""

    def __init__(self, connection: sqlite3.Connection, shape: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_io(BytesIO(diagram(shape)))
        self.connection, self.spec = connection, parser.get_spec("case")
        self.serializer = BpmnWorkflowSerializer()
        self.made = self.completed = 0

    def create(self, count: int) -> None:
        """Start so many cases, each for good."""
        for _ in range(count):
            workflow = BpmnWorkflow(self.spec)
            workflow.do_engine_steps()
            self.connection.execute("BEGIN IMMEDIATE")
            state = self.serializer.serialize_json(workflow)
            self.connection.execute("INSERT INTO flow (state) VALUES (?)", (state,))
            self.connection.execute("COMMIT")
            self.made += 1

    def complete(self, count: int) -> None:
        """Complete so many tasks, each for good."""
        for _ in range(count):
            self._complete(1 + self.completed // TASKS, f"task{self.completed % TASKS}")
            self.completed += 1

    def _complete(self, case: int, name: str) -> None:
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        (state,) = run("SELECT state FROM flow WHERE id = ?", (case,)).fetchone()
        workflow = self.serializer.deserialize_json(state)
        (task,) = workflow.get_tasks(state=TaskState.READY, spec_name=name)
        task.set_data(evidence=EVIDENCE)
        task.run()
        workflow.do_engine_steps()
        kept = self.serializer.serialize_json(workflow)
        run("UPDATE flow SET state = ? WHERE id = ?", (kept, case))
        run("INSERT INTO history (flow_id, at, body) VALUES (?, ?, ?)", (case, AT, EVIDENCE))
        run("COMMIT")


def main() -> None:
    """Serve, with the files in the folder that the command names."""
    folder, shape = sys.argv[1:]
    cases = Cases(opened(Path(folder) / f"spiff-{shape}.db", _TABLES), shape)
    serve({"create": cases.create, "complete": cases.complete})
