"""Writes the typed part of the client from docs/openapi.json.

`python generate.py` writes `types.py`, `client.py` and `async_client.py`; `--check` fails where they are stale. A test
runs the check, so that the client cannot drift from what the server serves.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DOCUMENT = HERE.parent.parent / "docs" / "openapi.json"
PACKAGE = HERE / "src" / "dreamkeeper"
HEAD = (
    '"""{what} Written by generate.py from docs/openapi.json; do not edit."""\n\nfrom __future__ import annotations\n\n'
)
SIMPLE = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict[str, Any]",
}


def python_type(schema: dict[str, Any]) -> str:
    """The Python type of a JSON schema, as source."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[-1]
    for word in ("oneOf", "anyOf"):
        if word in schema:
            return union(python_type(one) for one in schema[word])
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return python_type(schema["allOf"][0])
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    kinds = schema.get("type", "any")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return union(of_kind(kind, schema) for kind in kinds)


def of_kind(kind: str, schema: dict[str, Any]) -> str:
    if kind == "array":
        return f"list[{python_type(schema.get('items', {}))}]"
    extra = schema.get("additionalProperties")
    if kind == "object" and isinstance(extra, dict):
        return f"dict[str, {python_type(extra)}]"
    return SIMPLE.get(kind, "Any")


def union(parts: Any) -> str:
    return " | ".join(dict.fromkeys(parts)) or "Any"


