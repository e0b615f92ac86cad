"""The rules of the house that a machine can check."""

import ast
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("notes", "ingest", "cli")
SOURCES = sorted(
    path
    for name in PACKAGES
    for path in (ROOT / name).rglob("*.py")
    if "versions" not in path.parts  # Alembic's form
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def test_no_file_imports_what_imports_it_in_a_function_or_for_types_either() -> None:
    graph = grimp.build_graph(*PACKAGES)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()  # CycleError names the circle


@pytest.mark.parametrize("package", PACKAGES)
def test_our_import_names_belong_to_us_alone(package: str) -> None:
    assert packages_distributions().get(package, ["kawari"]) == ["kawari"]


def test_config_holds_files_for_an_operator_and_no_python() -> None:
    assert list((ROOT / "config").iterdir())
    assert not list((ROOT / "config").rglob("*.py"))


def test_every_command_is_in_the_readme_or_the_docs() -> None:
    from cli.app import command_names

    told = "\n".join(path.read_text() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert [name for name in command_names() if f"kawari {name}" not in told] == []


def test_the_example_settings_are_what_the_settings_table_renders() -> None:
    from cli.settings import example

    assert (ROOT / "config" / "kawari.example.toml").read_text() == example()


@pytest.mark.parametrize(
    ("library", "room"),
    [("imapclient", "ingest/imap.py"), ("mailparser", "ingest/parse/strict.py"), ("aiosmtpd", "ingest/lmtp.py")],
)
def test_a_library_is_known_to_one_room_only(library: str, room: str) -> None:
    users = {
        str(path.relative_to(ROOT)) for path in SOURCES for name in imports(path) if name.partition(".")[0] == library
    }
    assert users == {room}


def test_only_the_store_speaks_sql() -> None:
    users = {path.relative_to(ROOT) for path in SOURCES for name in imports(path) if name.startswith("sqlalchemy")}
    assert [str(path) for path in users if not path.is_relative_to("notes/store")] == []


def test_the_contract_of_the_thinking_part_names_all_of_it() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    named = next(set(one["source_modules"]) for one in contracts if one["type"] == "forbidden")
    rooms = {
        path.stem for path in (ROOT / "notes").glob("[!_]*") if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert {f"notes.{room}" for room in rooms - {"store"}} == named


def test_nobody_is_called_utils() -> None:
    assert [path for path in SOURCES if path.stem in {"utils", "util", "helpers", "misc", "common"}] == []


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.end_lineno and node.end_lineno - node.lineno >= 60
    ]
    assert long == []


def test_the_thinking_part_reads_no_clock_and_no_environment() -> None:
    thinking = [path for path in SOURCES if path.is_relative_to(ROOT / "notes") and "store" not in path.parts]
    for path in thinking:
        text = path.read_text()
        for forbidden in ("datetime.now(", "date.today(", "os.environ", "time.time("):
            assert forbidden not in text, f"{path.relative_to(ROOT)} uses {forbidden}"


def test_every_dependency_is_pinned_by_the_constraints() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [
        *project["dependencies"],
        *(name for names in project["optional-dependencies"].values() for name in names),
    ]
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
    }
    names = {want.split(">")[0].split("<")[0].split("[")[0].strip().lower() for want in wanted}
    assert names - pinned == set()
