"""Dreamkeeper: one method for each operation of the API. Written by generate.py from docs/openapi.json; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ._transport import UNSET, Transport, Call, StreamedEvent, Unset, segment
from .types import (
    Adopted,
    Appended,
    Blame,
    Change,
    ChangeKind,
    Dream,
    DreamChanges,
    DreamTarget,
    EraseTarget,
    Erased,
    Event,
    EvidenceRef,
    Feedback,
    FilterExpression,
    Held,
    Include,
    Interval,
    Kind,
    Learn,
    List_AuditEntry,
    List_Edge,
    List_Key,
    List_Message,
    List_Name,
    List_StateEntry,
    List_Version,
    LoadedTopics,
    Memory,
    MemoryHistory,
    Message,
    Moment,
    NewCandidate,
    NewKey,
    NewMessage,
    OnCollision,
    Origin,
    Page_Dream,
    Page_Event,
    Page_Held,
    Page_ListedTopic,
    Page_Memory,
    Page_Session,
    Page_TopicStore,
    Page_TopicVersion,
    Permission,
    Proposed,
    QueueStats,
    Queued,
    Recall,
    Record,
    RolledBack,
    Scope,
    Section,
    Session,
    SessionRef,
    StateEntry,
    Stats,
    Status,
    Summary,
    ToolAnswer,
    ToolInput,
    Topic,
    TopicDiff,
    TopicStore,
    TopicVersion,
    Usefulness,
    Via,
    Why,
    WorkLine_BackedUp,
    WorkLine_Health,
    WorkLine_Maintained,
    WorkLine_Reindexed,
    WrittenTopic,
)


class Dreamkeeper(Transport):
    """A client of one Dreamkeeper server, in one space."""

    def audit(
        self,
        *,
        after: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> List_AuditEntry:
        """Tells what was changed in the space, oldest first."""
        call = Call("GET", "/dk/v1/audit", reader="json",
            query={"after": after, "limit": limit})
        return self._send(call)

    def propose(
        self,
        *,
        candidates: list[NewCandidate],
    ) -> Proposed:
        """Durable when answered. A candidate without a quote waits in quarantine for a person; the event tells what became of it."""
        call = Call("POST", "/dk/v1/candidates", reader="json",
            body={"candidates": candidates})
        return self._send(call)

    def list_dreams(
        self,
        *,
        store: str | Unset = UNSET,
        status: list[str] | Unset = UNSET,
        archived: bool | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_Dream:
        """Lists dreams, newest first."""
        call = Call("GET", "/dk/v1/dreams", reader="json",
            query={"store": store, "status": status, "archived": archived, "after": after, "limit": limit})
        return self._send(call)

    def run_dream(
        self,
        *,
        target: DreamTarget | Unset = UNSET,
        sessions: list[str] | Unset = UNSET,
        instructions: str | None | Unset = UNSET,
        model: str | None | Unset = UNSET,
        auto: list[ChangeKind] | Unset = UNSET,
        adopt_all: bool | Unset = UNSET,
        changes_max: int | None | Unset = UNSET,
    ) -> Dream:
        """A dream writes only what it proposes, unless the caller, who must hold `approve`, asks for changes to be adopted at once. One dream at a time holds a target."""
        call = Call("POST", "/dk/v1/dreams", reader="json",
            body={"target": target, "sessions": sessions, "instructions": instructions, "model": model, "auto": auto, "adopt_all": adopt_all, "changes_max": changes_max})
        return self._send(call)

    def get_dream(
        self,
        id: str,
    ) -> Dream:
        """Tells where a dream stands, what it came to and what was adopted of it."""
        call = Call("GET", f"/dk/v1/dreams/{segment(id)}", reader="json")
        return self._send(call)

    def accept_changes(
        self,
        id: str,
        *,
        changes: list[int],
    ) -> DreamChanges:
        """Accepts changes of a dream; nothing is written until they are adopted. Needs `approve`."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/accept", reader="json",
            body={"changes": changes})
        return self._send(call)

    def adopt_dream(
        self,
        id: str,
        *,
        changes: list[int] | Unset = UNSET,
        all: bool | Unset = UNSET,
    ) -> Adopted:
        """A change whose base is not as it was when the dream read it is refused and told; the others are written together."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/adopt", reader="json",
            body={"changes": changes, "all": all})
        return self._send(call)

    def archive_dream(
        self,
        id: str,
    ) -> Dream:
        """Takes a dream that ended out of the list; it is still told by its id."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/archive", reader="json")
        return self._send(call)

    def cancel_dream(
        self,
        id: str,
    ) -> Dream:
        """Stops a dream that is under way; nothing of it is kept but the record."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/cancel", reader="json")
        return self._send(call)

    def list_changes(
        self,
        id: str,
    ) -> DreamChanges:
        """Lists the changes of a dream, by number; each one is told whole by its own address."""
        call = Call("GET", f"/dk/v1/dreams/{segment(id)}/changes", reader="json")
        return self._send(call)

    def get_change(
        self,
        id: str,
        number: str,
    ) -> Change:
        """Tells a change whole: diffs, reason, evidence, and what becomes of each claim."""
        call = Call("GET", f"/dk/v1/dreams/{segment(id)}/changes/{segment(number)}", reader="json")
        return self._send(call)

    def edit_change(
        self,
        id: str,
        number: str,
        *,
        path: str,
        content: str,
    ) -> Change:
        """Gives one topic of a change other content. The change counts as the caller's own and waits for review again."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/changes/{segment(number)}/edit", reader="json",
            body={"path": path, "content": content})
        return self._send(call)

    def reject_changes(
        self,
        id: str,
        *,
        changes: list[int],
        reason: str | None | Unset = UNSET,
    ) -> DreamChanges:
        """Refuses changes of a dream; later dreams do not propose them again."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/reject", reader="json",
            body={"changes": changes, "reason": reason})
        return self._send(call)

    def roll_back_dream(
        self,
        id: str,
        *,
        adoption: int | None | Unset = UNSET,
        on_collision: OnCollision | Unset = UNSET,
    ) -> RolledBack:
        """Where something was changed since that the rollback would change too, nothing is written and it is shown, unless `on_collision` says otherwise."""
        call = Call("POST", f"/dk/v1/dreams/{segment(id)}/rollback", reader="json",
            body={"adoption": adoption, "on_collision": on_collision})
        return self._send(call)

    def erase(
        self,
        *,
        target: EraseTarget,
        reason: str | None | Unset = UNSET,
    ) -> Erased:
        """Ids, times, actors and operations stay. Repeating an interrupted erase finishes it."""
        call = Call("POST", "/dk/v1/erase", reader="json",
            body={"target": target, "reason": reason})
        return self._send(call)

    def list_events(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        session: str | Unset = UNSET,
        state: list[str] | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_Event:
        """Lists learning events under a scope, newest first."""
        call = Call("GET", "/dk/v1/events", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "session": session, "state": state, "after": after, "limit": limit})
        return self._send(call)

    def stream_events(
        self,
    ) -> Iterator[StreamedEvent]:
        """`decision` holds one decision with the id of its event; `event` holds an event, whole, after its decisions; `missed` holds how many events were settled faster than they were read. The stream begins with what is settled from now on, and ends with the server."""
        call = Call("GET", "/dk/v1/events/stream", reader="events")
        return self._stream(call)

    def get_event(
        self,
        id: str,
    ) -> Event:
        """Tells where a learning event stands and what came of it."""
        call = Call("GET", f"/dk/v1/events/{segment(id)}", reader="json")
        return self._send(call)

    def requeue_event(
        self,
        id: str,
    ) -> Event:
        """Makes a failed event wait again, with all its tries before it."""
        call = Call("POST", f"/dk/v1/events/{segment(id)}/requeue", reader="json")
        return self._send(call)

    def list_keys(
        self,
    ) -> List_Key:
        """Lists the keys of the space, newest first, revoked ones too."""
        call = Call("GET", "/dk/v1/keys", reader="json")
        return self._send(call)

    def create_key(
        self,
        *,
        name: str,
        permissions: list[Permission],
        ceiling: Origin | Unset = UNSET,
        expires_at: Moment | None | Unset = UNSET,
    ) -> NewKey:
        """Makes a key of the space. Its secret is shown this once."""
        call = Call("POST", "/dk/v1/keys", reader="json",
            body={"name": name, "permissions": permissions, "ceiling": ceiling, "expires_at": expires_at})
        return self._send(call)

    def revoke_key(
        self,
        id: str,
    ) -> None:
        """Revokes a key at once and for good."""
        call = Call("DELETE", f"/dk/v1/keys/{segment(id)}", reader="nothing")
        return self._send(call)

    def backup(
        self,
        *,
        path: str,
    ) -> Iterator[WorkLine_BackedUp]:
        """For the operator only: a path on the server is nobody else's to name. Answers in lines of JSON."""
        call = Call("POST", "/dk/v1/maintenance/backup", reader="lines",
            body={"path": path})
        return self._stream(call)

    def doctor(
        self,
    ) -> Iterator[WorkLine_Health]:
        """Answers in lines of JSON: progress, then the result. It ends when the client goes away; what was mended stays mended."""
        call = Call("POST", "/dk/v1/maintenance/doctor", reader="lines")
        return self._stream(call)

    def maintain(
        self,
        *,
        dry_run: bool | Unset = UNSET,
    ) -> Iterator[WorkLine_Maintained]:
        """What is archived can be restored. Answers in lines of JSON: progress, then the result. It ends when the client goes away; what was done stays done."""
        call = Call("POST", "/dk/v1/maintenance/maintain", reader="lines",
            body={"dry_run": dry_run})
        return self._stream(call)

    def reindex(
        self,
    ) -> Iterator[WorkLine_Reindexed]:
        """Answers in lines of JSON: progress, then the result. It ends when the client goes away; what was done stays done, and the next one goes on from there."""
        call = Call("POST", "/dk/v1/maintenance/reindex", reader="lines")
        return self._stream(call)

    def remember(
        self,
        *,
        text: str,
        kind: Kind | Unset = UNSET,
        scope: Scope | Unset = UNSET,
        origin: Origin | None | Unset = UNSET,
        via: Via | Unset = UNSET,
        evidence: list[EvidenceRef] | Unset = UNSET,
        aliases: list[str] | Unset = UNSET,
        categories: list[str] | Unset = UNSET,
        metadata: dict[str, Any] | Unset = UNSET,
        validity: Interval | Unset = UNSET,
        expires_at: Moment | None | Unset = UNSET,
        pinned: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """Where it rests on quotes, each must stand verbatim in its message, and the memory's origin is the lowest among them."""
        call = Call("POST", "/dk/v1/memories", reader="json",
            body={"text": text, "kind": kind, "scope": scope, "origin": origin, "via": via, "evidence": evidence, "aliases": aliases, "categories": categories, "metadata": metadata, "validity": validity, "expires_at": expires_at, "pinned": pinned, "reason": reason})
        return self._send(call)

    def list_memories(
        self,
        *,
        scope: Scope | Unset = UNSET,
        filter: FilterExpression | None | Unset = UNSET,
        statuses: list[Status] | Unset = UNSET,
        expired: bool | Unset = UNSET,
        after: str | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
    ) -> Page_Memory:
        """Lists memories by scope and filter, newest change first."""
        call = Call("POST", "/dk/v1/memories/list", reader="json",
            body={"scope": scope, "filter": filter, "statuses": statuses, "expired": expired, "after": after, "limit": limit})
        return self._send(call)

    def get_memory(
        self,
        id: str,
    ) -> Memory:
        """Reads a memory of any status."""
        call = Call("GET", f"/dk/v1/memories/{segment(id)}", reader="json")
        return self._send(call)

    def update_memory(
        self,
        id: str,
        *,
        text: str | None | Unset = UNSET,
        kind: Kind | None | Unset = UNSET,
        labels: list[str] | None | Unset = UNSET,
        aliases: list[str] | None | Unset = UNSET,
        categories: list[str] | None | Unset = UNSET,
        metadata: dict[str, Any] | None | Unset = UNSET,
        validity: Interval | None | Unset = UNSET,
        expires_at: Moment | None | Unset = UNSET,
        pinned: bool | None | Unset = UNSET,
        importance: float | None | Unset = UNSET,
        status: Status | None | Unset = UNSET,
        expected_version: int | None | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """Changes a memory in place: a new version of the same record."""
        call = Call("PATCH", f"/dk/v1/memories/{segment(id)}", reader="json",
            body={"text": text, "kind": kind, "labels": labels, "aliases": aliases, "categories": categories, "metadata": metadata, "validity": validity, "expires_at": expires_at, "pinned": pinned, "importance": importance, "status": status, "expected_version": expected_version, "reason": reason})
        return self._send(call)

    def give_feedback(
        self,
        id: str,
        *,
        feedback: Feedback,
    ) -> Usefulness:
        """Notes that a memory was used, helped, did not belong or is wrong; it moves the memory in recall."""
        call = Call("POST", f"/dk/v1/memories/{segment(id)}/feedback", reader="json",
            body={"feedback": feedback})
        return self._send(call)

    def forget_memory(
        self,
        id: str,
        *,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """Hides a memory; `restore` brings it back."""
        call = Call("POST", f"/dk/v1/memories/{segment(id)}/forget", reader="json",
            body={"reason": reason})
        return self._send(call)

    def memory_history(
        self,
        id: str,
    ) -> MemoryHistory:
        """Tells every version of a memory, oldest first."""
        call = Call("GET", f"/dk/v1/memories/{segment(id)}/history", reader="json")
        return self._send(call)

    def restore_memory(
        self,
        id: str,
        *,
        version: int | None | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """Makes a forgotten, archived or superseded memory active again, or gives it an earlier version's content."""
        call = Call("POST", f"/dk/v1/memories/{segment(id)}/restore", reader="json",
            body={"version": version, "reason": reason})
        return self._send(call)

    def supersede_memory(
        self,
        id: str,
        *,
        text: str,
        kind: Kind | Unset = UNSET,
        scope: Scope | Unset = UNSET,
        origin: Origin | None | Unset = UNSET,
        via: Via | Unset = UNSET,
        evidence: list[EvidenceRef] | Unset = UNSET,
        aliases: list[str] | Unset = UNSET,
        categories: list[str] | Unset = UNSET,
        metadata: dict[str, Any] | Unset = UNSET,
        validity: Interval | Unset = UNSET,
        expires_at: Moment | None | Unset = UNSET,
        pinned: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """Answers the new memory. The old one is kept; its validity ends where the new one's begins, or now."""
        call = Call("POST", f"/dk/v1/memories/{segment(id)}/supersede", reader="json",
            body={"text": text, "kind": kind, "scope": scope, "origin": origin, "via": via, "evidence": evidence, "aliases": aliases, "categories": categories, "metadata": metadata, "validity": validity, "expires_at": expires_at, "pinned": pinned, "reason": reason})
        return self._send(call)

    def append_messages(
        self,
        *,
        messages: list[NewMessage],
        session: SessionRef | Unset = UNSET,
        scope: Scope | Unset = UNSET,
        via: Via | Unset = UNSET,
        idempotency_key: str | None | Unset = UNSET,
        learn: Learn | None | Unset = UNSET,
        temporary: bool | Unset = UNSET,
    ) -> Appended:
        """Durable when answered. A message with an `id` that its session holds already changes nothing, and so does a request with an idempotency key that was used for the same request. What is said is learned from by a worker afterwards, unless `learn` says otherwise."""
        call = Call("POST", "/dk/v1/messages", reader="json",
            body={"session": session, "scope": scope, "messages": messages, "via": via, "idempotency_key": idempotency_key, "learn": learn, "temporary": temporary},
            idempotency_key=idempotency_key)
        return self._send(call)

    def get_message(
        self,
        id: str,
    ) -> Message:
        """Reads a message."""
        call = Call("GET", f"/dk/v1/messages/{segment(id)}", reader="json")
        return self._send(call)

    def list_names(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> List_Name:
        """Lists the people, places and things that memories under a scope name, the most named first."""
        call = Call("GET", "/dk/v1/names", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "limit": limit})
        return self._send(call)

    def openapi_json(
        self,
    ) -> dict[str, Any]:
        """Tells the API as an OpenAPI document."""
        call = Call("GET", "/dk/v1/openapi.json", reader="json")
        return self._send(call)

    def list_held(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        status: str | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_Held:
        """Lists what is held in quarantine under a scope, newest first."""
        call = Call("GET", "/dk/v1/quarantine", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "status": status, "after": after, "limit": limit})
        return self._send(call)

    def get_held(
        self,
        id: str,
    ) -> Held:
        """Shows a held candidate with its quotes and why it is held."""
        call = Call("GET", f"/dk/v1/quarantine/{segment(id)}", reader="json")
        return self._send(call)

    def reject_held(
        self,
        id: str,
        *,
        reason: str | None | Unset = UNSET,
    ) -> Held:
        """Refuses a held candidate; it stays listed as rejected."""
        call = Call("POST", f"/dk/v1/quarantine/{segment(id)}/reject", reader="json",
            body={"reason": reason})
        return self._send(call)

    def release_held(
        self,
        id: str,
        *,
        raise_: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> Memory:
        """With `raise` the memory stands under the caller's own origin, because a person vouches for it."""
        call = Call("POST", f"/dk/v1/quarantine/{segment(id)}/release", reader="json",
            body={"raise": raise_, "reason": reason})
        return self._send(call)

    def queue_stats(
        self,
    ) -> QueueStats:
        """Tells how many learning events wait, run and were given up."""
        call = Call("GET", "/dk/v1/queue", reader="json")
        return self._send(call)

    def recall(
        self,
        *,
        query: str,
        scope: Scope | Unset = UNSET,
        filter: FilterExpression | None | Unset = UNSET,
        min_origin: Origin | None | Unset = UNSET,
        as_of: Moment | None | Unset = UNSET,
        valid_at: Moment | None | Unset = UNSET,
        include: list[Include] | Unset = UNSET,
        sections: list[Section] | None | Unset = UNSET,
        limit: int | None | Unset = UNSET,
        token_budget: int | None | Unset = UNSET,
        all: bool | Unset = UNSET,
        zone: str | None | Unset = UNSET,
        neighbours: int | None | Unset = UNSET,
        explain: bool | Unset = UNSET,
        receipt: bool | Unset = UNSET,
        without: list[str] | Unset = UNSET,
    ) -> Recall:
        """Answers in sections, with scores and evidence, and as fenced text for a prompt. Where nothing clears the bar it says so, and how near the nearest was."""
        call = Call("POST", "/dk/v1/recall", reader="json",
            body={"query": query, "scope": scope, "filter": filter, "min_origin": min_origin, "as_of": as_of, "valid_at": valid_at, "include": include, "sections": sections, "limit": limit, "token_budget": token_budget, "all": all, "zone": zone, "neighbours": neighbours, "explain": explain, "receipt": receipt, "without": without})
        return self._send(call)

    def why(
        self,
        id: str,
    ) -> Why:
        """Tells what a recall served and why."""
        call = Call("GET", f"/dk/v1/receipts/{segment(id)}", reader="json")
        return self._send(call)

    def get_record(
        self,
        id: str,
    ) -> Record:
        """Reads the memory, message or session with that id."""
        call = Call("GET", f"/dk/v1/records/{segment(id)}", reader="json")
        return self._send(call)

    def list_relations(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        name: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> List_Edge:
        """Tells who or what stands how to a person or thing, newest first, each with the memory that says so."""
        call = Call("GET", "/dk/v1/relations", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "name": name, "limit": limit})
        return self._send(call)

    def list_sessions(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_Session:
        """Lists sessions under a scope, latest message first."""
        call = Call("GET", "/dk/v1/sessions", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "after": after, "limit": limit})
        return self._send(call)

    def get_session(
        self,
        id: str,
    ) -> Session:
        """Reads a session."""
        call = Call("GET", f"/dk/v1/sessions/{segment(id)}", reader="json")
        return self._send(call)

    def learn_session(
        self,
        id: str,
        *,
        from_: int | Unset = UNSET,
        wait: bool | Unset = UNSET,
    ) -> Queued:
        """Learning from a message twice changes nothing the second time. With `wait` it is answered when it is done, as long as that takes; events that a model could not be reached for are answered as they wait."""
        call = Call("POST", f"/dk/v1/sessions/{segment(id)}/learn", reader="json",
            body={"from": from_, "wait": wait})
        return self._send(call)

    def list_turns(
        self,
        id: str,
        *,
        from_: int | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> List_Message:
        """Lists the messages of a session from a place on, in order."""
        call = Call("GET", f"/dk/v1/sessions/{segment(id)}/messages", reader="json",
            query={"from": from_, "limit": limit})
        return self._send(call)

    def get_summary(
        self,
        id: str,
    ) -> Summary:
        """Tells what a session was about so far."""
        call = Call("GET", f"/dk/v1/sessions/{segment(id)}/summary", reader="json")
        return self._send(call)

    def list_state(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
    ) -> List_StateEntry:
        """Lists state entries under a scope, by key."""
        call = Call("GET", "/dk/v1/state", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label})
        return self._send(call)

    def get_state(
        self,
        key: str,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
    ) -> StateEntry:
        """Reads a state key of one exact scope."""
        call = Call("GET", f"/dk/v1/state/{segment(key)}", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label})
        return self._send(call)

    def set_state(
        self,
        key: str,
        *,
        value: Any,
        expected_version: int | None | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
    ) -> StateEntry:
        """Sets a state key of one exact scope."""
        call = Call("PUT", f"/dk/v1/state/{segment(key)}", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label},
            body={"value": value, "expected_version": expected_version, "reason": reason})
        return self._send(call)

    def remove_state(
        self,
        key: str,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        expected_version: int | Unset = UNSET,
        reason: str | Unset = UNSET,
    ) -> StateEntry:
        """Removes a state key of one exact scope; its history stays."""
        call = Call("DELETE", f"/dk/v1/state/{segment(key)}", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "expected_version": expected_version, "reason": reason})
        return self._send(call)

    def state_history(
        self,
        key: str,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
    ) -> List_Version:
        """Tells every version of a state key of one exact scope, oldest first."""
        call = Call("GET", f"/dk/v1/state/{segment(key)}/history", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label})
        return self._send(call)

    def stats(
        self,
    ) -> Stats:
        """Tells what the space holds, on disk and in memory."""
        call = Call("GET", "/dk/v1/stats", reader="json")
        return self._send(call)

    def list_topic_stores(
        self,
        *,
        user: str | Unset = UNSET,
        agent: str | Unset = UNSET,
        app: str | Unset = UNSET,
        run: str | Unset = UNSET,
        label: list[str] | Unset = UNSET,
        archived: bool | Unset = UNSET,
        created_from: str | Unset = UNSET,
        created_to: str | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_TopicStore:
        """Lists stores that are not deleted, newest first."""
        call = Call("GET", "/dk/v1/topic-stores", reader="json",
            query={"user": user, "agent": agent, "app": app, "run": run, "label": label, "archived": archived, "created_from": created_from, "created_to": created_to, "after": after, "limit": limit})
        return self._send(call)

    def create_topic_store(
        self,
        *,
        name: str,
        description: str | Unset = UNSET,
        metadata: dict[str, str] | Unset = UNSET,
        scope: Scope | Unset = UNSET,
        disk_origin: Origin | None | Unset = UNSET,
    ) -> TopicStore:
        """Makes a store of topics."""
        call = Call("POST", "/dk/v1/topic-stores", reader="json",
            body={"name": name, "description": description, "metadata": metadata, "scope": scope, "disk_origin": disk_origin})
        return self._send(call)

    def get_topic_store(
        self,
        id: str,
    ) -> TopicStore:
        """Reads a store that is not deleted."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}", reader="json")
        return self._send(call)

    def delete_topic_store(
        self,
        id: str,
    ) -> TopicStore:
        """Hides a store with all that is in it; its content is destroyed 30 days later."""
        call = Call("DELETE", f"/dk/v1/topic-stores/{segment(id)}", reader="json")
        return self._send(call)

    def update_topic_store(
        self,
        id: str,
        *,
        name: str | None | Unset = UNSET,
        description: str | None | Unset = UNSET,
        metadata: dict[str, str | None] | Unset = UNSET,
        disk_origin: Origin | None | Unset = UNSET,
        expected_version: int | None | Unset = UNSET,
    ) -> TopicStore:
        """Changes a store itself."""
        call = Call("PATCH", f"/dk/v1/topic-stores/{segment(id)}", reader="json",
            body={"name": name, "description": description, "metadata": metadata, "disk_origin": disk_origin, "expected_version": expected_version})
        return self._send(call)

    def archive_topic_store(
        self,
        id: str,
    ) -> TopicStore:
        """Makes a store read-only for good; its topics leave recall."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/archive", reader="json")
        return self._send(call)

    def refresh_topic_index(
        self,
        id: str,
    ) -> WrittenTopic:
        """Writes the index `/MEMORY.md` anew: one line for each topic, what people wrote into it stays."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/index", reader="json")
        return self._send(call)

    def load_topics(
        self,
        id: str,
        *,
        task: str | None | Unset = UNSET,
        min_origin: Origin | None | Unset = UNSET,
        as_of: Moment | None | Unset = UNSET,
        token_budget: int | None | Unset = UNSET,
    ) -> LoadedTopics:
        """Loads the index of a store and whole topics for a task, within a token budget."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/load", reader="json",
            body={"task": task, "min_origin": min_origin, "as_of": as_of, "token_budget": token_budget})
        return self._send(call)

    def memory_tool(
        self,
        id: str,
        *,
        input: ToolInput,
        origin: Origin | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
        reason: str | None | Unset = UNSET,
    ) -> ToolAnswer:
        """What a model can mend is an answer with `is_error`."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/tool", reader="json",
            body={"input": input, "origin": origin, "session": session, "reason": reason})
        return self._send(call)

    def list_topics(
        self,
        id: str,
        *,
        prefix: str | Unset = UNSET,
        one_level: bool | Unset = UNSET,
        full: bool | Unset = UNSET,
        as_of: str | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_ListedTopic:
        """Lists the topics of a store by path, in the order of its bytes."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/topics", reader="json",
            query={"prefix": prefix, "one_level": one_level, "full": full, "as_of": as_of, "after": after, "limit": limit})
        return self._send(call)

    def create_topic(
        self,
        id: str,
        *,
        path: str,
        content: str,
        origin: Origin | None | Unset = UNSET,
        raise_: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
    ) -> Topic:
        """Makes a topic; one that is there is never overwritten."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/topics", reader="json",
            body={"path": path, "content": content, "origin": origin, "raise": raise_, "reason": reason, "session": session})
        return self._send(call)

    def get_topic(
        self,
        id: str,
        topic: str,
        *,
        as_of: str | Unset = UNSET,
    ) -> Topic:
        """Reads a topic."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}", reader="json",
            query={"as_of": as_of})
        return self._send(call)

    def write_topic(
        self,
        id: str,
        topic: str,
        *,
        content: str,
        expected_sha256: str | None | Unset = UNSET,
        origin: Origin | None | Unset = UNSET,
        raise_: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
    ) -> WrittenTopic:
        """Gives a topic this content; makes it when there is none at the path."""
        call = Call("PUT", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}", reader="json",
            body={"content": content, "expected_sha256": expected_sha256, "origin": origin, "raise": raise_, "reason": reason, "session": session})
        return self._send(call)

    def remove_topic(
        self,
        id: str,
        topic: str,
        *,
        expected_sha256: str | Unset = UNSET,
        reason: str | Unset = UNSET,
        session: str | Unset = UNSET,
    ) -> None:
        """Removes a topic; its versions stay, and it can be restored."""
        call = Call("DELETE", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}", reader="nothing",
            query={"expected_sha256": expected_sha256, "reason": reason, "session": session})
        return self._send(call)

    def update_topic(
        self,
        id: str,
        topic: str,
        *,
        content: str | None | Unset = UNSET,
        path: str | None | Unset = UNSET,
        expected_sha256: str | None | Unset = UNSET,
        origin: Origin | None | Unset = UNSET,
        raise_: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
    ) -> WrittenTopic:
        """Gives a topic another content, another place, or both."""
        call = Call("PATCH", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}", reader="json",
            body={"content": content, "path": path, "expected_sha256": expected_sha256, "origin": origin, "raise": raise_, "reason": reason, "session": session})
        return self._send(call)

    def blame_topic(
        self,
        id: str,
        topic: str,
    ) -> Blame:
        """Tells of each line of a topic which version brought it."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}/blame", reader="json")
        return self._send(call)

    def diff_topic(
        self,
        id: str,
        topic: str,
        *,
        from_: str | Unset = UNSET,
        to: str | Unset = UNSET,
    ) -> TopicDiff:
        """Tells what differs between two versions of a topic."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}/diff", reader="json",
            query={"from": from_, "to": to})
        return self._send(call)

    def edit_topic(
        self,
        id: str,
        topic: str,
        *,
        old: str,
        new: str,
        all: bool | Unset = UNSET,
        expected_sha256: str | None | Unset = UNSET,
        origin: Origin | None | Unset = UNSET,
        raise_: bool | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
    ) -> WrittenTopic:
        """Replaces a text that occurs once in a topic."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}/edit", reader="json",
            body={"old": old, "new": new, "all": all, "expected_sha256": expected_sha256, "origin": origin, "raise": raise_, "reason": reason, "session": session})
        return self._send(call)

    def restore_topic(
        self,
        id: str,
        topic: str,
        *,
        version: str | None | Unset = UNSET,
        reason: str | None | Unset = UNSET,
        session: str | None | Unset = UNSET,
    ) -> WrittenTopic:
        """Brings a version of a topic back as a new one, also of a topic that was removed."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}/restore", reader="json",
            body={"version": version, "reason": reason, "session": session})
        return self._send(call)

    def topic_log(
        self,
        id: str,
        topic: str,
        *,
        full: bool | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_TopicVersion:
        """Tells every version of a topic, live or removed, newest first."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/topics/{segment(topic)}/versions", reader="json",
            query={"full": full, "after": after, "limit": limit})
        return self._send(call)

    def undelete_topic_store(
        self,
        id: str,
    ) -> TopicStore:
        """Brings a deleted store back that is not destroyed yet."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/undelete", reader="json")
        return self._send(call)

    def list_topic_versions(
        self,
        id: str,
        *,
        topic: str | Unset = UNSET,
        operation: str | Unset = UNSET,
        session: str | Unset = UNSET,
        actor: str | Unset = UNSET,
        from_: str | Unset = UNSET,
        to: str | Unset = UNSET,
        full: bool | Unset = UNSET,
        after: str | Unset = UNSET,
        limit: int | Unset = UNSET,
    ) -> Page_TopicVersion:
        """Lists versions of a store's topics, also of those that went away, newest first."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/versions", reader="json",
            query={"topic": topic, "operation": operation, "session": session, "actor": actor, "from": from_, "to": to, "full": full, "after": after, "limit": limit})
        return self._send(call)

    def get_topic_version(
        self,
        id: str,
        version: str,
    ) -> TopicVersion:
        """Reads a version of a topic with its content."""
        call = Call("GET", f"/dk/v1/topic-stores/{segment(id)}/versions/{segment(version)}", reader="json")
        return self._send(call)

    def redact_topic_version(
        self,
        id: str,
        version: str,
    ) -> TopicVersion:
        """Destroys what a version said; that there was one stays. The current version of a topic is refused."""
        call = Call("POST", f"/dk/v1/topic-stores/{segment(id)}/versions/{segment(version)}/redact", reader="json")
        return self._send(call)
