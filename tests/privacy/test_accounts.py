"""Accounts: a person's own is masked whole, a company keeps its name."""

import time

import pytest

from themeloom.privacy.masking import TOKEN, Masker

KEY = bytes(range(32))
AUTHORS = ["Ann Lee", "Bo Park <bo@park.example>", "Support Team", "user 4711", "李 雷"]


@pytest.mark.parametrize("account", ["Lee & Sons", "Park Refrigeration", "Ann", "Northlight", ""])
def test_a_company_keeps_its_name(account: str) -> None:
    assert Masker(KEY, AUTHORS).mask_account(account) == account


@pytest.mark.parametrize(
    ("account", "author"),
    [("Ann Lee", "Ann Lee"), ("LEE, Ann", "Ann Lee"), ("Bo Park", "Bo Park"), ("李雷", "李 雷")],
)
def test_a_person_who_is_an_account_has_the_same_token(account: str, author: str) -> None:
    masker = Masker(KEY, AUTHORS)
    assert masker.mask_account(account) == masker.mask_name(author)


def test_addresses_and_numbers_are_masked_and_what_stands_beside_them() -> None:
    masker = Masker(KEY, AUTHORS)
    for account in ("jane@acme.example", "+44 7700 900123", "jane at acme dot example"):
        assert TOKEN.fullmatch(masker.mask_account(account))
    assert masker.mask_account("Acme, +44 7700 900123").startswith("Acme, [PHONE_")
    assert masker.mask_account("user 4711") == masker.mask_name("user 4711")


@pytest.mark.bench
def test_many_people_cost_little_and_only_once() -> None:
    authors = [f"Declan{chr(97 + n % 26)} Testov{n:x}".translate(_LETTERS) for n in range(100_000)]
    accounts = [f"Company {name.split()[1]}" for name in authors[:5_000]] + authors[:10]
    masker = Masker(KEY, authors)
    taken: list[float] = []
    for _ in range(2):
        started = time.process_time()
        masked = [masker.mask_account(account) for account in accounts]
        taken.append(time.process_time() - started)
        assert masked[:5_000] == accounts[:5_000]
        assert all(TOKEN.fullmatch(one) for one in masked[5_000:])
    assert taken[0] < 0.4, taken
    assert taken[1] < 0.02, taken


_LETTERS = str.maketrans("0123456789", "ghijklmnop")
