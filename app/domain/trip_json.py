"""A trip's stored fields put together as one JSON object. The values pass as they are stored."""

from collections.abc import Sequence

from app.contract.codec import encode
from app.domain import trip_fields as f


def trip_json(values: f.Fields) -> bytes:
    """The trip as a client may create it: without id and versions; the stops stand for the destinations."""
    return b"{%b}" % b",".join(_members(values))


def past_json(trip_id: str, version: int, values: f.Fields) -> bytes:
    """The trip as clients read it, at one version."""
    members = [
        b'"id":%b' % encode(trip_id),
        *_members(values),
        b'"destinations":%b' % encode(f.destinations(values)),
        b'"version":%d' % version,
    ]
    return b"{%b}" % b",".join(members)


def _members(values: f.Fields) -> Sequence[bytes]:
    plain = [b'"%b":%b' % (name.encode(), values[name]) for name in f.PLAIN]
    lists = [
        b'"%b":[%b]'
        % (collection.encode(), b",".join(values[name] for name in _in_order(values, collection)))
        for collection in f.ITEMS
    ]
    own = [name for name in values if name.startswith(f"{f.CUSTOM}/")]
    custom = b",".join(b"%b:%b" % (encode(name.partition("/")[2]), values[name]) for name in own)
    return [*plain, *lists, b'"custom":{%b}' % custom]


def _in_order(values: f.Fields, collection: str) -> Sequence[str]:
    names = [name for name in values if name.startswith(f"{collection}/")]
    return sorted(names, key=lambda name: (f.position(name, values[name]) or 0.0, name))
