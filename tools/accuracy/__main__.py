"""Prints every figure: `python -m tools.accuracy FOLDER [TOPIC …]`, FOLDER holding corpora/ and exam/.

A topic is a module of this package (`dates`, `replies` …) or `exam`; without one, all are measured.
"""

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tools import accuracy
from tools.accuracy import Figure


def main(folder: Path, topics: list[str]) -> int:
    """Measures and prints; 2 when there is nothing to measure against."""
    corpora, exam = folder / "corpora", folder / "exam" / "score.py"
    if not corpora.is_dir():
        print(f"No corpora in {folder}: give the folder that holds corpora/ and exam/.", file=sys.stderr)
        return 2
    for module in pkgutil.iter_modules(accuracy.__path__):
        if not module.name.startswith("_") and (not topics or module.name in topics):
            for figure in import_module(f"tools.accuracy.{module.name}").figures(corpora):
                print(row(figure), flush=True)
    if exam.is_file() and (not topics or "exam" in topics):
        kawari = Path(sys.executable).with_name("kawari")
        return subprocess.run([sys.executable, str(exam), "--kawari", str(kawari)], check=False).returncode
    return 0


def row(figure: Figure) -> str:
    """One line: name, value, of how many, and the goal with a mark where it is missed."""
    goal = "" if figure.goal is None else f"  goal {figure.goal:.2f}{'' if figure.value >= figure.goal else '  MISSED'}"
    return f"{figure.name:44} {figure.value:6.3f}  of {figure.asked}{goal}"


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(f"usage: python -m tools.accuracy FOLDER [TOPIC …]\n\n{__doc__}")
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
