"""Hypothesis strategies for the structs of the contract, made from their types."""

from collections.abc import Callable
from datetime import UTC
from importlib.resources import files
from typing import Any

from hypothesis import strategies as st
from msgspec import UNSET, Struct, inspect

from app.contract import examples as documented
from app.contract.examples import Kind, example

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=8,
)


def structs(struct: type[Struct]) -> st.SearchStrategy[Any]:
    """Any value of a struct; fields that may be unset sometimes are."""
    described = inspect.type_info(struct)
    assert isinstance(described, inspect.StructType)
    return _struct(described)


def _struct(kind: inspect.StructType) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({field.name: _field(field) for field in kind.fields}).map(
        lambda values: kind.cls(**values)
    )


def _field(field: inspect.Field) -> st.SearchStrategy[Any]:
    values = _values(field.type)
    return values | st.just(UNSET) if field.default is UNSET else values


def _values(kind: inspect.Type) -> st.SearchStrategy[Any]:
    return _STRATEGIES[type(kind)](kind)


def _text(kind: Any) -> st.SearchStrategy[str]:
    if kind.pattern:
        return st.from_regex(kind.pattern)
    return st.text(min_size=kind.min_length or 0, max_size=min(kind.max_length or 40, 40))


_STRATEGIES: dict[type[inspect.Type], Callable[[Any], st.SearchStrategy[Any]]] = {
    inspect.Metadata: lambda kind: _values(kind.type),
    inspect.StructType: _struct,
    inspect.UnionType: lambda kind: st.one_of([_values(each) for each in kind.types]),
    inspect.LiteralType: lambda kind: st.sampled_from(kind.values),
    inspect.ListType: lambda kind: (
        st.lists(
            _values(kind.item_type), min_size=kind.min_length or 0, max_size=min(kind.max_length or 3, 3)
        )
        if kind.max_length != 0
        else st.just([])
    ),
    inspect.DictType: lambda kind: st.dictionaries(
        st.text(max_size=10), _values(kind.value_type), max_size=3
    ),
    inspect.AnyType: lambda _: json_values,
    inspect.NoneType: lambda _: st.none(),
    inspect.BoolType: lambda _: st.booleans(),
    inspect.IntType: lambda kind: st.integers(
        -(2**53) if kind.ge is None else kind.ge, 2**53 - 1 if kind.le is None else kind.le
    ),
    inspect.FloatType: lambda kind: st.floats(kind.ge, kind.le, allow_nan=False, allow_infinity=False),
    inspect.StrType: _text,
    inspect.DateTimeType: lambda _: st.datetimes(timezones=st.just(UTC)),
}


def examples(kind: Kind) -> dict[str, dict[str, Any]]:
    """Every example of this kind by the type of its frame, in alphabetical order."""
    names = sorted(entry.name.removesuffix(".json") for entry in (files(documented) / kind).iterdir())
    return {name: example(kind, name) for name in names}
