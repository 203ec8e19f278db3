"""The outbox against a plain dictionary: any sequence of acts and restarts leaves both the same."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from instica_desktop.core.models.common import Entity
from instica_desktop.core.operations import Edit, Operation, OpKind, OpState
from instica_desktop.store.store import Store
from tests.store.support import operation, run

UIDS = st.sampled_from(["a", "b", "tmp-1"])
FIELDS = st.sampled_from(["name", "location"])
VALUES = st.sampled_from(["1", "2", "3", None])
PICK = st.integers(0, 30)
SENT = (OpState.SENDING, OpState.UNKNOWN, OpState.RETRY, OpState.CONFLICT, OpState.PAUSED_AUTH)


class Outbox(RuleBasedStateMachine):
    """The model is a list of [uuid, uid, kind, state, {field: (base, new)}] in order."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="outbox-model-"))
        self.store = Store.open(self.folder / "account")
        self.model: list[list[Any]] = []

    def teardown(self) -> None:
        if hasattr(self, "store"):
            run(self.store.close())
            shutil.rmtree(self.folder)

    def _shown(self, uid: str, field: str) -> object:
        """Return the value on screen: the server's is None, later operations win."""
        value: object = None
        for _, of, _, _, edits in self.model:
            if of == uid and field in edits:
                value = edits[field][1]
        return value

    def _gather(self, uid: str) -> None:
        """Let the first edit in conflict that can take in what stands on it.

        Here no value of the server's is known: it goes out as it is then.
        """
        own = [row for row in self.model if row[1] == uid]
        for at, clashed in enumerate(own):
            if clashed[3] is OpState.CONFLICT and clashed[4] and self._taken_in(clashed, own[at + 1 :]):
                clashed[3] = OpState.QUEUED
                self.model = [row for row in self.model if row[4] or row[2] is not OpKind.UPDATE]
                return

    def _taken_in(self, clashed: list[Any], later: list[list[Any]]) -> bool:
        some, edits = False, dict(clashed[4])
        for row in later:
            if row[2] is OpKind.UPDATE and row[3] in (OpState.QUEUED, OpState.REFUSED):
                on_it = {name for name, pair in row[4].items() if name in edits and pair[0] == edits[name][1]}
                edits |= {name: (edits[name][0], row[4][name][1]) for name in on_it}
                row[4] = {name: pair for name, pair in row[4].items() if name not in on_it}
                some = some or bool(on_it)
        if some:
            clashed[4] = {name: pair for name, pair in edits.items() if pair[0] != pair[1]}
        return some

    @rule(uid=UIDS, field=FIELDS, new=VALUES)
    def edit(self, uid: str, field: str, new: object) -> None:
        base = self._shown(uid, field)
        if base == new:
            return
        one = operation(uid, edits=(Edit(field, base, new),))
        run(self.store.outbox.add(one))
        mine = [row for row in self.model if row[1] == uid and row[2] in (OpKind.UPDATE, OpKind.DELETE)]
        last = mine[-1] if mine else None
        if last is None or last[2] is not OpKind.UPDATE or last[3] not in (OpState.QUEUED, OpState.REFUSED):
            self.model.append([one.uuid, uid, OpKind.UPDATE, OpState.QUEUED, {field: (base, new)}])
            self._gather(uid)
            return
        edits: dict[str, tuple[object, object]] = dict(last[4])
        edits[field] = (edits[field][0] if field in edits else base, new)
        last[4] = {name: pair for name, pair in edits.items() if pair[0] != pair[1]}
        if not last[4]:
            self.model.remove(last)
            return
        if last[3] is OpState.REFUSED:
            last[0], last[3] = one.uuid, OpState.QUEUED
        self._gather(uid)

    @rule(uid=UIDS, kind=st.sampled_from([OpKind.ADD_PHOTO, OpKind.DELETE]))
    def other(self, uid: str, kind: OpKind) -> None:
        one = operation(uid, kind, payload={"blob": "0" * 64})
        run(self.store.outbox.add(one))
        same = [row for row in self.model if row[1] == uid and row[2] is OpKind.DELETE]
        if kind is OpKind.DELETE and same:  # a record is deleted once
            if same[0][3] is OpState.REFUSED:
                same[0][0], same[0][3] = one.uuid, OpState.QUEUED
        else:
            self.model.append([one.uuid, uid, kind, OpState.QUEUED, {}])
        self._gather(uid)

    @precondition(lambda self: self.model)
    @rule(pick=PICK, state=st.sampled_from([*SENT, OpState.QUEUED, OpState.REFUSED]))
    def move(self, pick: int, state: OpState) -> None:
        row = self.model[pick % len(self.model)]
        run(self.store.outbox.set_state(str(row[0]), state))
        row[3] = state
        self._gather(str(row[1]))

    @precondition(lambda self: self.model)
    @rule(pick=PICK)
    def deliver(self, pick: int) -> None:
        row = self.model.pop(pick % len(self.model))
        run(self.store.outbox.done(str(row[0])))
        if row[2] is OpKind.DELETE:  # with the record goes what was to be done to it
            self.model = [other for other in self.model if other[1] != row[1]]

    @rule()
    def restart(self) -> None:
        run(self.store.close())
        self.store = Store.open(self.folder / "account")
        run(self.store.outbox.recover())
        for row in self.model:
            row[3] = OpState.UNKNOWN if row[3] is OpState.SENDING else row[3]

    @invariant()
    def both_agree(self) -> None:
        if not hasattr(self, "store"):
            return
        assert [_plain(one) for one in self.store.outbox.all()] == self.model
        counts = self.store.outbox.counts()
        states = [row[3] for row in self.model]
        assert counts.sending == states.count(OpState.SENDING)
        assert counts.needs_user == states.count(OpState.CONFLICT) + states.count(OpState.REFUSED)
        assert counts.waiting == len(states) - counts.sending - counts.needs_user

    @invariant()
    def each_object_has_its_own(self) -> None:
        if not hasattr(self, "store"):
            return
        for uid in ("a", "b", "tmp-1"):
            assert [one.uuid for one in self.store.outbox.for_object(Entity.ITEM, uid)] == [
                row[0] for row in self.model if row[1] == uid
            ]


def _plain(one: Operation) -> list[object]:
    return [one.uuid, one.uid, one.kind, one.state, {edit.field: (edit.base, edit.new) for edit in one.edits}]


TestOutboxModel = Outbox.TestCase
TestOutboxModel.settings = settings(
    max_examples=25, stateful_step_count=20, suppress_health_check=[HealthCheck.too_slow], deadline=None
)
