"""JSON Schemas said in a few words, for the tables that people read."""

from app.contract.schema import Schema


def type_words(schema: Schema) -> str:
    """The type and bounds of a value as Markdown for one cell; shapes become links to their heading."""
    if "$ref" in schema:
        name: str = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        words = [type_words(choice) for choice in schema["anyOf"]]
        if "number" in words and "integer" in words:  # JSON has one kind of number
            words.remove("integer")
        return " or ".join(words)
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    return _plain_type(schema)


def _plain_type(schema: Schema) -> str:
    match schema.get("type"):
        case None:
            return "any"
        case "null":
            return "`null`"
        case "string" if schema.get("format") == "date-time":
            return "time"
        case "string":
            return "string" + _bounds(schema.get("minLength"), schema.get("maxLength"), " characters")
        case "array" if schema.get("maxItems") == 0:
            return "empty list"
        case "array":
            items = type_words(schema.get("items", {}))
            return f"list of {items}" + _bounds(schema.get("minItems"), schema.get("maxItems"))
        case "object":
            values: Schema = schema.get("additionalProperties", {})
            return f"object of {type_words(values)}" if values else "object"
        case kind:
            return str(kind) + _bounds(schema.get("minimum"), schema.get("maximum"))


def _bounds(low: float | None, high: float | None, unit: str = "") -> str:
    if high is not None and high > 2**52:
        high = None  # what a double can count to: no bound that a person needs to read
    match low, high:
        case None, None:
            return ""
        case None, _:
            return f", at most {high:,.0f}{unit}"
        case _, None:
            return f" ≥ {low:,.0f}{unit}"
        case _:
            return f", {low:,.0f} to {high:,.0f}{unit}"
