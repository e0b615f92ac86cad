"""Long lists of words in a pattern, written as a tree of their letters: the same matches, with far fewer words tried.

`\\b(?:today|told|tomorrow|…)\\b` tries every word of the list at every word of a text; as a tree,
`\\b(?:to(?:day|ld|morrow)|…)\\b`, it leaves off at the first letter that does not fit.
"""

import re
from collections.abc import Iterable

FEWEST = 10
LISTS = re.compile(rf"(?<=\\b\(\?:)(?:[a-z']+\|){{{FEWEST - 1},}}[a-z']+(?=\)\\b)")
Tree = dict[str, "Tree"]
END = ""


def as_trees(words: str) -> str:
    """A pattern with each of its long lists of words between `\\b` as a tree."""
    return LISTS.sub(_as_tree, words)


def _as_tree(found: re.Match[str]) -> str:
    words = found.group().split("|")
    broken = [one for one in words if "'" in one]
    if any(_begins(one, other) for other in broken for one in words):
        return found.group()  # of "won" and "won't" the first in the list counts
    return _written(_tree(words))


def _begins(one: str, other: str) -> bool:
    """Whether a word ends where another has a border of a word."""
    at = len(one)
    return len(other) > at and other.startswith(one) and (other[at - 1] == "'") != (other[at] == "'")


def _tree(words: Iterable[str]) -> Tree:
    root: Tree = {}
    for word in words:
        branch = root
        for letter in word:
            branch = branch.setdefault(letter, {})
        branch[END] = {}
    return root


def _written(branch: Tree) -> str:
    ways = "|".join(letter + _rest(further) for letter, further in branch.items() if letter is not END)
    return f"(?:{ways})?" if END in branch else ways


def _rest(branch: Tree) -> str:
    text = _written(branch)
    several = len(branch) > 1 and END not in branch
    return f"(?:{text})" if several else "" if set(branch) == {END} else text
