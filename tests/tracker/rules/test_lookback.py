"""The draw of a look-back: anybody can repeat it, and nobody can steer it but through the seed."""

import subprocess

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules import lookback

CODES = [f"NC-{number:03d}" for number in range(1, 41)]


def test_the_sample_is_the_one_that_the_recipe_gives() -> None:
    """Written down once: a change of the recipe would make every recorded sample unrepeatable."""
    assert lookback.rank("NC-001", seed="42") == "c807b0750055e9767ef71c0a4b30012b87a840f24ee1863c8546a46a2720445e"
    assert lookback.draw(CODES, seed="42", size=3) == ("NC-029", "NC-024", "NC-005")


def test_a_shell_draws_the_same() -> None:
    line = "printf '%s:%s' 'a seed 种子' \"$0\" | sha256sum | cut -c1-64"
    for code in CODES[:3]:
        done = subprocess.run(["bash", "-c", line, code], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == lookback.rank(code, seed="a seed 种子")


@given(st.lists(st.text(min_size=1), max_size=30), st.text(min_size=1), st.integers(1, 40))
def test_order_and_repetition_do_not_matter_and_nothing_is_invented(codes: list[str], seed: str, size: int) -> None:
    drawn = lookback.draw(codes, seed=seed, size=size)
    assert drawn == lookback.draw([*reversed(codes), *codes], seed=seed, size=size)
    assert len(drawn) == len(set(drawn)) == min(size, len(set(codes)))
    assert set(drawn) <= set(codes)


def test_another_seed_draws_another_sample_and_each_has_its_chance() -> None:
    drawn = [lookback.draw(CODES, seed=str(seed), size=5) for seed in range(200)]
    assert len(set(drawn)) == 200
    assert {code for sample in drawn for code in sample} == set(CODES)


def test_a_larger_sample_begins_with_the_smaller_one() -> None:
    assert lookback.draw(CODES, seed="x", size=9)[:4] == lookback.draw(CODES, seed="x", size=4)
