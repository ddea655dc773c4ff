//! One row for each code: its word, its HTTP status, its advice.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! error_table {
    ($($(#[$doc:meta])* $name:ident, $word:literal, $status:literal, $advice:literal;)*) => {
        /// What failed, for programs. New codes may be added; the status tells the class.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word used on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// The HTTP status that carries it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),* }
            }

            /// What to do.
            pub const fn advice(self) -> &'static str {
                match self { $(Self::$name => $advice),* }
            }
        }
    };
}

error_table! {
    /// A field cannot mean anything.
    InvalidRequest, "invalid_request", 400,
        "Mend the named field; /dk/v1/docs tells what each field may hold.";
    /// The body is no JSON.
    MalformedJson, "malformed_json", 400,
        "Send one JSON value as the body.";
    /// The body is no UTF-8.
    InvalidUtf8, "invalid_utf8", 400,
        "Encode the body as UTF-8.";
    /// The body is nested too deep.
    JsonTooDeep, "json_too_deep", 400,
        "Flatten the value; nesting is bounded.";
    /// No credential, or one that opens nothing.
    Unauthenticated, "unauthenticated", 401,
        "Send `Authorization: Bearer dk_…` with a live key; `dreamkeeper key create` makes one.";
    /// The credential lacks a permission.
    Forbidden, "forbidden", 403,
        "Use a key that has the named permission; `dreamkeeper key create --scopes` gives it.";
    /// Only the operator may do it.
    OperatorOnly, "operator_only", 403,
        "Run it with the `dreamkeeper` command line on the server's own machine.";
    /// The Host header names no host of ours.
    HostNotAllowed, "host_not_allowed", 403,
        "Reach the server by a loopback name, or add the host to `server.hosts` in its configuration.";
    /// The request comes from a web page of another origin.
    OriginNotAllowed, "origin_not_allowed", 403,
        "Call from a program instead of a page, or add the origin to `server.origins` in the configuration.";
    /// No such record in this space.
    NotFound, "not_found", 404,
        "Check the id, and that the credential belongs to the space the record is in.";
    /// No such route.
    UnknownRoute, "unknown_route", 404,
        "See /dk/v1/docs for the routes there are.";
    /// The route has no such method.
    MethodNotAllowed, "method_not_allowed", 405,
        "Use a method that the Allow header names.";
    /// The record is at another version than expected.
    VersionConflict, "version_conflict", 409,
        "Read the record again, decide anew, and send the version you found.";
    /// A topic's content is another than expected.
    ContentChanged, "content_changed", 409,
        "Read the topic again, bring your change into what you find, and send the hash of that.";
    /// Another topic of the store has the path.
    PathTaken, "path_taken", 409,
        "Choose another path, or change the topic that the details name.";
    /// The store of topics cannot be written.
    StoreClosed, "store_closed", 409,
        "Write to another store; an archived one is read-only for good.";
    /// The store of topics is full.
    StoreFull, "store_full", 409,
        "Remove or merge topics first, or use another store; changes of topics that are there still work.";
    /// The version is the current one of its topic.
    HeadVersion, "head_version", 409,
        "Write a new version, or remove the topic; then redact the old one.";
    /// Another dream holds the target.
    TargetHeld, "target_held", 409,
        "Wait until that dream ends, or cancel it.";
    /// A message's client id was used for other content.
    ClientIdReused, "client_id_reused", 409,
        "Messages never change: use a new client id for new content.";
    /// The worker does not hold the event any more.
    LeaseLost, "lease_lost", 409,
        "Leave the event to the worker that has it now; nothing was written.";
    /// The content was erased.
    Erased, "erased", 410,
        "Erased content cannot come back; write a new record.";
    /// The body is too large.
    BodyTooLarge, "body_too_large", 413,
        "Send less at once; split messages over several requests.";
    /// The body is not declared as JSON.
    UnsupportedMediaType, "unsupported_media_type", 415,
        "Send `Content-Type: application/json`.";
    /// The idempotency key was used for another request.
    IdempotencyKeyReused, "idempotency_key_reused", 422,
        "Use a new idempotency key for a new request.";
    /// Too much waits to be learned from.
    QueueFull, "queue_full", 429,
        "Append without learning, or try again when some of what waits has been learned from.";
    /// The headers are too large.
    HeadersTooLarge, "headers_too_large", 431,
        "Send fewer or shorter headers.";
    /// A defect of the server.
    Internal, "internal", 500,
        "Look for the request id in the server's log, and report it as a bug.";
    /// What is stored cannot be read.
    StorageCorrupt, "storage_corrupt", 500,
        "Run `dreamkeeper doctor`; restore from a backup where it cannot mend.";
    /// What is stored was written by a newer version.
    StorageNewer, "storage_newer", 500,
        "Run the newer dreamkeeper that wrote the data; nothing was touched.";
    /// A service behind the server refused or gave a useless answer.
    DependencyFailed, "dependency_failed", 502,
        "Check the model endpoint's configuration and key.";
    /// Something behind the server cannot be reached now.
    Unavailable, "unavailable", 503,
        "Try again in a moment.";
    /// The server has too much to do.
    Overloaded, "overloaded", 503,
        "Try again in a moment, with fewer requests at a time.";
    /// It took too long.
    Timeout, "timeout", 503,
        "Try again; what the request had written stays written, so send an idempotency key.";
    /// Another process owns the data.
    Owned, "owned", 503,
        "Talk to the process that owns the data directory, or stop it first.";
    /// Writing is not possible here.
    StorageReadOnly, "storage_read_only", 503,
        "Reading goes on; make the data directory writable to write again.";
    /// The disk is full.
    StorageFull, "storage_full", 507,
        "Reading goes on; free space on the server's disk to write again.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_an_error_status_with_advice_and_its_own_word() {
        let mut words = std::collections::BTreeSet::new();
        for code in ErrorCode::ALL {
            assert!((400..=507).contains(&code.status()), "{code:?}");
            assert!(code.advice().ends_with('.'), "{code:?}");
            assert!(words.insert(code.as_str()), "{code:?}");
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }
}
