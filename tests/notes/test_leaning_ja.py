"""Japanese sentences in which no word commits: what leans to a promise by several weak signs, and what does not."""

from datetime import datetime

import pytest

from notes.model import By, PromiseFound
from notes.phrases import load
from notes.promises import detect
from tests.notes.stories import CALENDAR, TOKYO


def found(text: str, by: By = By.US) -> tuple[PromiseFound, ...]:
    """What is detected in a text written on Tuesday, 15 September 2026, at 9:00."""
    said_at = datetime(2026, 9, 15, 9, tzinfo=TOKYO)
    return detect(text, said_at=said_at, by=by, who="a@b.example", calendar=CALENDAR, phrases=load())


def days(text: str, by: By = By.US) -> list[str]:
    return [f"{one.due.to:%m-%d %H:%M}" if one.due.to else "-" for one in found(text, by)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("返事は夕方、電話で。", ["09-15 18:00"]),
        ("16日の9時、二名で参上。", ["09-16 09:00"]),
        ("校正刷りは今週木曜、宅急便にて。", ["09-17 23:59"]),
        ("あさって、見本持参で伺う形で。", ["09-17 23:59"]),
        ("19日までに三案、こしらえます。", ["09-19 23:59"]),
        ("棚の取り付けは9/24(木)の10時開始で押さえました。", ["09-24 10:00"]),
        ("型は先に仕上げて、18日に宅配便で出すことにしました。", ["09-18 23:59"]),
        ("色の確認だけ、今週いっぱいください。", ["09-18 23:59"]),
        ("17日の13時にお邪魔させてください。", ["09-17 13:00"]),
        ("18日の金曜、7時から三人で入ります。", ["09-18 07:00"]),
        ("袋は18日納め、箱は次の週の24日に入ります。", ["09-18 23:59", "09-24 23:59"]),
    ],
)
def test_several_weak_signs_make_a_promise(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "木曜で大丈夫です。",
        "20日の件、承知いたしました。",
        "メーカーの話では、窓枠は20日ごろできるそうです。",
        "部品は17日入荷。",
        "17時までは電話がつながります。",
        "見積書の有効期限は10月末です。",
        "ご注文は18日までに。",
        "18日は15時まで在席しております。",
        "候補日は17日、18日、24日です。",
        "本日60枚をお届けし、これで完納です。",
        "次回の定例会は10月8日(木)15時からです。",
        "18日は先約があって動けません。",
        "20日を過ぎましたら、ほかのお客様にお譲りいたします。",
        "10月5日に展示会に出展します。",
        "25日に給料が出ます。",
        "17日に工場が止まります。",
        "行間にてお答えします。",
        "・釘一式 … 本日手配済み",
    ],
)
def test_what_others_do_or_what_merely_happens_is_none(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("9月最後の金曜までにお出しします。", ["09-25 23:59"]),
        ("来月二日の正午までにお送りします。", ["10-02 12:00"]),
        ("請求書は月末で締めて、ついたちに郵送します。", ["10-01 23:59"]),
        ("来週やったら木曜か金曜のどっちかで見に行きます", ["09-25 23:59"]),
        ("在庫を見て、30分以内にお電話します。", ["09-15 09:30"]),
        ("明日メーカーに確かめて、夕方までにこのメールに返信します。", ["09-16 18:00"]),
        ("17日、金型を見て、15時までにご回答します。", ["09-17 15:00"]),
        ("弊社で18日中に直しておきます。", ["09-18 23:59"]),
        ("図面は夕方、社に戻ってからお送りします。", ["09-15 18:00"]),
        (
            "26日の土曜、8時に伺います。夕方5時には動くところまでお見せできる段取りです。",
            ["09-26 08:00", "09-26 17:00"],
        ),
        ("24日でよろしければ、朝8時半から取りかかります。", ["09-24 08:30"]),
        (
            "24日の9時に搬出します。万一中止にする場合は、前夜の20時までに私から電話を入れます。",
            ["09-24 09:00", "09-23 20:00"],
        ),
        ("あすの水曜は先約があり、その次の水曜、祝日ですが10時ごろ行きます。", ["09-23 10:00"]),
        ("日を決めて連絡します。", ["-"]),
        ("お預かりの翌日から数えて8営業日でお返しします。", ["-"]),
        (
            "(い) 見積は24日\n(ろ) 図面は翌25日\n(は) 工程表は28日、持参いたします",
            ["09-24 23:59", "09-25 23:59", "09-28 23:59"],
        ),
    ],
)
def test_days_as_people_tell_them(text: str, wanted: list[str]) -> None:
    assert days(text) == wanted


def test_what_lasts_until_a_day_is_no_limit() -> None:
    assert days("24日まで使わせていただき、翌25日に返送いたします。", By.THEM) == ["09-25 23:59"]
