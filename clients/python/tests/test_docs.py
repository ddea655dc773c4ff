"""What the pages of docs/clients show works as it stands there."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent.parent.parent / "docs" / "clients"


@pytest.mark.parametrize(
    ("page", "said"), [("python.md", "I moved to Porto last May."), ("langgraph.md", "Ana drinks green tea")]
)
def test_the_code_of_a_page_runs(page: str, said: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)
    assert blocks
    script = tmp_path / "page.py"
    script.write_text("\n".join(blocks), "utf-8")
    names: dict[str, object] = {"__name__": "page"}
    exec(compile(script.read_text("utf-8"), str(script), "exec"), names)
    assert said in capsys.readouterr().out
