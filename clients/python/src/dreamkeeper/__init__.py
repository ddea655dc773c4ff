"""A client of Dreamkeeper: memory for AI agents that its user owns.

`Dreamkeeper` and `AsyncDreamkeeper` have one method for each operation of the API. `dreamkeeper.langgraph` and
`dreamkeeper.openai_agents` fit it into these libraries, each of which is imported only
when asked for.
"""

from .async_client import AsyncDreamkeeper
from .client import Dreamkeeper
from .errors import (
    ConflictError,
    DreamkeeperConnectionError,
    DreamkeeperError,
    NotFoundError,
    OverloadedError,
    PermissionDeniedError,
)

__all__ = [
    "AsyncDreamkeeper",
    "ConflictError",
    "Dreamkeeper",
    "DreamkeeperConnectionError",
    "DreamkeeperError",
    "NotFoundError",
    "OverloadedError",
    "PermissionDeniedError",
]
