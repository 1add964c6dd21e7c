"""Bytes of a text file to UTF-8."""

import pytest

from themeloom.importers.encoding import to_utf8

FRENCH = (
    "L’été dernier, déçu par l’accès à l’app : « trop lent »… Ça va mieux depuis, où est l’aide ?"
)
GERMAN = (
    "Die Übersicht lädt nicht; größere Änderungen gehen verloren. Ärgerlich – schön wäre schneller."
)
SPANISH = (
    "¿Por qué la aplicación se cierra? Mañana lo intentaré otra vez, señor García. ¡Qué lástima!"
)


@pytest.mark.parametrize("text", [FRENCH, GERMAN, SPANISH])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_western_texts_survive(text: str, encoding: str) -> None:
    decoded = to_utf8(text.encode(encoding))
    assert decoded.data.decode() == text


@pytest.mark.parametrize("text", [FRENCH, GERMAN, SPANISH])
def test_mac_roman_is_told_by_evidence(text: str) -> None:
    decoded = to_utf8(text.encode("mac_roman"))
    assert decoded.data.decode() == text
    assert decoded.encoding == "mac_roman"
    assert decoded.warnings


def test_whatever_is_not_utf8_is_told() -> None:
    assert to_utf8("déjà".encode()).warnings == ()
    assert "Western (Windows)" in to_utf8("déjà vu".encode("cp1252")).warnings[0]


def test_few_damaged_characters_do_not_spoil_utf8() -> None:
    data = ("größer, schöner, höher, weiter " * 3).encode() + b"\xff!"
    decoded = to_utf8(data)
    assert decoded.data.decode().startswith("größer")
    assert "1 character is damaged" in decoded.warnings[0]


def test_nul_is_left_out_and_counted() -> None:
    decoded = to_utf8(b"a,b\0,c")
    assert decoded.data == b"a,b,c"
    assert "1 NUL character was" in decoded.warnings[0]


def test_cyrillic_by_statistics() -> None:
    text = (
        "Приложение часто закрывается, когда я открываю отчёт. Очень жаль, раньше было лучше. " * 4
    )
    assert to_utf8(text.encode("cp1251")).data.decode() == text


def test_a_cut_character_at_the_end_of_a_sample_is_no_damage() -> None:
    decoded = to_utf8("déjà".encode()[:-1], partial=True)
    assert decoded.encoding == "utf-8"
    assert decoded.warnings == ()
