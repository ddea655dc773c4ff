"""A server is running where `DREAMKEEPER_URL` says: `cargo xtask test python` starts one."""

import os
import uuid

import pytest

from dreamkeeper import AsyncDreamkeeper, Dreamkeeper


def pytest_configure() -> None:
    if not os.environ.get("DREAMKEEPER_URL"):
        pytest.exit("DREAMKEEPER_URL is not set: run `cargo xtask test python`, or start `dreamkeeper serve`", 2)


@pytest.fixture
def client():
    with Dreamkeeper() as made:
        yield made


@pytest.fixture
async def async_client():
    async with AsyncDreamkeeper() as made:
        yield made


@pytest.fixture
def user() -> str:
    """Somebody whom no other test knows."""
    return f"user-{uuid.uuid4()}"
