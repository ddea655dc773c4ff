"""What can go wrong, with what the server says and what to do."""

from __future__ import annotations

from typing import Any

import httpx


class DreamkeeperError(Exception):
    """A server's refusal: `status`, its `code` for programs, `message`, `advice`, and `details` where there are any."""

    def __init__(self, status: int, code: str, message: str, advice: str, details: Any = None) -> None:
        super().__init__(f"{code} ({status}): {message}" + (f" — {advice}" if advice else ""))
        self.status, self.code, self.message, self.advice, self.details = status, code, message, advice, details


class NotFoundError(DreamkeeperError):
    """There is no such record for this key."""


class ConflictError(DreamkeeperError):
    """Something changed since it was read: read again, then decide."""


class PermissionDeniedError(DreamkeeperError):
    """No key, a wrong key, or a key without the permission."""


class OverloadedError(DreamkeeperError):
    """The server is busy, or its queue is full: nothing was recorded, try later."""


class DreamkeeperConnectionError(Exception):
    """No answer came. Whether a call that writes took effect is not known."""

    def __init__(self, address: str, cause: Exception) -> None:
        super().__init__(f"no answer from {address} ({cause}): is `dreamkeeper serve` running there?")
        self.address = address


KINDS = {
    401: PermissionDeniedError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
    429: OverloadedError,
    503: OverloadedError,
}


def error_of(answer: httpx.Response) -> DreamkeeperError:
    """The error that an answer tells; one that is not ours (a proxy's page) is told by its first words."""
    kind = KINDS.get(answer.status_code, DreamkeeperError)
    try:
        report = answer.json()["error"]
        return kind(
            answer.status_code, report["code"], report["message"], report.get("advice", ""), report.get("details")
        )
    except (ValueError, KeyError, TypeError):
        return kind(answer.status_code, "unknown", answer.text[:200] or answer.reason_phrase, "")
