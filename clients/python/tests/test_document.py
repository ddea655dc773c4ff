"""The client is what the OpenAPI document says, and its types hold."""

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent
TOLD = {"capture_output": True, "text": True}


def test_the_client_is_written_from_the_document_in_the_repository() -> None:
    checked = subprocess.run([sys.executable, "generate.py", "--check"], cwd=HERE, check=False, **TOLD)
    assert checked.returncode == 0, checked.stderr


def test_the_document_in_the_repository_is_the_one_that_is_served(client) -> None:
    import json

    served = client.openapi_json()
    kept = json.loads((HERE.parent.parent / "docs" / "openapi.json").read_text("utf-8"))
    assert served["paths"].keys() == kept["paths"].keys()


def test_the_package_is_typed() -> None:
    checked = subprocess.run([sys.executable, "-m", "mypy", "src"], cwd=HERE, check=False, **TOLD)
    assert checked.returncode == 0, checked.stdout