def named(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def summary(text: str | None) -> str:
    """The first paragraph of a description, as one line that a docstring can hold."""
    first = (text or "").strip().split("\n\n", 1)[0]
    return " ".join(first.split()).replace("\\", "\\\\").replace('"""', "'''")


def types(schemas: dict[str, Any]) -> str:
    """One TypedDict for each object with properties, one alias for everything else."""
    classes, aliases = [], []
    for name, schema in schemas.items():
        if "properties" in schema:
            classes.append(typed_dict(name, schema))
        else:
            aliases.append((name, schema))
    text = HEAD.format(what="The shapes of the API.")
    text += "from typing import Any, Literal, NotRequired, TypedDict, Union\n\n"
    text += "\n".join(alias(name, schema) for name, schema in aliases)
    return text + "\n\n" + "\n\n".join(classes)


def alias(name: str, schema: dict[str, Any]) -> str:
    """An alias stands before the classes: it names them in quotes."""
    source = f"{name} = {quoted(python_type(schema))}"
    told = summary(schema.get("description"))
    return f"{source}\n{json.dumps(told, ensure_ascii=False)}" if told else source


def quoted(source: str) -> str:
    if source.startswith("Literal["):
        return source
    parts = source.split(" | ")
    if all(part in (*SIMPLE.values(), "Any") for part in parts) and len(parts) == 1:
        return source
    return f"Union[{', '.join(json.dumps(part) for part in parts)}]"


def typed_dict(name: str, schema: dict[str, Any]) -> str:
    required = set(schema.get("required", []))
    lines = [f"{name} = TypedDict(", f"    {json.dumps(name)},", "    {"]
    for field, shape in schema["properties"].items():
        kind = json.dumps(python_type(shape))
        kind = kind if field in required else f"NotRequired[{kind}]"
        lines.append(f"        {json.dumps(field)}: {kind},")
    lines += ["    },", ")"]
    if schema.get("description"):
        lines.append(json.dumps(summary(schema["description"]), ensure_ascii=False))
    return "\n".join(lines) + "\n"


class Operation:
    """One method of the client."""

    def __init__(self, method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
        self.method, self.path, self.schemas = method.upper(), path, schemas
        self.name = operation["operationId"]
        self.doc = summary(operation.get("description") or operation.get("summary"))
        self.parameters = operation.get("parameters", [])
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        self.body = schemas[body["$ref"].rsplit("/", 1)[-1]] if "$ref" in body else {}
        good = next(answer for code, answer in operation["responses"].items() if code.startswith("2"))
        self.answers = good.get("content", {})

    def where(self, place: str) -> list[dict[str, Any]]:
        return [one for one in self.parameters if one["in"] == place]

    def fields(self) -> list[tuple[str, dict[str, Any], bool]]:
        required = set(self.body.get("required", []))
        return [(name, shape, name in required) for name, shape in self.body.get("properties", {}).items()]

    def answer(self) -> tuple[str, str]:
        """How the answer is read, and its type."""
        if not self.answers:
            return "nothing", "None"
        kind, content = next(iter(self.answers.items()))
        schema = content.get("schema", {})
        if kind == "application/json":
            return "json", python_type(schema)
        if kind == "application/x-ndjson":
            return "lines", python_type(schema)
        return ("events", "StreamedEvent") if kind == "text/event-stream" else ("text", "str")

    def source(self, is_async: bool) -> str:
        reader, kind = self.answer()
        streams = reader in ("lines", "events")
        wrapped = ("AsyncIterator" if is_async else "Iterator") + f"[{kind}]" if streams else kind
        head = f"    {'async ' if is_async and not streams else ''}def {self.name}("
        lines = [head, "        self,"]
        lines += [f"        {named(one['name'])}: str," for one in self.where("path")]
        optional = self.keywords()
        if optional:
            lines.append("        *,")
            lines += [f"        {line}," for line in optional]
        lines.append(f"    ) -> {wrapped}:")
        lines.append(f'        """{self.doc or self.name.replace("_", " ").capitalize() + "."}"""')
        lines += self.call(reader, is_async and not streams)
        return "\n".join(lines) + "\n"

    def keywords(self) -> list[str]:
        given = [(name, python_type(shape), required) for name, shape, required in self.fields()]
        for one in self.where("query"):
            given.append((one["name"], python_type(one.get("schema", {})), one.get("required", False)))
        needed = [f"{named(name)}: {kind}" for name, kind, required in given if required]
        rest = [f"{named(name)}: {kind} | Unset = UNSET" for name, kind, required in given if not required]
        in_body = any(name == "idempotency_key" for name, _, _ in self.fields())
        rest += ["idempotency_key: str | Unset = UNSET"] if self.has_idempotency_key() and not in_body else []
        return needed + rest

    def has_idempotency_key(self) -> bool:
        return any(one["name"] == "Idempotency-Key" for one in self.where("header"))

    def call(self, reader: str, awaits: bool) -> list[str]:
        path = self.path
        for one in self.where("path"):
            path = path.replace("{" + one["name"] + "}", "{" + f"segment({named(one['name'])})" + "}")
        literal = f'f"{path}"' if "{" in path else f'"{path}"'
        lines = [f"        call = Call({self.method!r}, {literal}, reader={reader!r}".replace("'", '"')]
        if self.where("query"):
            pairs = ", ".join(f"{json.dumps(one['name'])}: {named(one['name'])}" for one in self.where("query"))
            lines.append("            query={" + pairs + "}")
        if self.body:
            pairs = ", ".join(f"{json.dumps(name)}: {named(name)}" for name, _, _ in self.fields())
            lines.append("            body={" + pairs + "}")
        if self.has_idempotency_key():
            lines.append("            idempotency_key=idempotency_key")
        sends = "self._stream(call)" if reader in ("lines", "events") else "self._send(call)"
        send = f"await {sends}" if awaits else sends
        return [",\n".join(lines) + ")", f"        return {send}"]


def operations(document: dict[str, Any]) -> list[Operation]:
    schemas = document["components"]["schemas"]
    found = []
    for path, methods in document["paths"].items():
        if path.startswith("/dk/v1/") and path not in ("/dk/v1/docs",):
            found += [Operation(method, path, one, schemas) for method, one in methods.items() if "operationId" in one]
    return found


def client(found: list[Operation], is_async: bool, names: list[str]) -> str:
    base, word = ("AsyncTransport", "AsyncDreamkeeper") if is_async else ("Transport", "Dreamkeeper")
    methods = "\n".join(operation.source(is_async) for operation in found)
    used = [name for name in names if any(uses(name, line) for line in methods.splitlines())]
    text = HEAD.format(what=f"{word}: one method for each operation of the API.")
    text += f"from collections.abc import {'AsyncIterator' if is_async else 'Iterator'}\nfrom typing import Any\n\n"
    text += f"from ._transport import UNSET, {base}, Call, StreamedEvent, Unset, segment\n"
    text += "from .types import (\n" + "".join(f"    {name},\n" for name in sorted(used)) + ")\n\n\n"
    text += f'class {word}({base}):\n    """A client of one Dreamkeeper server, in one space."""\n\n' + methods
    return text


def uses(name: str, line: str) -> bool:
    return re.search(rf"(?<![\w\"/]){re.escape(name)}\b", line) is not None


def kept(file: Path) -> str:
    return file.read_text("utf-8") if file.exists() else ""


def main() -> int:
    document = json.loads(DOCUMENT.read_text("utf-8"))
    schemas = document["components"]["schemas"]
    found = operations(document)
    files = {
        "types.py": types(schemas),
        "client.py": client(found, False, list(schemas)),
        "async_client.py": client(found, True, list(schemas)),
    }
    stale = [name for name, text in files.items() if kept(PACKAGE / name) != text]
    if "--check" in sys.argv[1:]:
        if stale:
            print(f"stale: {', '.join(stale)}; run `python clients/python/generate.py`", file=sys.stderr)
        return 1 if stale else 0
    for name, text in files.items():
        (PACKAGE / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
