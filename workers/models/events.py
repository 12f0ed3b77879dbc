"""Server-sent events, as the HTML standard has them: bytes in, split anywhere, the data of each event out.

Works on bytes: line ends are ASCII, which is never part of another UTF-8 character.
"""

import re

MAX_EVENT = 1024 * 1024  # bytes
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class EventTooLarge(Exception):
    """An event is over `MAX_EVENT`."""


class EventSplitter:
    def __init__(self) -> None:
        self._rest = b""
        self._data: list[bytes] = []
        self._size = 0
        self._after_return = False
        self._began = False

    def feed(self, chunk: bytes) -> list[bytes]:
        """The data of every event that is complete with this chunk. Raises `EventTooLarge`."""
        if not chunk:
            return []
        if self._after_return:
            chunk = chunk.removeprefix(b"\n")  # the other half of a line end that was split
        self._after_return = chunk.endswith(b"\r")
        *lines, self._rest = _LINE_END.split(self._rest + chunk)
        found = [data for line in lines for data in self._line(line)]
        if self._size + len(self._rest) > MAX_EVENT:
            raise EventTooLarge
        return found

    def _line(self, line: bytes) -> list[bytes]:
        if not self._began:
            self._began = True
            line = line.removeprefix(_BYTE_ORDER_MARK)
        if not line:
            data, self._data, self._size = self._data, [], 0
            return [b"\n".join(data)] if data else []
        if line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            self._size += len(line)
        if self._size > MAX_EVENT:
            raise EventTooLarge
        return []
