//! Every bound of the system, named, in one place (invariant 11). docs/limits.md tells them to users.

/// Bytes of a scope id or label.
pub const SCOPE_ID_BYTES_MAX: usize = 256;
/// Labels on one record or in one query.
pub const SCOPE_LABELS_MAX: usize = 32;
/// Bytes of a session's key or a message's client id.
pub const CLIENT_ID_BYTES_MAX: usize = 256;
/// Bytes of an author's name.
pub const AUTHOR_BYTES_MAX: usize = 256;
/// Bytes of one message's text.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;
/// Content parts of one message.
pub const MESSAGE_PARTS_MAX: usize = 256;
/// Messages in one append.
pub const APPEND_COUNT_MAX: usize = 1_000;
/// Bytes of one memory's text.
pub const MEMORY_BYTES_MAX: usize = 16 << 10;
/// Aliases of one memory.
pub const MEMORY_ALIASES_MAX: usize = 32;
/// Categories of one memory.
pub const MEMORY_CATEGORIES_MAX: usize = 32;
/// Quotes one memory rests on.
pub const MEMORY_EVIDENCE_MAX: usize = 64;
/// Bytes of one memory's metadata, as JSON.
pub const METADATA_BYTES_MAX: usize = 16 << 10;
/// Bytes of a reason.
pub const REASON_BYTES_MAX: usize = 2_048;
/// Bytes of a state key.
pub const STATE_KEY_BYTES_MAX: usize = 256;
/// Bytes of a state value, as JSON.
pub const STATE_VALUE_BYTES_MAX: usize = 256 << 10;
/// State entries that one recall serves.
pub const STATE_RECALL_COUNT_MAX: usize = 100;
/// Tokens of one passage.
pub const PASSAGE_TOKENS_MAX: usize = 256;
/// Words and marks to each side of a phrase of time that are read for its tense; what lies further is not seen.
pub const CLAUSE_TOKENS_MAX: usize = 64;
/// Bytes of a query's text; the rest is refused.
pub const QUERY_BYTES_MAX: usize = 16 << 10;
/// Different terms of a query that are looked up, the rarest first.
pub const QUERY_TERMS_MAX: usize = 64;
/// Items that one recall may serve.
pub const RECALL_LIMIT_MAX: usize = 200;
/// Items that one recall serves unless told.
pub const RECALL_LIMIT_DEFAULT: usize = 10;
/// Tokens that one recall's fenced text may take unless told.
pub const RECALL_TOKENS_DEFAULT: usize = 2_000;
/// Tokens that one recall's fenced text may take.
pub const RECALL_TOKENS_MAX: usize = 100_000;
/// Pinned memories that one recall serves.
pub const PINNED_RECALL_COUNT_MAX: usize = 50;
/// Nesting of a filter.
pub const FILTER_DEPTH_MAX: usize = 8;
/// Tests in a filter.
pub const FILTER_TESTS_MAX: usize = 64;
/// Values of one `in` test.
pub const FILTER_VALUES_MAX: usize = 256;
/// Records on one page unless told.
pub const PAGE_COUNT_DEFAULT: usize = 50;
/// Records on one page.
pub const PAGE_COUNT_MAX: usize = 1_000;
/// Writes in one ChangeSet.
pub const CHANGESET_WRITES_MAX: usize = 4_096;
/// Days for which a request that is repeated under its idempotency key gets its first answer.
pub const IDEMPOTENCY_DAYS: i64 = 7;
/// Days for which a receipt is kept.
pub const RECEIPT_DAYS: i64 = 90;
/// Days for which an entry of the audit is kept; versions tell who, when and why for as long as their record.
pub const AUDIT_DAYS: i64 = 365;
/// Entries past their age that one ChangeSet takes away, of each sort.
pub const PRUNE_COUNT_MAX: usize = 16;
/// Minutes after which a scope's current session counts as closed.
pub const SESSION_IDLE_MINUTES: i64 = 30;
/// Bytes of a request body, other than an import's.
pub const BODY_BYTES_MAX: usize = 8 << 20;
/// Nesting of a JSON body.
pub const JSON_DEPTH_MAX: usize = 64;
/// Bytes of one value in a filter, or of one step of a metadata path.
pub const FILTER_VALUE_BYTES_MAX: usize = 1_024;
/// Bytes of a request's headers together.
pub const HEADER_BYTES_MAX: usize = 16 << 10;
/// Seconds that a request may take unless told (`server.request_timeout_ms`), streamed maintenance excepted.
pub const REQUEST_SECONDS_MAX: u64 = 60;
/// Requests that a server works on at one time; more are refused until some are done.
pub const REQUESTS_AT_ONCE_MAX: usize = 512;
/// Events that may wait to be learned from in one space; an append that would add more is refused.
pub const QUEUE_EVENTS_MAX: usize = 100_000;
/// Messages of one learning event.
pub const EVENT_MESSAGES_MAX: usize = 64;
/// Tries of one learning event before it is given up.
pub const EVENT_ATTEMPTS_MAX: u32 = 8;
/// Candidates that one learning event may bring.
pub const EVENT_CANDIDATES_MAX: usize = 256;
/// Pairs of a new statement and a memory that one second call asks about.
pub const CONTRADICTIONS_MAX: usize = 16;
/// Memories that one request of mem0's clients may change.
pub const MEM0_BATCH_MAX: usize = 1_000;
/// Memories on one page of mem0's wire unless told.
pub const MEM0_PAGE_DEFAULT: usize = 100;
/// Memories on one page of mem0's wire.
pub const MEM0_PAGE_MAX: usize = 200;
/// Memories that a search of mem0's clients may ask for; it gets at most `RECALL_LIMIT_MAX`.
pub const MEM0_TOP_K_MAX: usize = 1_000;
/// Turns before a quote in which a name that it leans on is looked for.
pub const LEANING_TURNS_MAX: usize = 3;
/// Seconds that a worker may hold an event without being done.
pub const LEASE_SECONDS: i64 = 300;
/// The same for a worker that asks a model.
pub const LEASE_MODEL_SECONDS: i64 = 3_600;
/// Events that a worker takes at one time.
pub const LEASE_EVENTS_MAX: usize = 64;
/// Days that events which succeeded are kept unless told.
pub const EVENT_KEPT_DAYS: i64 = 30;
/// Days that events which failed are kept, so that they can be requeued.
pub const EVENT_FAILED_KEPT_DAYS: i64 = 180;
/// Memories that one maintenance tells of one by one; of more it tells the number.
pub const MAINTAIN_TOLD_MAX: usize = 100;
/// Summaries that one recall serves.
pub const SUMMARIES_RECALL_COUNT_MAX: usize = 3;
/// Bytes of a session's summary.
pub const SUMMARY_BYTES_MAX: usize = 4 << 10;
/// Words that a sentence must have for us to tell that we served it.
pub const SERVED_WORDS_MIN: usize = 4;
/// Entities, or relations, of one memory.
pub const DETAIL_NAMES_MAX: usize = 32;
/// Words of tools' and outsiders' texts that are compared with what an assistant says; past it all counts as theirs.
pub const ECHO_SOURCE_WORDS_MAX: usize = 1 << 18;
/// Latest receipts whose words of tools and outsiders an assistant's words are compared with in later sessions.
pub const ECHO_RECEIPTS_MAX: usize = 200;
/// Words of such receipts that are compared, the latest first.
pub const ECHO_SERVED_WORDS_MAX: usize = 1 << 16;
/// Latest messages of a session in which an assistant's words are looked for when they may be an echo.
pub const ECHO_TURNS_MAX: u32 = 400;
/// Bytes of what a chat model may send for one answer.
pub const CHAT_ANSWER_BYTES_MAX: usize = 4 << 20;
/// Seconds of one wait before a chat model is asked again within a call; a longer one is the caller's.
pub const CHAT_RETRY_SECONDS_MAX: u64 = 10;
/// Attempts of one call to a chat model, the first included.
pub const CHAT_ATTEMPTS_MAX: u32 = 3;
/// Seconds that a call to a chat model may take unless told, each attempt by itself.
pub const CHAT_SECONDS_MAX: u64 = 120;
/// Seconds between two pieces of a chat model's answer unless told.
pub const CHAT_IDLE_SECONDS_MAX: u64 = 30;
/// Temporary failures in a row after which a chat model is left alone unless told.
pub const CHAT_FAILURES_MAX: u32 = 5;
/// Seconds for which it is then left alone unless told.
pub const CHAT_REST_SECONDS: u64 = 30;
/// Seconds for which it is left alone when it asks for longer.
pub const CHAT_REST_SECONDS_MAX: u64 = 3_600;
/// Bytes of a message that are read for statements; what follows is passed over.
pub const STATEMENT_MESSAGE_BYTES_MAX: usize = 16 << 10;
/// Words of a clause that is read for a statement; a longer one is passed over.
pub const STATEMENT_TOKENS_MAX: usize = 60;
/// Settled events that may wait to be read by one follower; of more it is told how many it missed.
pub const FOLLOW_WAITING_MAX: usize = 1_024;
/// Bytes of one topic's content.
pub const TOPIC_BYTES_MAX: usize = 102_400;
/// Topics of one store; a new one over it is refused, edits still work.
pub const STORE_TOPICS_MAX: u64 = 10_000;
/// Characters of a store's name.
pub const STORE_NAME_CHARS_MAX: usize = 255;
/// Characters of a store's description.
pub const STORE_DESCRIPTION_CHARS_MAX: usize = 1_024;
/// Pairs of a store's metadata.
pub const STORE_METADATA_MAX: usize = 16;
/// Characters of a key of a store's metadata.
pub const STORE_METADATA_KEY_CHARS_MAX: usize = 64;
/// Characters of a value of a store's metadata.
pub const STORE_METADATA_VALUE_CHARS_MAX: usize = 512;
/// Days after which the content of a deleted store is destroyed.
pub const STORE_DELETED_DAYS: i64 = 30;
/// Entries of a page of the memory-store wire unless told.
pub const TOPIC_PAGE_DEFAULT: usize = 20;
/// Versions on one page; topics on one page of the memory-store wire.
pub const TOPIC_PAGE_MAX: usize = 100;
/// The same where contents are asked for.
pub const TOPIC_PAGE_FULL_MAX: usize = 20;
/// Files that may be gone from a working copy at once before a person has to agree.
pub const WORKING_GONE_FILES_MAX: usize = 8;
/// The same as a share of all its files, in percent.
pub const WORKING_GONE_PERCENT_MAX: usize = 25;
/// Sessions that one dream reads.
pub const DREAM_SESSIONS_MAX: usize = 100;
/// Characters of a dream's instructions.
pub const DREAM_INSTRUCTIONS_CHARS_MAX: usize = 4_096;
/// Characters of the model's name of a dream.
pub const DREAM_MODEL_CHARS_MAX: usize = 256;
/// Changes that one dream may propose.
pub const DREAM_CHANGES_MAX: u32 = 1_000;
/// Claims, or bytes, that a dream may drop from what it touches, in percent.
pub const DREAM_LOSS_PERCENT_MAX: usize = 25;
/// Bytes from which a dream proposes to split a topic by its headings.
pub const DREAM_SPLIT_BYTES: usize = 25 << 10;
/// Sessions in which a convention has to be stated before a dream lifts it into a topic.
pub const DREAM_CONVENTION_SESSIONS_MIN: usize = 3;
/// Bytes of topics and memories that one dream reads.
pub const DREAM_INPUT_BYTES_MAX: u64 = 64 << 20;
/// Tokens of prompts and answers that one dream may take unless told.
pub const DREAM_TOKENS_DEFAULT: u64 = 200_000;
/// Seconds that one dream may take unless told.
pub const DREAM_SECONDS_DEFAULT: u64 = 600;
/// Seconds for which a worker may hold a dream without a word.
pub const DREAM_LEASE_SECONDS: i64 = 120;
/// Times that a dream is begun before it is given up.
pub const DREAM_ATTEMPTS_MAX: u32 = 3;
