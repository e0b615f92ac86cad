"""The text as the rules of dates meet it: half-width, lower case, hard-wrapped lines joined, in bounded sentences.

Every sign keeps its place except line ends inside a Japanese word, which are cut out and remembered, so that a
position in the folded text can be told as one in the original.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST = 1000
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
SIGNS = {
    "　": " ", "\u00a0": " ", "\u202f": " ", "\t": " ", "\r": " ", "〜": "~", "～": "~", "∼": "~", "–": "-",
    "—": "-", "‐": "-", "‑": "-", "−": "-",
    "’": "'", "‘": "'", "［": "(", "］": ")", "〔": "(", "〕": ")", "【": "(", "】": ")", "「": " ", "」": " ",
    "。": "。", "．": ".",
    "㈪": "月", "㈫": "火", "㈬": "水", "㈭": "木", "㈮": "金", "㈯": "土", "㈰": "日",
}  # fmt: skip
TABLE: dict[int, int | str] = {**WIDE, **{ord(sign): plain for sign, plain in SIGNS.items()}}
TABLE.update({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})
TABLE.update({code: code - 0xFEE0 + 32 for code in range(0xFF21, 0xFF3B)})
CJK = r"ぁ-んァ-ヶー一-龠々"
WRAPPED_WORD = re.compile(rf"(?<=[^\n]{{18}}[{CJK}\d/])\n(?=[{CJK}]|\d{{1,2}}[^\d.)、,])")
WRAPPED_LINE = re.compile(r"(?<=[^\n]{40}[a-z,\d])\n(?=[a-z(]|\d{1,4}[^\d.)])")
# A sentence ends at these; a point only where no abbreviation of time stands before it.
NO_END = (
    "[ap].m",
    *(
        rf"\b{name}"
        for name in [
            "tues",
            "weds",
            "thur",
            "thurs",
            "st",
            "ave",
            "blvd",
            "rd",
            "bldg",
            "mr",
            "mrs",
            "dr",
            "approx",
            "mon",
            "tue",
            "wed",
            "thu",
            "fri",
            "sat",
            "sun",
            "jan",
            "feb",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
            "oct",
            "nov",
            "dec",
        ]
    ),
)
SENTENCE_END = re.compile(r"[。!?\n]|\.(?=\s)" + "".join(rf"(?<!{name}\.)" for name in NO_END) + r"(?<!\bsept\.)")
MAY_TELL = re.compile(
    r"(?<![\d-])\d{1,4}(?:[/:.]|-\d{1,2}-|\s?[年月日時分週かヶカヵケ営稼平か箇a-z])"
    r"|(?:at|by|around|before|until|till|between) (?:\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven"
    r"|twelve|twenty)"
    r"|o'?clock|in the (?:morning|afternoon|evening)|[一二三四五六七八九十][日月時週年営]"
    r"|[本今明昨翌来前当同両毎半再先次][日月週年朝晩夜夕々来後営稼]"
    r"|曜|よう[日び]|ついたち|前の[日晩]|その次|午[前後]|[朝夕昼夜晩週年月盆]|正午|終業|始業|定時|(?:営業|業務|就業|執務|受付)[日時終]|四半期"
    r"|期末|零時|最終|仕事始|御用始|初荷|初出|(?<![a-z])eo[dwm](?![a-z\s])|きょう|あした|あす|あさって|連休|クリスマス|大晦日|元[日旦]"
    r"|\b(?:to(?:day|morr?ow|night)|tommorr?ow|tmrw?|yesterday|(?:mon|tue|wed"
    r"|thu|fri|sat|sun)[a-z]*|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|e\.?o\.?[dbwmqy]|c\.?o\.?[bp]|end|week[a-z-]*|wk(?:end)?|months?|quarter|year[a-z-]*"
    r"|day|days|business|close|noon|mid[a-z]+|morning|afternoon|evening|night"
    r"|lunch[a-z]*|(?:tea|dinner|supper|breakfast)[ -]?time|elevenses|thereafter|afterwards"
    r"|hours?|minutes?|first|the \w+th|christmas|xmas|easter|thanksgiving|new|half|fortnights?|years|boxing|good)\b"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`plain` and, sign for sign, its `original`; `cuts` are the places in `plain` before which a sign is missing."""

    plain: str
    original: str
    cuts: tuple[int, ...]

    def place(self, position: int) -> int:
        """The position in the text as written."""
        return position + bisect_right(self.cuts, position)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """Start and end of each sentence that may name a moment, none longer than `LONGEST`."""
        start = 0
        for match in SENTENCE_END.finditer(self.plain):
            yield from self._pieces(start, match.end())
            start = match.end()
        yield from self._pieces(start, len(self.plain))

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        for begin in range(start, end, LONGEST):
            stop = min(begin + LONGEST, end)
            if MAY_TELL.search(self.plain, begin, stop):
                yield begin, stop


def fold(text: str) -> Folded:
    """Make the text ready for the rules."""
    plain = text.translate(TABLE)
    plain = WRAPPED_LINE.sub(" ", plain)
    ends = [match.start() for match in WRAPPED_WORD.finditer(plain)]
    if not ends:
        return Folded(plain, text, ())
    parts = list(zip([0, *[end + 1 for end in ends]], [*ends, len(text)], strict=True))
    cuts = tuple(end - index for index, end in enumerate(ends))
    return Folded("".join(plain[a:b] for a, b in parts), "".join(text[a:b] for a, b in parts), cuts)
