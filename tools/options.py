"""A tool's arguments as options of a command line: one an argument, lists by repeating it, objects as JSON."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from tools.tool import Tool

Schema = dict[str, Any]
_PLACEHOLDERS = {"string": "TEXT", "integer": "NUMBER", "number": "NUMBER", "boolean": "yes|no"}
_EXAMPLE_DATE = "2027-05-04"


def add_options(command: argparse.ArgumentParser, tool: Tool) -> None:
    schema = tool.schema()
    for name, one in _arguments(schema).items():
        command.add_argument(
            _option(name),
            dest=f"argument {name}",
            action="append",
            required=name in schema.get("required", []),
            metavar=one.placeholder,
            help=one.help.replace("%", "%%"),
            **({"nargs": "?", "const": "true"} if one.kind == "boolean" else {}),
        )


def option_names(tool: Tool) -> list[str]:
    return [_option(name) for name in _arguments(tool.schema())]


def arguments_given(tool: Tool, given: argparse.Namespace) -> dict[str, Any]:
    """The arguments as they would stand in JSON; whether they can be used is for the tool to say."""
    found: dict[str, Any] = {}
    for name, one in _arguments(tool.schema()).items():
        values: list[str] | None = getattr(given, f"argument {name}")
        if values is not None:
            found[name] = one.value(values)
    return found


class _Argument:
    """What an argument takes, whether it may be null and wherever its shape is described."""

    def __init__(self, schema: Schema, shapes: Mapping[str, Schema]) -> None:
        options: list[Schema] = [
            option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"
        ]
        self._shapes = shapes
        self._default: Any = schema.get("default")
        self._shape = shapes.get(options[0].get("$ref", "").rpartition("/")[2], options[0])
        self._description: str = schema.get("description") or options[0].get("description", "")
        self.kind: str = "string" if "enum" in self._shape else self._shape.get("type", "")

    @property
    def placeholder(self) -> str:
        if self.kind == "array":
            return self._item.placeholder
        if self._shape.get("format") == "date":
            return "DATE"
        return _PLACEHOLDERS.get(self.kind, "JSON")

    @property
    def help(self) -> str:
        parts = [self._description.rstrip(".")]
        item = self._item if self.kind == "array" else self
        parts.append(", ".join(map(str, item._shape.get("enum", []))))
        if item.kind == "object":
            parts.append(f"such as {json.dumps(item._example(), ensure_ascii=False)}")
        if self.kind == "array":
            parts.append("give it again for each")
        elif self._default not in (None, False):
            parts.append(f"default: {self._default}")
        return "; ".join(filter(None, parts))

    def value(self, texts: list[str]) -> Any:
        """Of the texts that were given for it, the last one counts unless it is a list."""
        if self.kind != "array":
            return self._read(texts[-1])
        if len(texts) == 1 and texts[0].startswith("["):
            return self._read(texts[0])
        return [self._item._read(text) for text in texts]

    @property
    def _item(self) -> "_Argument":
        return _Argument(self._shape.get("items", {}), self._shapes)

    def _read(self, text: str) -> Any:
        """As JSON unless a text is wanted; what is no JSON stays a text, which the tool then refuses."""
        if self.kind == "string":
            return text
        if self.kind == "boolean" and text in ("yes", "no"):
            return text == "yes"
        try:
            return json.loads(text)
        except ValueError:
            return text

    def _example(self) -> Any:
        match self.kind:
            case "object":
                named = _members(self._shape, self._shapes)
                needed = self._shape.get("required") or list(named)[:1]
                return {name: named[name]._example() for name in needed}
            case "string":
                is_day = self._shape.get("format") == "date"
                return _EXAMPLE_DATE if is_day else self._shape.get("enum", ["…"])[0]
            case _:
                return 1


def _arguments(schema: Schema) -> dict[str, _Argument]:
    return _members(schema, schema.get("$defs", {}))


def _members(schema: Schema, shapes: Mapping[str, Schema]) -> dict[str, _Argument]:
    return {name: _Argument(field, shapes) for name, field in schema["properties"].items()}


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
