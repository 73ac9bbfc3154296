"""The arithmetic core as the trials see it: its modules and tests are there; mutants are judged by what they change."""

from __future__ import annotations

from pathlib import Path

from tests.trials.core import CORE, arguments, file_of
from tests.trials.mutants import EXPLAINED, Mutant, decorated_after, explained, judged

ROOT = Path(__file__).parents[1]
SOURCE = """
class Some:
    @property
    @cached("x")
    def two(self):
        return 1 + 1

    @classmethod
    def of(cls):
        return cls()

@cache
def three():
    return 3
"""
MUTATED = """
def x_said__mutmut_orig(a):
    return ", ".join(zip(a, a, strict=True)) + f"{a + 1} rows"
def x_said__mutmut_1(a):
    return ", ".join(zip(a, a, strict=False)) + f"{a + 1} rows"
def x_said__mutmut_2(a):
    return ", ".join(zip(a, a, strict=True)) + f"{a - 1} rows"
def x_said__mutmut_3(a):
    return "XX, XX".join(zip(a, a, strict=True)) + f"{a + 1} rows"
"""


def test_every_module_of_the_core_and_every_test_of_it_is_there() -> None:
    assert [name for name in CORE if not (ROOT / "ghg" / f"{name}.py").is_file()] == []
    tests = {file_of(test) for tests in CORE.values() for test in tests}
    assert [name for name in tests if not (ROOT / name).is_file()] == []
    assert tests <= set(arguments())
    assert {f"--cov=ghg.{name.replace('/', '.')}" for name in CORE} <= set(arguments())


def test_explained_survivors_are_of_the_core_and_stand_once() -> None:
    assert {entry.module for entry in EXPLAINED} <= set(CORE)
    changes = [(entry.module, change) for entry in EXPLAINED for change in entry.changes]
    assert len(set(changes)) == len(changes)
    assert explained() in (ROOT / "docs" / "reference" / "mutants.md").read_text(encoding="utf-8")


def test_functions_are_decorated_after_they_are_made() -> None:
    made = decorated_after(SOURCE)
    assert "    def two(self):\n        return 1 + 1\n    two = property(cached('x')(two))\n" in made
    assert "    @classmethod\n    def of(cls):" in made
    assert made.endswith("def three():\n    return 3\nthree = cache(three)\n")


def test_words_and_assertions_about_lengths_are_told_apart() -> None:
    codes = {f"ghg.x.x_said__mutmut_{number}": code for number, code in ((1, 0), (2, 1), (3, 36))}
    one, two, three = judged(MUTATED, codes)
    assert (one.apart, one.status) == (True, "survived")
    assert two == Mutant(
        "said",
        "return ', '.join(zip(a, a, strict=True)) + f'{a + 1} rows'",
        "return ', '.join(zip(a, a, strict=True)) + f'{a - 1} rows'",
        apart=False,
        status="killed",
    )
    assert (three.apart, three.status) == (False, "out of time")
