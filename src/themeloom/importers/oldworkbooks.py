"""How far the cells of an xls file span, read from its records before a reader lays them out.

Structures: [MS-CFB] (compound file: header, FAT, directory, mini stream) and [MS-XLS] (records of
type, length, data). Only what is needed to find the cells; anything odd counts as damage.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from themeloom.importers import preflight

_FREE = 0xFFFFFFFA  # sector numbers from here on have special meanings
_ENTRY = 128  # bytes of a directory entry
_DIMENSIONS = 0x0200
_BEGIN = 0x0809
_CELLS = frozenset({0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x00D6, 0x027E, 0x00FD, 0x00BD, 0x00BE})
_PASSWORD = 0x002F


def check_old_workbook(path: Path) -> None:
    """Refuse an xls file that is damaged, protected, or spans more cells than can be laid out.

    Raises:
        ImportFileError: with what to do.
    """
    data = path.read_bytes()
    try:
        stream = _workbook_stream(data)
    except (struct.error, IndexError, ValueError):
        raise preflight.damaged(path.name) from None
    last_row = last_column = 0
    for kind, body in _records(stream):
        if kind == _BEGIN:
            last_row = last_column = 0
        elif kind == _PASSWORD:
            raise preflight.protected(path.name)
        elif kind in _CELLS and len(body) >= 4:
            row, column = struct.unpack_from("<HH", body)
            last_row, last_column = max(last_row, row), max(last_column, column)
            # The last of several cells in one record stands at its end.
            if kind in (0x00BD, 0x00BE) and len(body) >= 6:
                last_column = max(last_column, struct.unpack_from("<H", body, len(body) - 2)[0])
        elif kind == _DIMENSIONS and _claimed(body) > preflight.MAX_CELLS:
            raise preflight.too_far(path.name, None)
        if (last_row + 1) * (last_column + 1) > preflight.MAX_CELLS:
            raise preflight.too_far(path.name, None)


def _claimed(body: bytes) -> int:
    """Return the cells that a sheet says it spans; the reader reserves room for as many."""
    if len(body) >= 14:
        first_row, end_row, first_column, end_column = struct.unpack_from("<IIHH", body)
    elif len(body) >= 8:
        first_row, end_row, first_column, end_column = struct.unpack_from("<HHHH", body)
    else:
        return 0
    return max(0, end_row - first_row) * max(0, end_column - first_column)


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook_stream(data: bytes) -> bytes:
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    mini_sector = 1 << struct.unpack_from("<H", data, 32)[0]
    if sector not in (512, 4096) or mini_sector != 64:
        raise ValueError("sector size")
    directory_start, _, cutoff, mini_start = struct.unpack_from("<4I", data, 48)
    fat = _allocation_table(data, sector)
    directory = _chain(data, fat, directory_start, sector, sector)
    root_start = size = start = None
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace").lower()
        if entry[66] == 5:
            root_start = struct.unpack_from("<I", entry, 116)[0]
        elif name == "workbook" or (name == "book" and start is None):
            start, size = struct.unpack_from("<II", entry, 116)
    if start is None or size is None:
        raise ValueError("no workbook")
    if size >= cutoff or root_start is None:
        return _chain(data, fat, start, sector, sector)[:size]
    small = _chain(data, fat, root_start, sector, sector)
    mini_table = _chain(data, fat, mini_start, sector, sector)
    mini_fat = struct.unpack(f"<{len(mini_table) // 4}I", mini_table)
    return _chain(small, mini_fat, start, mini_sector, 0)[:size]


def _allocation_table(data: bytes, sector: int) -> tuple[int, ...]:
    sectors = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    per_sector = sector // 4
    for _ in range(min(count, len(data) // sector)):
        if following >= _FREE:
            break
        numbers = struct.unpack_from(f"<{per_sector}I", data, (following + 1) * sector)
        sectors += numbers[:-1]
        following = numbers[-1]
    table: list[int] = []
    for number in sectors:
        if number < _FREE:
            part = data[(number + 1) * sector : (number + 2) * sector]
            table += struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])
    return tuple(table)


def _chain(data: bytes, table: tuple[int, ...], start: int, sector: int, offset: int) -> bytes:
    parts: list[bytes] = []
    number = start
    while number < _FREE:
        if len(parts) > len(table):
            raise ValueError("a chain of sectors goes round")
        begin = number * sector + offset
        if begin >= len(data):
            raise ValueError("a sector lies behind the end")
        parts.append(data[begin : begin + sector])
        number = table[number]
    return b"".join(parts)
