"""format=flowed (RFC 3676): soft line breaks undone, so that a sentence is one line again; quote marks are kept."""


def unflowed(text: str, *, delete_space: bool) -> str:
    """`text` (`\\n` line ends) with flowed lines joined. `delete_space`: the DelSp parameter, section 4.4.

    A line of another quote depth, or the signature separator `-- `, never joins (section 4.3 and 4.5).
    """
    paragraphs: list[list[str]] = []
    open_depth = -1  # the quote depth of the paragraph that the next line may continue
    for raw in text.split("\n"):
        bare = raw.lstrip(">")
        depth = len(raw) - len(bare)
        line = bare.removeprefix(" ")
        separator = line == "-- "
        flows = line.endswith(" ") and not separator
        content = line[:-1] if flows and delete_space else line
        if depth == open_depth and not separator:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([">" * depth + " " if depth else "", content])
        open_depth = depth if flows else -1
    lines = map("".join, paragraphs)
    return "\n".join(line if line.endswith("-- ") else line.rstrip(" ") for line in lines)
