"""What a person chose in the preview of a ledger file, as one value and as JSON. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SKIP = "skip"  # the row is left out
NEW = "new"  # the row is a new commitment
CREATE = "create"  # the department is to be entered
NOBODY = "nobody"  # the words name no department
COUNTIES = "counties"  # the words mean every county government
JOINT = "\t"  # between a sheet's name and a place in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """`columns`: (sheet, index) to a field, "" to leave it out. `rows`: (sheet, Excel row) to SKIP, NEW or a code.

    `departments`: words of the file to CREATE, NOBODY, COUNTIES or a department's code. `remembered`: headings to the
    fields that they mean in later files too. `taken`: per commitment the fields for which the file's word counts.
    """

    columns: Mapping[tuple[str, int], str] = field(default_factory=dict)
    remembered: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[tuple[str, int], str] = field(default_factory=dict)
    taken: Mapping[str, frozenset[str]] = field(default_factory=dict)
    only_good: bool = False

    def to_json(self) -> dict[str, object]:
        return {
            "columns": {_joined(place): name for place, name in self.columns.items()},
            "remembered": dict(self.remembered),
            "departments": dict(self.departments),
            "rows": {_joined(place): said for place, said in self.rows.items()},
            "taken": {code: sorted(fields) for code, fields in self.taken.items()},
            "only_good": self.only_good,
        }


def from_json(said: Mapping[str, object]) -> Choices:
    """The choices that `to_json` wrote; nothing chosen for {}."""

    def part(name: str) -> Mapping[str, str]:
        found = said.get(name)
        return found if isinstance(found, dict) else {}

    return Choices(
        columns={_parted(place): name for place, name in part("columns").items()},
        remembered=dict(part("remembered")),
        departments=dict(part("departments")),
        rows={_parted(place): answer for place, answer in part("rows").items()},
        taken={code: frozenset(fields) for code, fields in part("taken").items()},
        only_good=bool(said.get("only_good")),
    )


def _joined(place: tuple[str, int]) -> str:
    return f"{place[0]}{JOINT}{place[1]}"


def _parted(place: str) -> tuple[str, int]:
    sheet, _joint, number = place.rpartition(JOINT)
    return sheet, int(number)
