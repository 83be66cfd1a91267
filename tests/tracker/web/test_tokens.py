"""The stylesheets: every pair of colours can be read, every colour is a token, nothing stands outside its layer."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[3] / "static" / "luoshi"
LAYERS = ("tokens", "base", "layout", "components", "pages", "print")
LIGHTS = ("done", "on_track", "at_risk", "off_track", "not_started", "no_data", "exempt")
GROUNDS = ("paper", "surface", "wash")

TEXT = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "link") for ground in GROUNDS]
TEXT += [(f"{light}-text", ground) for light in LIGHTS for ground in GROUNDS]
TEXT += [("paper", "ink"), ("paper", "ink-2")]  # the primary button, at rest and under the pointer
MARKS = [(light, ground) for light in LIGHTS for ground in ("paper", "surface")]  # no light stands on the wash
MARKS += [("field", "surface"), ("field", "paper"), ("focus", "paper"), ("focus", "surface"), ("focus", "wash")]
MARKS += [(f"on-{light}", light) for light in ("done", "on_track", "at_risk", "off_track")]
MARKS += [("ink-2", "rule-2")]  # the shape of an exempt share in the proportion bar


def source(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (CSS / f"{name}.css").read_text(encoding="utf-8"), flags=re.DOTALL)


def schemes() -> dict[str, dict[str, str]]:
    """The tokens of each scheme: what a scheme does not set it takes from the light one, as the cascade does."""
    blocks = re.findall(r"(@media[^{]*)?\{\s*:root\s*\{(.*?)\}", source("tokens"), flags=re.DOTALL)
    found = {
        "dark" if "dark" in head else "print" if "print" in head else "light": dict(
            re.findall(r"--([\w-]+):\s*([^;]+);", body)
        )
        for head, body in blocks
    }
    return {name: {**found["light"], **tokens} for name, tokens in found.items()}


def colour(tokens: dict[str, str], name: str) -> str:
    value = tokens[name].strip()
    inner = re.fullmatch(r"var\(--([\w-]+)\)", value)
    return colour(tokens, inner[1]) if inner else value


def luminance(value: str) -> float:
    channels = [int(value[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(tokens: dict[str, str], front: str, back: str) -> float:
    lighter, darker = sorted((luminance(colour(tokens, front)), luminance(colour(tokens, back))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_there_is_a_light_a_dark_and_a_printed_scheme():
    assert set(schemes()) == {"light", "dark", "print"}


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back"), TEXT)
def test_text_can_be_read(scheme, front, back):
    assert contrast(schemes()[scheme], front, back) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
@pytest.mark.parametrize(("front", "back"), MARKS)
def test_marks_can_be_seen(scheme, front, back):
    assert contrast(schemes()[scheme], front, back) >= 3


def test_paper_is_printed_in_ink_on_white_whatever_the_screen_shows():
    printed = schemes()["print"]
    dark = set(re.findall(r"--([\w-]+):", source("tokens").split("prefers-color-scheme: dark")[1].split("@media")[0]))
    own = set(re.findall(r"--([\w-]+):", source("tokens").split("@media print")[1]))
    assert printed["paper"] == "#ffffff"
    assert {name for name in dark if not name.startswith("focus")} <= own


def test_dark_on_request_is_the_dark_of_the_machine():
    text = source("tokens")
    asked = re.search(r":root\.dark\s*\{(.*?)\}", text, flags=re.DOTALL)
    machine = re.search(r"prefers-color-scheme: dark\)\s*\{\s*:root\s*\{(.*?)\}", text, flags=re.DOTALL)
    assert asked
    assert machine
    assert "color-scheme: dark;" in asked[1]
    assert re.findall(r"--[\w-]+: [^;]+;", asked[1]) == re.findall(r"--[\w-]+: [^;]+;", machine[1])


@pytest.mark.parametrize("name", LAYERS)
def test_a_stylesheet_stays_in_its_layer(name):
    text = source(name).replace("@layer tokens, base, layout, components, pages, print;", "")
    assert re.match(rf"\s*@layer {name} \{{", text)
    assert len(re.findall(r"@layer", text)) == 1


@pytest.mark.parametrize("name", [*LAYERS, "admin", "catalogue", "public", "comparison", "wall"])
def test_a_stylesheet_is_short(name):
    assert len((CSS / f"{name}.css").read_text(encoding="utf-8").splitlines()) <= 250


@pytest.mark.parametrize("name", [*LAYERS[1:], "admin", "catalogue", "public", "comparison", "wall"])
def test_colours_stand_in_the_tokens_only(name):
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{]*[;}])|\brgba?\(|\bhsla?\(", source(name)) == []


@pytest.mark.parametrize("name", [*LAYERS, "admin", "catalogue", "public", "comparison", "wall"])
def test_every_token_that_is_used_exists(name):
    known = set(schemes()["light"])
    used = set(re.findall(r"var\(--([\w-]+)", source(name)))
    own = set(re.findall(r"--([\w-]+):", source(name)))
    assert used <= known | own | {"cut"}
