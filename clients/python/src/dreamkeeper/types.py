"""The shapes of the API. Written by generate.py from docs/openapi.json; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict, Union

ActorKind = Literal['operator', 'key', 'local', 'system']
"What kind of party made a change."
Cause = Literal['not_said', 'not_in_quote', 'low_origin', 'instruction_shaped', 'secret', 'payment', 'identity', 'hidden_text', 'served', 'excluded', 'contradiction', 'proposed', 'over_quota']
"Why a candidate is not remembered without a person's word."
Change = Any
"A proposed change, whole."
ChangeKind = Literal['create', 'edit', 'merge', 'split', 'rename', 'supersede', 'archive', 'redate', 'reindex']
"What sort of change a dream proposes."
ChangeMaker = dict[str, Any]
"Who proposed a change."
ChangeSummary = Any
"A proposed change without whole contents."
ClaimAccount = Any
"One claim and what becomes of it. Claims that are not told of stay as they are."
ClaimFate = dict[str, Any]
"What becomes of a claim that does not stay where it is."
Dream = Any
"An offline run that proposes changes."
DreamOutcome = dict[str, Any]
"What a finished dream came to."
DreamStatus = Literal['pending', 'running', 'completed', 'failed', 'canceled']
"Where a dream stands."
EraseTarget = dict[str, Any]
"What is to be erased."
ErrorCode = Literal['InvalidRequest', 'MalformedJson', 'InvalidUtf8', 'JsonTooDeep', 'Unauthenticated', 'Forbidden', 'OperatorOnly', 'HostNotAllowed', 'OriginNotAllowed', 'NotFound', 'UnknownRoute', 'MethodNotAllowed', 'VersionConflict', 'ContentChanged', 'PathTaken', 'StoreClosed', 'StoreFull', 'HeadVersion', 'TargetHeld', 'ClientIdReused', 'LeaseLost', 'Erased', 'BodyTooLarge', 'UnsupportedMediaType', 'IdempotencyKeyReused', 'QueueFull', 'HeadersTooLarge', 'Internal', 'StorageCorrupt', 'StorageNewer', 'DependencyFailed', 'Unavailable', 'Overloaded', 'Timeout', 'Owned', 'StorageReadOnly', 'StorageFull']
"What failed, for programs. New codes may be added; the status tells the class."
EventState = Literal['pending', 'running', 'succeeded', 'failed']
"Where a learning event stands."
Feedback = Literal['used', 'helpful', 'irrelevant', 'wrong']
"What somebody says of a memory that was served."
FilterExpression = dict[str, Any]
"A test over a record. Entries of an object must all hold; `{\"and\":[…]}`, `{\"or\":[…]}` and `{\"not\":{…}}` combine; `{\"kind\":\"fact\"}` is short for `{\"kind\":{\"eq\":\"fact\"}}`. Keys: id, type, user, agent, app, run, session, role, author, origin, kind, status, labels, categories, at, created_at, updated_at, expires_at, pinned, `metadata.PATH`. Operators: eq, ne, in, gt, gte, lt, lte, contains."
Granularity = Literal['minute', 'hour', 'part_of_day', 'day', 'weekend', 'week', 'month', 'quarter', 'season', 'year']
"How finely a phrase of time was said."
HeldStatus = Literal['waiting', 'released', 'rejected']
"Where a held candidate stands."
Include = Literal['superseded', 'expired', 'archived', 'forgotten']
"Memories that are served only when asked for."
Kind = Literal['preference', 'fact', 'event', 'relationship', 'goal', 'procedure', 'instruction', 'open_question']
"What a memory is about."
Learn = Literal['off', 'later', 'now']
"Whether appended messages are learned from, and when."
ListedTopic = dict[str, Any]
"One entry of a list of topics."
Matter = Literal['amount', 'identity', 'permission']
"What a text tells that memory must not decide."
Moment = str
"A moment: RFC 3339 with an offset on the way in, UTC on the way out."
OnCollision = Literal['refuse', 'keep_later', 'restore_earlier']
"What to do where something was changed after the adoption."
Operation = Literal['create', 'update', 'supersede', 'archive', 'forget', 'restore', 'remove', 'erase']
"What a change did."
Origin = Literal['external', 'tool', 'assistant', 'user', 'operator']
"Who really authored a text, from least to most authority."
Part = dict[str, Any]
"One part of a message's content."
Permission = Literal['read', 'propose', 'write', 'approve', 'erase', 'admin']
"What a key's holder may do. One permission implies no other."
Proposer = Literal['rules'] | dict[str, Any]
"Who proposed a candidate."
Record = dict[str, Any]
"The memory, message or session with an id."
Review = dict[str, Any]
"Where a change stands in review."
Role = Literal['system', 'user', 'assistant', 'tool']
"Whose turn a message is."
SaidAt = str
"When something was said: RFC 3339 with an offset, optionally with the zone."
Section = Literal['summaries', 'state', 'pinned', 'memories', 'open_questions', 'topics', 'conversation']
"A section of a recall's answer."
ServedSubject = dict[str, Any]
"What an item was."
SessionRef = Union["dict[str, Any]", "Literal['current']"]
"Which session messages go to."
Status = Literal['active', 'superseded', 'archived', 'forgotten', 'erased']
"Where a memory stands. Expired is not a status: it follows from `expires_at`."
ToolInput = dict[str, Any]
"The input of a tool call, as the model gave it. Paths begin with `/memories`."
TopicOperation = Literal['created', 'modified', 'deleted']
"What a change of a topic did."
Verdict = Literal['add', 'update', 'delete', 'no_op', 'quarantine', 'drop']
"What a decision did."
Via = Literal['live', 'import', 'derived']
"How a record came here."
WorkLine_BackedUp = dict[str, Any]
"One line of long work's answer (`application/x-ndjson`). The last line is a result or an error; an answer that ends without one was cut off."
WorkLine_Health = dict[str, Any]
"One line of long work's answer (`application/x-ndjson`). The last line is a result or an error; an answer that ends without one was cut off."
WorkLine_Maintained = dict[str, Any]
"One line of long work's answer (`application/x-ndjson`). The last line is a result or an error; an answer that ends without one was cut off."
WorkLine_Reindexed = dict[str, Any]
"One line of long work's answer (`application/x-ndjson`). The last line is a result or an error; an answer that ends without one was cut off."

AcceptChangesRequest = TypedDict(
    "AcceptChangesRequest",
    {
        "changes": "list[int]",
    },
)
"Changes to accept."


Actor = TypedDict(
    "Actor",
    {
        "kind": "ActorKind",
        "name": "str",
    },
)
"Who made a change."


AdoptRequest = TypedDict(
    "AdoptRequest",
    {
        "changes": NotRequired["list[int]"],
        "all": NotRequired["bool"],
    },
)
"What to adopt: the accepted changes unless told."


Adopted = TypedDict(
    "Adopted",
    {
        "dream": "Dream",
        "changes": "list[int]",
        "refused": "list[RefusedChange]",
    },
)
"What an adoption did."


Adoption = TypedDict(
    "Adoption",
    {
        "number": "int",
        "actor": "Actor",
        "at": "Moment",
        "changes": "list[int]",
        "rolled_back_at": NotRequired["Moment | None"],
    },
)
"That changes were written."


AppendRequest = TypedDict(
    "AppendRequest",
    {
        "session": NotRequired["SessionRef"],
        "scope": NotRequired["Scope"],
        "messages": "list[NewMessage]",
        "via": NotRequired["Via"],
        "idempotency_key": NotRequired["str | None"],
        "learn": NotRequired["Learn | None"],
        "temporary": NotRequired["bool"],
    },
)
"Messages to append to one session, in order."


Appended = TypedDict(
    "Appended",
    {
        "session": "str",
        "session_created": "bool",
        "messages": "list[AppendedMessage]",
        "events": NotRequired["list[str]"],
        "learned": NotRequired["list[Event]"],
        "replayed": "bool",
    },
)
"What became of an append."


AppendedMessage = TypedDict(
    "AppendedMessage",
    {
        "id": "str",
        "ordinal": "int",
        "duplicate": "bool",
    },
)
"Where an appended message stands."


ArchivedMemory = TypedDict(
    "ArchivedMemory",
    {
        "id": "str",
        "text": "str",
        "rule": "str",
        "because": "str",
    },
)
"A memory that was archived, or would be."


Asked = TypedDict(
    "Asked",
    {
        "as_of": NotRequired["Moment | None"],
        "valid_at": NotRequired["Moment | None"],
        "filter": NotRequired["FilterExpression | None"],
        "include": NotRequired["list[Include]"],
        "sections": "list[Section]",
        "limit": "int",
        "token_budget": "int",
        "neighbours": "int",
        "all": "bool",
        "zone": NotRequired["str | None"],
    },
)
"How a question was narrowed, beside its words, its scope and the lowest origin."


AuditEntry = TypedDict(
    "AuditEntry",
    {
        "number": "int",
        "at": "Moment",
        "actor": "Actor",
        "writes": "list[str]",
    },
)
"One change of the space."


BackedUp = TypedDict(
    "BackedUp",
    {
        "path": "str",
    },
)
"A copy that was made."


BackupRequest = TypedDict(
    "BackupRequest",
    {
        "path": "str",
    },
)
"A copy to make, on the server's own disk."


Blame = TypedDict(
    "Blame",
    {
        "topic": "Topic",
        "versions": "list[TopicVersion]",
        "lines": "list[BlamedLine]",
    },
)
"A topic, line by line."


BlamedLine = TypedDict(
    "BlamedLine",
    {
        "text": "str",
        "version": "int",
    },
)
"A line of a topic, and the version that brought it."


Candidate = TypedDict(
    "Candidate",
    {
        "id": "str",
        "scope": "Scope",
        "kind": "Kind",
        "text": "str",
        "detail": NotRequired["Detail"],
        "validity": "Interval",
        "expires_at": NotRequired["Moment | None"],
        "categories": "list[str]",
        "evidence": "list[Evidence]",
        "unfound": NotRequired["list[Unfound]"],
        "origin": "Origin",
        "proposer": "Proposer",
        "said_at": "Moment",
        "is_correction": "bool",
        "replaces": NotRequired["str | None"],
    },
)
"Proposed for remembering, with the quotes it rests on."


ChangeEffect = TypedDict(
    "ChangeEffect",
    {
        "topic": NotRequired["str | None"],
        "memory": NotRequired["str | None"],
        "operation": NotRequired["Operation | None"],
        "is_relied_on": "bool",
        "path_before": NotRequired["str | None"],
        "path_after": NotRequired["str | None"],
        "before": NotRequired["str | None"],
        "after": NotRequired["str | None"],
        "diff": "str",
    },
)
"One record that a change writes, or relies on."


Closing = TypedDict(
    "Closing",
    {
        "actor": "Actor",
        "at": "Moment",
        "reason": NotRequired["str | None"],
        "memory": NotRequired["str | None"],
    },
)
"How a held candidate was closed."


Collision = TypedDict(
    "Collision",
    {
        "place": "str",
        "before": NotRequired["str | None"],
        "adopted": NotRequired["str | None"],
        "now": NotRequired["str | None"],
    },
)
"Something that was changed after the adoption where the rollback would change it too."


Decision = TypedDict(
    "Decision",
    {
        "verdict": "Verdict",
        "memory": NotRequired["str | None"],
        "superseded": NotRequired["str | None"],
        "candidate": NotRequired["str | None"],
        "text": "str",
        "reason": "str",
        "causes": NotRequired["list[Cause]"],
        "neighbours": NotRequired["list[str]"],
        "messages": NotRequired["list[str]"],
    },
)
"What was done with one candidate, and why."


Detail = TypedDict(
    "Detail",
    {
        "slot": NotRequired["Slot | None"],
        "entities": NotRequired["list[str]"],
        "relations": NotRequired["list[Relation]"],
        "when": NotRequired["When | None"],
        "importance": NotRequired["float | None"],
        "said_at": NotRequired["Moment | None"],
        "session_count": NotRequired["int | None"],
        "inferred": NotRequired["bool"],
    },
)
"What a memory says, in parts; everything is absent for plain words."


DreamChanges = TypedDict(
    "DreamChanges",
    {
        "dream": "Dream",
        "changes": "list[ChangeSummary]",
    },
)
"A dream with what it proposes."


DreamError = TypedDict(
    "DreamError",
    {
        "kind": "str",
        "message": "str",
    },
)
"Why a dream failed."


DreamRequest = TypedDict(
    "DreamRequest",
    {
        "target": NotRequired["DreamTarget"],
        "sessions": NotRequired["list[str]"],
        "instructions": NotRequired["str | None"],
        "model": NotRequired["str | None"],
        "auto": NotRequired["list[ChangeKind]"],
        "adopt_all": NotRequired["bool"],
        "changes_max": NotRequired["int | None"],
    },
)
"A dream to be dreamt."


DreamTarget = TypedDict(
    "DreamTarget",
    {
        "store": NotRequired["str | None"],
        "scope": NotRequired["Scope | None"],
    },
)
"What a dream may touch: a store of topics, the memories of exactly one user, agent, app and run, or both."


DreamUsage = TypedDict(
    "DreamUsage",
    {
        "calls": "int",
        "prompt_tokens": "int",
        "answer_tokens": "int",
        "micro_cost": "int",
        "read_count": "int",
        "worked_count": "int",
        "message_count": "int",
    },
)
"What a dream took."


Edge = TypedDict(
    "Edge",
    {
        "relation": "Relation",
        "memory": "Memory",
    },
)
"A relation with the memory that tells it."


EditChangeRequest = TypedDict(
    "EditChangeRequest",
    {
        "path": "str",
        "content": "str",
    },
)
"Other words for a topic of a change."


EditTopicRequest = TypedDict(
    "EditTopicRequest",
    {
        "old": "str",
        "new": "str",
        "all": NotRequired["bool"],
        "expected_sha256": NotRequired["str | None"],
        "origin": NotRequired["Origin | None"],
        "raise": NotRequired["bool"],
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
    },
)
"A text of a topic to replace."


EraseRequest = TypedDict(
    "EraseRequest",
    {
        "target": "EraseTarget",
        "reason": NotRequired["str | None"],
    },
)
"Content to destroy for good, from every version, index, quote and receipt."


Erased = TypedDict(
    "Erased",
    {
        "memory_count": "int",
        "message_count": "int",
        "state_count": "int",
        "store_count": NotRequired["int"],
    },
)
"What was erased."


ErrorBody = TypedDict(
    "ErrorBody",
    {
        "error": "ErrorReport",
    },
)
"The body of every answer that is no success."


ErrorReport = TypedDict(
    "ErrorReport",
    {
        "code": "ErrorCode",
        "message": "str",
        "advice": "str",
        "details": NotRequired["dict[str, Any] | None"],
    },
)
"What failed, and what to do."


Event = TypedDict(
    "Event",
    {
        "id": "str",
        "scope": "Scope",
        "session": NotRequired["str | None"],
        "messages": NotRequired["list[str]"],
        "proposal_count": NotRequired["int"],
        "state": "EventState",
        "attempts": "int",
        "created_at": "Moment",
        "due_at": "Moment",
        "leased_until": NotRequired["Moment | None"],
        "settled_at": NotRequired["Moment | None"],
        "report": NotRequired["Report | None"],
        "error": NotRequired["str | None"],
    },
)
"Messages, or outright proposals, to be learned from."


Evidence = TypedDict(
    "Evidence",
    {
        "message": "str",
        "span": "Span",
        "quote": "str",
    },
)
"A verbatim quote of a message that a memory rests on."


EvidenceRef = TypedDict(
    "EvidenceRef",
    {
        "message": "str",
        "quote": "str",
        "span": NotRequired["Span | None"],
    },
)
"A quote that a new memory rests on; refused where the message does not say it."


FeedbackRequest = TypedDict(
    "FeedbackRequest",
    {
        "feedback": "Feedback",
    },
)
"What somebody says of a memory that was served."


ForgetRequest = TypedDict(
    "ForgetRequest",
    {
        "reason": NotRequired["str | None"],
    },
)
"A memory to hide."


Health = TypedDict(
    "Health",
    {
        "problems": "list[str]",
        "checked_count": "int",
        "mended": "dict[str, int]",
        "stale_passage_count": "int",
    },
)
"Whether the space is sound, and what was mended."


Held = TypedDict(
    "Held",
    {
        "candidate": "Candidate",
        "event": NotRequired["str | None"],
        "causes": "list[Cause]",
        "status": "HeldStatus",
        "held_at": "Moment",
        "closed": NotRequired["Closing | None"],
    },
)
"A candidate in quarantine. Nothing of it is indexed or recalled."


IndexStats = TypedDict(
    "IndexStats",
    {
        "segment_count": "int",
        "passage_count": "int",
        "resident_bytes": "int",
        "evicted_count": "int",
    },
)
"What the index holds in memory."


Interval = TypedDict(
    "Interval",
    {
        "from": NotRequired["Moment | None"],
        "to": NotRequired["Moment | None"],
    },
)
"A half-open interval `[from, to)`; an absent bound is open."


Key = TypedDict(
    "Key",
    {
        "id": "str",
        "name": "str",
        "prefix": "str",
        "permissions": "list[Permission]",
        "ceiling": "Origin",
        "created_at": "Moment",
        "expires_at": NotRequired["Moment | None"],
        "revoked_at": NotRequired["Moment | None"],
    },
)
"A credential of this space."


LearnRequest = TypedDict(
    "LearnRequest",
    {
        "from": NotRequired["int"],
        "wait": NotRequired["bool"],
    },
)
"Which messages of a session to learn from."


ListMemoriesRequest = TypedDict(
    "ListMemoriesRequest",
    {
        "scope": NotRequired["Scope"],
        "filter": NotRequired["FilterExpression | None"],
        "statuses": NotRequired["list[Status]"],
        "expired": NotRequired["bool"],
        "after": NotRequired["str | None"],
        "limit": NotRequired["int | None"],
    },
)
"Which memories to list, newest change first."


List_AuditEntry = TypedDict(
    "List_AuditEntry",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_Edge = TypedDict(
    "List_Edge",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_Key = TypedDict(
    "List_Key",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_Message = TypedDict(
    "List_Message",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_Name = TypedDict(
    "List_Name",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_StateEntry = TypedDict(
    "List_StateEntry",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


List_Version = TypedDict(
    "List_Version",
    {
        "items": "list[dict[str, Any]]",
    },
)
"A list that is whole."


LoadTopicsRequest = TypedDict(
    "LoadTopicsRequest",
    {
        "task": NotRequired["str | None"],
        "min_origin": NotRequired["Origin | None"],
        "as_of": NotRequired["Moment | None"],
        "token_budget": NotRequired["int | None"],
    },
)
"What to load of a store."


LoadedTopic = TypedDict(
    "LoadedTopic",
    {
        "topic": "Topic",
        "fit": NotRequired["float | None"],
    },
)
"A topic that was loaded."


LoadedTopics = TypedDict(
    "LoadedTopics",
    {
        "index": "str",
        "topics": "list[LoadedTopic]",
        "omitted_count": "int",
        "token_count": "int",
        "text": "str",
    },
)
"What was loaded."


MaintainRequest = TypedDict(
    "MaintainRequest",
    {
        "dry_run": NotRequired["bool"],
    },
)
"How a space is maintained."


Maintained = TypedDict(
    "Maintained",
    {
        "dry_run": "bool",
        "memory_count": "int",
        "archived_count": "int",
        "archived_by_rule": "dict[str, int]",
        "archived": "list[ArchivedMemory]",
        "event_count": "int",
        "held_count": "int",
        "sessions_erased": "list[str]",
        "stores_purged": NotRequired["list[str]"],
    },
)
"What maintenance did, or would do."


Memory = TypedDict(
    "Memory",
    {
        "id": "str",
        "version": "int",
        "text": "str",
        "kind": "Kind",
        "scope": "Scope",
        "status": "Status",
        "origin": "Origin",
        "via": "Via",
        "author": "Actor",
        "evidence": "list[Evidence]",
        "aliases": "list[str]",
        "categories": "list[str]",
        "metadata": "dict[str, Any]",
        "detail": NotRequired["Detail"],
        "importance": NotRequired["float | None"],
        "validity": "Interval",
        "expires_at": NotRequired["Moment | None"],
        "pinned": "bool",
        "supersedes": NotRequired["str | None"],
        "superseded_by": NotRequired["str | None"],
        "created_at": "Moment",
        "updated_at": "Moment",
    },
)
"A remembered unit."


MemoryHistory = TypedDict(
    "MemoryHistory",
    {
        "memory": "Memory",
        "versions": "list[Version]",
    },
)
"A memory with every version of it, oldest first."


MemoryPatch = TypedDict(
    "MemoryPatch",
    {
        "text": NotRequired["str | None"],
        "kind": NotRequired["Kind | None"],
        "labels": NotRequired["list[str] | None"],
        "aliases": NotRequired["list[str] | None"],
        "categories": NotRequired["list[str] | None"],
        "metadata": NotRequired["dict[str, Any] | None"],
        "validity": NotRequired["Interval | None"],
        "expires_at": NotRequired["Moment | None"],
        "pinned": NotRequired["bool | None"],
        "importance": NotRequired["float | None"],
        "status": NotRequired["Status | None"],
        "expected_version": NotRequired["int | None"],
        "reason": NotRequired["str | None"],
    },
)
"What changes; an absent field stays as it is."


Message = TypedDict(
    "Message",
    {
        "id": "str",
        "session": "str",
        "ordinal": "int",
        "client_id": NotRequired["str | None"],
        "role": "Role",
        "author": NotRequired["str | None"],
        "origin": "Origin",
        "via": "Via",
        "scope": "Scope",
        "parts": "list[Part]",
        "text": "str",
        "at": "Moment",
        "zone": NotRequired["str | None"],
        "recorded_at": "Moment",
        "erased": "bool",
    },
)
"A message as it was said."


Name = TypedDict(
    "Name",
    {
        "name": "str",
        "memory_count": "int",
    },
)
"A name that memories are found by."


NeighbourTurn = TypedDict(
    "NeighbourTurn",
    {
        "id": "str",
        "ordinal": "int",
        "role": "Role",
        "author": NotRequired["str | None"],
        "text": "str",
    },
)
"A turn near a recalled message, so that it can be understood."


NewCandidate = TypedDict(
    "NewCandidate",
    {
        "text": "str",
        "kind": NotRequired["Kind"],
        "scope": NotRequired["Scope"],
        "evidence": NotRequired["list[EvidenceRef]"],
        "slot": NotRequired["Slot | None"],
        "entities": NotRequired["list[str]"],
        "relations": NotRequired["list[Relation]"],
        "time": NotRequired["str | None"],
        "importance": NotRequired["float | None"],
        "categories": NotRequired["list[str]"],
    },
)
"A candidate to hand in."


NewKey = TypedDict(
    "NewKey",
    {
        "key": "Key",
        "secret": "str",
    },
)
"A key that was just made."


NewKeyRequest = TypedDict(
    "NewKeyRequest",
    {
        "name": "str",
        "permissions": "list[Permission]",
        "ceiling": NotRequired["Origin"],
        "expires_at": NotRequired["Moment | None"],
    },
)
"A key to make."


NewMemory = TypedDict(
    "NewMemory",
    {
        "text": "str",
        "kind": NotRequired["Kind"],
        "scope": NotRequired["Scope"],
        "origin": NotRequired["Origin | None"],
        "via": NotRequired["Via"],
        "evidence": NotRequired["list[EvidenceRef]"],
        "aliases": NotRequired["list[str]"],
        "categories": NotRequired["list[str]"],
        "metadata": NotRequired["dict[str, Any]"],
        "validity": NotRequired["Interval"],
        "expires_at": NotRequired["Moment | None"],
        "pinned": NotRequired["bool"],
        "reason": NotRequired["str | None"],
    },
)
"A memory to write."


NewMessage = TypedDict(
    "NewMessage",
    {
        "id": NotRequired["str | None"],
        "role": "Role",
        "author": NotRequired["str | None"],
        "origin": NotRequired["Origin | None"],
        "text": NotRequired["str | None"],
        "parts": NotRequired["list[Part] | None"],
        "at": NotRequired["SaidAt | None"],
        "zone": NotRequired["str | None"],
        "labels": NotRequired["list[str]"],
    },
)
"One message to append."


NewTopic = TypedDict(
    "NewTopic",
    {
        "path": "str",
        "content": "str",
        "origin": NotRequired["Origin | None"],
        "raise": NotRequired["bool"],
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
    },
)
"A topic to make; one that is there is never overwritten."


NewTopicStore = TypedDict(
    "NewTopicStore",
    {
        "name": "str",
        "description": NotRequired["str"],
        "metadata": NotRequired["dict[str, str]"],
        "scope": NotRequired["Scope"],
        "disk_origin": NotRequired["Origin | None"],
    },
)
"A store to make."


Page_Dream = TypedDict(
    "Page_Dream",
    {
        "items": "list[Any]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_Event = TypedDict(
    "Page_Event",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_Held = TypedDict(
    "Page_Held",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_ListedTopic = TypedDict(
    "Page_ListedTopic",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_Memory = TypedDict(
    "Page_Memory",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_Session = TypedDict(
    "Page_Session",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_TopicStore = TypedDict(
    "Page_TopicStore",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Page_TopicVersion = TypedDict(
    "Page_TopicVersion",
    {
        "items": "list[dict[str, Any]]",
        "next": NotRequired["str | None"],
    },
)
"One page of records, in the order of the question."


Progress = TypedDict(
    "Progress",
    {
        "done": "int",
        "total": "int",
    },
)
"How far long work is."


ProposeRequest = TypedDict(
    "ProposeRequest",
    {
        "candidates": "list[NewCandidate]",
    },
)
"Candidates to hand in, fire and forget."


Proposed = TypedDict(
    "Proposed",
    {
        "events": "list[str]",
    },
)
"Candidates that were handed in."


QueueStats = TypedDict(
    "QueueStats",
    {
        "pending_count": "int",
        "running_count": "int",
        "failed_count": "int",
        "oldest_pending_at": NotRequired["Moment | None"],
        "next_due_at": NotRequired["Moment | None"],
    },
)
"How full the queue of the space is."


Queued = TypedDict(
    "Queued",
    {
        "events": "list[str]",
        "learned": NotRequired["list[Event]"],
    },
)
"Learning events that were queued."


Quote = TypedDict(
    "Quote",
    {
        "message": "str",
        "quote": "str",
    },
)
"A quote that a change rests on."


Recall = TypedDict(
    "Recall",
    {
        "receipt": NotRequired["str | None"],
        "at": "Moment",
        "summaries": NotRequired["list[RecalledSummary]"],
        "state": "list[StateEntry]",
        "pinned": "list[RecalledMemory]",
        "memories": "list[RecalledMemory]",
        "open_questions": "list[RecalledMemory]",
        "topics": NotRequired["list[RecalledTopic]"],
        "conversation": "list[RecalledMessage]",
        "silence": NotRequired["Silence | None"],
        "omitted_count": "int",
        "token_count": "int",
        "text": "str",
    },
)
"What belongs to a question, in sections."


RecallRequest = TypedDict(
    "RecallRequest",
    {
        "query": "str",
        "scope": NotRequired["Scope"],
        "filter": NotRequired["FilterExpression | None"],
        "min_origin": NotRequired["Origin | None"],
        "as_of": NotRequired["Moment | None"],
        "valid_at": NotRequired["Moment | None"],
        "include": NotRequired["list[Include]"],
        "sections": NotRequired["list[Section] | None"],
        "limit": NotRequired["int | None"],
        "token_budget": NotRequired["int | None"],
        "all": NotRequired["bool"],
        "zone": NotRequired["str | None"],
        "neighbours": NotRequired["int | None"],
        "explain": NotRequired["bool"],
        "receipt": NotRequired["bool"],
        "without": NotRequired["list[str]"],
    },
)
"A question, for whom, and what may answer it."


RecalledMemory = TypedDict(
    "RecalledMemory",
    {
        "memory": "Memory",
        "score": NotRequired["Score | None"],
        "expired": "bool",
        "authoritative": NotRequired["bool | None"],
        "tells_of": NotRequired["list[Matter]"],
    },
)
"A memory that was recalled."


RecalledMessage = TypedDict(
    "RecalledMessage",
    {
        "id": "str",
        "session": "str",
        "session_key": NotRequired["str | None"],
        "ordinal": "int",
        "client_id": NotRequired["str | None"],
        "role": "Role",
        "author": NotRequired["str | None"],
        "origin": "Origin",
        "at": "Moment",
        "zone": NotRequired["str | None"],
        "quote": "str",
        "span": "Span",
        "score": "Score",
        "authoritative": NotRequired["bool | None"],
        "tells_of": NotRequired["list[Matter]"],
        "before": "list[NeighbourTurn]",
        "after": "list[NeighbourTurn]",
    },
)
"A message that was recalled, by its best passage."


RecalledSummary = TypedDict(
    "RecalledSummary",
    {
        "summary": "Summary",
        "authoritative": NotRequired["bool | None"],
        "tells_of": NotRequired["list[Matter]"],
    },
)
"What a session was about so far."


RecalledTopic = TypedDict(
    "RecalledTopic",
    {
        "topic": "Topic",
        "quote": "str",
        "span": "Span",
        "score": "Score",
        "authoritative": NotRequired["bool | None"],
        "tells_of": NotRequired["list[Matter]"],
    },
)
"A passage of a topic that was recalled."


Receipt = TypedDict(
    "Receipt",
    {
        "id": "str",
        "at": "Moment",
        "actor": "Actor",
        "query": "str",
        "scope": "Scope",
        "min_origin": "Origin",
        "asked": NotRequired["Asked | None"],
        "items": "list[ServedItem]",
        "nearest": NotRequired["float | None"],
    },
)
"What one recall served and why."


RefusedChange = TypedDict(
    "RefusedChange",
    {
        "number": "int",
        "reason": "str",
    },
)
"A change that was not written."


Reindexed = TypedDict(
    "Reindexed",
    {
        "embedded_count": "int",
        "orphan_count": "int",
    },
)
"What a reindex did."


RejectChangesRequest = TypedDict(
    "RejectChangesRequest",
    {
        "changes": "list[int]",
        "reason": NotRequired["str | None"],
    },
)
"Changes to refuse."


RejectRequest = TypedDict(
    "RejectRequest",
    {
        "reason": NotRequired["str | None"],
    },
)
"A held candidate to refuse."


Relation = TypedDict(
    "Relation",
    {
        "subject": "str",
        "predicate": "str",
        "object": "str",
    },
)
"`subject` stands to `object` as `predicate` says."


ReleaseRequest = TypedDict(
    "ReleaseRequest",
    {
        "raise": NotRequired["bool"],
        "reason": NotRequired["str | None"],
    },
)
"A held candidate to let through."


Report = TypedDict(
    "Report",
    {
        "turns_read": "int",
        "turns_learned_from": "int",
        "skipped": "dict[str, int]",
        "decisions": "list[Decision]",
        "warnings": NotRequired["list[str]"],
        "calls": "int",
        "prompt_tokens": "int",
        "answer_tokens": "int",
        "micro_cost": "int",
    },
)
"What came of an event. Events that were read together tell it once, at the first of them."


RestoreRequest = TypedDict(
    "RestoreRequest",
    {
        "version": NotRequired["int | None"],
        "reason": NotRequired["str | None"],
    },
)
"A memory to bring back."


RestoreTopicRequest = TypedDict(
    "RestoreTopicRequest",
    {
        "version": NotRequired["str | None"],
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
    },
)
"Which version is brought back."


RollbackRequest = TypedDict(
    "RollbackRequest",
    {
        "adoption": NotRequired["int | None"],
        "on_collision": NotRequired["OnCollision"],
    },
)
"An adoption to take back."


RolledBack = TypedDict(
    "RolledBack",
    {
        "dream": "Dream",
        "done": "bool",
        "restored_count": "int",
        "collisions": "list[Collision]",
    },
)
"What a rollback did."


Scope = TypedDict(
    "Scope",
    {
        "user": NotRequired["str | None"],
        "agent": NotRequired["str | None"],
        "app": NotRequired["str | None"],
        "run": NotRequired["str | None"],
        "labels": NotRequired["list[str]"],
    },
)
"For whom. On a record: whose it is. In a question a given id must match and an absent one does not restrict; every given label must be on the record."


Score = TypedDict(
    "Score",
    {
        "value": "float",
        "parts": NotRequired["list[ScorePart]"],
    },
)
"How well an item fits."


ScorePart = TypedDict(
    "ScorePart",
    {
        "signal": "str",
        "value": "float",
    },
)
"One part of a score."


ServedItem = TypedDict(
    "ServedItem",
    {
        "section": "Section",
        "subject": "ServedSubject",
        "quote": "str",
        "span": NotRequired["Span | None"],
        "said_by": NotRequired["str | None"],
        "said_at": "Moment",
        "origin": "Origin",
        "evidence": "list[Evidence]",
        "score": NotRequired["float | None"],
        "parts": "list[ScorePart]",
    },
)
"One item that was served."


Session = TypedDict(
    "Session",
    {
        "id": "str",
        "key": NotRequired["str | None"],
        "scope": "Scope",
        "opened_at": "Moment",
        "last_at": "Moment",
        "last_recorded_at": "Moment",
        "message_count": "int",
        "temporary": NotRequired["bool"],
    },
)
"One conversation."


SetStateRequest = TypedDict(
    "SetStateRequest",
    {
        "value": "Any",
        "expected_version": NotRequired["int | None"],
        "reason": NotRequired["str | None"],
    },
)
"A value to set."


Silence = TypedDict(
    "Silence",
    {
        "nearest": NotRequired["float | None"],
        "bar": "float",
    },
)
"Nothing cleared the bar."


Slot = TypedDict(
    "Slot",
    {
        "subject": "str",
        "attribute": "str",
        "one_valued": NotRequired["bool"],
        "value": "str",
        "ended": NotRequired["bool"],
    },
)
"Which property of whom a memory gives, and the value."


Span = TypedDict(
    "Span",
    {
        "start": "int",
        "end": "int",
    },
)
"Bytes `[start, end)` of a text."


StateEntry = TypedDict(
    "StateEntry",
    {
        "scope": "Scope",
        "key": "str",
        "value": NotRequired["Any"],
        "version": "int",
        "updated_at": "Moment",
        "actor": "Actor",
        "reason": NotRequired["str | None"],
    },
)
"The current value of one key in one exact scope."


Stats = TypedDict(
    "Stats",
    {
        "store": "StoreStats",
        "index": "IndexStats",
        "embedder": "str",
    },
)
"What the space holds, on disk and in memory."


StoreStats = TypedDict(
    "StoreStats",
    {
        "session_count": "int",
        "message_count": "int",
        "memory_counts": "dict[str, int]",
        "version_count": "int",
        "state_count": "int",
        "receipt_count": "int",
        "store_count": "int",
        "topic_count": "int",
        "topic_version_count": "int",
        "dream_count": "int",
        "passage_count": "int",
        "stale_passage_count": "int",
        "disk_bytes": "int",
    },
)
"What the store holds."


Summary = TypedDict(
    "Summary",
    {
        "session": "str",
        "scope": "Scope",
        "text": "str",
        "messages": "list[str]",
        "upto": "int",
        "origin": "Origin",
        "made_by": "Proposer",
        "made_at": "Moment",
    },
)
"The running summary of a session."


ToolAnswer = TypedDict(
    "ToolAnswer",
    {
        "content": "str",
        "is_error": "bool",
    },
)
"What goes into the tool's result. A command that could not be done is an answer too."


ToolRequest = TypedDict(
    "ToolRequest",
    {
        "input": "ToolInput",
        "origin": NotRequired["Origin | None"],
        "session": NotRequired["str | None"],
        "reason": NotRequired["str | None"],
    },
)
"A call of the memory tool."


Topic = TypedDict(
    "Topic",
    {
        "id": "str",
        "store": "str",
        "path": "str",
        "number": "int",
        "version": "str",
        "content_sha256": "str",
        "size_bytes": "int",
        "origin": "Origin",
        "created_at": "Moment",
        "updated_at": "Moment",
        "content": NotRequired["str | None"],
    },
)
"One Markdown file of a store."


TopicDiff = TypedDict(
    "TopicDiff",
    {
        "from": NotRequired["TopicVersion | None"],
        "to": "TopicVersion",
        "unified": "str",
        "inserted_count": "int",
        "removed_count": "int",
    },
)
"What differs between two versions of a topic; their contents are left out."


TopicPatch = TypedDict(
    "TopicPatch",
    {
        "content": NotRequired["str | None"],
        "path": NotRequired["str | None"],
        "expected_sha256": NotRequired["str | None"],
        "origin": NotRequired["Origin | None"],
        "raise": NotRequired["bool"],
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
    },
)
"What changes of a topic; an absent field stays as it is."


TopicStore = TypedDict(
    "TopicStore",
    {
        "id": "str",
        "version": "int",
        "name": "str",
        "description": "str",
        "metadata": "dict[str, str]",
        "scope": "Scope",
        "disk_origin": "Origin",
        "created_at": "Moment",
        "updated_at": "Moment",
        "archived_at": NotRequired["Moment | None"],
        "deleted_at": NotRequired["Moment | None"],
    },
)
"A named set of Markdown files."


TopicStorePatch = TypedDict(
    "TopicStorePatch",
    {
        "name": NotRequired["str | None"],
        "description": NotRequired["str | None"],
        "metadata": NotRequired["dict[str, str | None]"],
        "disk_origin": NotRequired["Origin | None"],
        "expected_version": NotRequired["int | None"],
    },
)
"What changes of a store; an absent field stays as it is."


TopicVersion = TypedDict(
    "TopicVersion",
    {
        "id": "str",
        "topic": "str",
        "store": "str",
        "number": "int",
        "operation": "TopicOperation",
        "path": NotRequired["str | None"],
        "content": NotRequired["str | None"],
        "content_sha256": NotRequired["str | None"],
        "size_bytes": NotRequired["int | None"],
        "origin": "Origin",
        "actor": "Actor",
        "at": "Moment",
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
        "dream": NotRequired["str | None"],
        "redacted_at": NotRequired["Moment | None"],
        "redacted_by": NotRequired["Actor | None"],
    },
)
"One state of a topic. Path, content and hash are absent where it was redacted, content and hash also where it records that the topic went away."


Unfound = TypedDict(
    "Unfound",
    {
        "message": NotRequired["str | None"],
        "quote": "str",
    },
)
"A quote that was claimed and not found."


Usefulness = TypedDict(
    "Usefulness",
    {
        "memory": "str",
        "served_count": "int",
        "used_count": "int",
        "helpful_count": "int",
        "irrelevant_count": "int",
        "wrong_count": "int",
        "served_at": NotRequired["Moment | None"],
    },
)
"How a memory has fared."


Version = TypedDict(
    "Version",
    {
        "number": "int",
        "operation": "Operation",
        "content": NotRequired["Any"],
        "actor": "Actor",
        "at": "Moment",
        "reason": NotRequired["str | None"],
    },
)
"One state of a record."


When = TypedDict(
    "When",
    {
        "phrase": "str",
        "interval": NotRequired["Interval | None"],
        "granularity": NotRequired["Granularity | None"],
    },
)
"When something is or was so: the words, and what they mean where that is certain."


Why = TypedDict(
    "Why",
    {
        "receipt": "Receipt",
        "memories_now": "list[Memory]",
    },
)
"What a recall served, and the served memories as they are now."


WriteTopicRequest = TypedDict(
    "WriteTopicRequest",
    {
        "content": "str",
        "expected_sha256": NotRequired["str | None"],
        "origin": NotRequired["Origin | None"],
        "raise": NotRequired["bool"],
        "reason": NotRequired["str | None"],
        "session": NotRequired["str | None"],
    },
)
"The content of a topic, whole; makes the topic when there is none at the path."


WrittenTopic = TypedDict(
    "WrittenTopic",
    {
        "topic": "Topic",
        "changed": "bool",
    },
)
"A topic after a write."
