"""Whom a draft answers, in whose language, and that the sentence with the new date is read as a move."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from notes.model import Address, Direction, Filed, Kind
from notes.replying import answerable, first_owed, ground, language, recipients, reply_subject, thread
from notes.timeline import Page, page
from tests.notes.stories import CALENDAR, DIRECTORY, PEOPLE, Story, at
from tests.notes.test_returned import held

UEDA, MORI = DIRECTORY.staff
KITA, LOG = PEOPLE["kita"], PEOPLE["log"]
BOSS = Address("", "boss@hanamizuki.example")
ROBOT = Address("", "no-reply@hanamizuki.example")
LETTERS = Path(__file__).resolve().parents[2] / "cli" / "letters"


def machine(address: str) -> bool:
    return address.startswith("no-reply")


def letter(sender: Address, to: tuple[Address, ...], cc: tuple[Address, ...] = (), kind: Kind = Kind.MAIL) -> Filed:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "いつ直りますか。")
    direction = Direction.OUT if DIRECTORY.is_ours(sender.address) else Direction.IN
    return replace(story.mails[0], sender=sender, to=to, cc=cc, kind=kind, direction=direction)


def addresses(found: tuple[tuple[Address, ...], tuple[Address, ...]]) -> tuple[list[str], list[str]]:
    to, cc = found
    return [one.address.split("@")[0] for one in to], [one.address.split("@")[0] for one in cc]


def test_an_answer_goes_to_all_but_us_the_log_and_machines_and_the_owner_reads_along() -> None:
    mail = letter(KITA, (PEOPLE["ueda"],), (PEOPLE["mori"], LOG, ROBOT, BOSS))
    assert addresses(recipients(mail, DIRECTORY, MORI, UEDA, machine=machine)) == (["kita"], ["ueda", "boss"])
    apart = letter(KITA, (PEOPLE["mori"],))
    assert addresses(recipients(apart, DIRECTORY, MORI, UEDA, machine=machine)) == (["kita"], ["ueda"])
    assert addresses(recipients(apart, DIRECTORY, MORI, MORI, machine=machine)) == (["kita"], [])


def test_reply_to_is_honoured_unless_it_is_a_machines_or_ours() -> None:
    mail = letter(KITA, (PEOPLE["mori"],))
    for wanted, to in (((BOSS,), ["boss"]), ((ROBOT,), ["kita"]), ((PEOPLE["ueda"],), ["kita"]), ((), ["kita"])):
        found = recipients(mail, DIRECTORY, MORI, UEDA, reply_to=wanted, machine=machine)
        assert addresses(found) == (to, ["ueda"])


def test_after_a_mail_of_ours_the_same_people_are_written_to_once_more() -> None:
    mail = letter(PEOPLE["ueda"], (KITA,), (BOSS, PEOPLE["mori"]))
    assert addresses(recipients(mail, DIRECTORY, MORI, UEDA, machine=machine)) == (["kita"], ["ueda", "boss"])


def test_what_is_no_address_is_nobodys() -> None:
    odd = Address("x", "a b@hanamizuki.example\r\nBcc: x@y.example")
    found = recipients(letter(odd, (PEOPLE["mori"],)), DIRECTORY, MORI, None, machine=machine)
    assert addresses(found) == ([], [])


@pytest.mark.parametrize(
    ("given", "answered"),
    [
        ("Pump", "Re: Pump"),
        ("RE: Re: AW: Pump", "Re: Pump"),
        ("Re[2]: Pump", "Re: Pump"),
        ("返信：Re：ポンプの件", "Re: ポンプの件"),
        ("Fwd: Pump", "Re: Fwd: Pump"),
        ("Reorder: Pump", "Re: Reorder: Pump"),
        ("a\r\nBcc: x@y.example", "Re: a Bcc: x@y.example"),
        ("", "Re:"),
    ],
)
def test_a_subject_answers_once(given: str, answered: str) -> None:
    assert reply_subject(given) == answered


def test_references_end_with_the_answered_mail_and_stay_bounded() -> None:
    assert thread(("a@x", "b@x", "c@x"), "c@x") == ("a@x", "b@x", "c@x")
    assert thread((), "note-17") == ()
    assert thread(("a@x", "bad id@x", "b>\r\nBcc: y@x"), "c@x") == ("a@x", "c@x")
    many = thread([f"{n}@x" for n in range(5_000)], "z@x")
    assert (len(many), many[0], many[-1]) == (30, "0@x", "z@x")


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("お世話になっております。", "ja"),
        ("HC-20 firmware v3.2 applied to serial 2051. ご確認ください。", "ja"),
        ("Dear Ms 山田, please send the quote.", "en"),
        ("Guten Tag, wann kommt die Pumpe?", "en"),
        ("", "en"),
    ],
)
def test_the_customers_language_is_told_by_its_letters(text: str, spoken: str) -> None:
    assert language([text]) == spoken


def pages(story: Story) -> Page:
    of = held(story, "hana-1")
    now = at("4/24 09:00")
    return page(of, story.mails, also_open=[], not_known=[], directory=DIRECTORY, calendar=CALENDAR, now=now)


def test_the_customers_last_mail_is_answered_and_after_it_ours_with_the_promise() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "いつ直りますか。")
    promised = story.say("ueda", "kita", "4/14 09:00", "4月20日中にご報告します。")
    one = pages(story)
    answer, grace = answerable(one, machine), answerable(one, machine, first_owed(one))
    assert (answer and answer.ref, grace and grace.ref) == ("m1@story.example", promised)
    asked = story.say("kita", "ueda", "4/21 09:00", "まだでしょうか。")
    story.say("ueda", "log", "4/21 10:00", "電話した。", kind=Kind.CALL)
    one = pages(story)
    for promise in (None, first_owed(one)):
        found = answerable(one, machine, promise)
        assert found
        assert found.ref == asked


def test_a_case_of_notes_alone_has_no_mail_to_answer() -> None:
    story = Story()
    story.say("ueda", "log", "4/21 10:00", "電話した。", kind=Kind.CALL)
    assert answerable(pages(story), machine) is None


# --- what the letters say is understood by our own rules -------------------------------------------------------------

PROMISES = {
    "ja": [
        "4月20日（月）17時までにお見積をお送りいたします。",
        "交換部品の納期を4月20日までに回答いたします。",
        "調査結果は4月20日中にご報告します。",
        "4/20 17:00までにお電話いたします。",
        "4月20日に訪問して点検いたします。",
        "本件、4月20日（月）中に必ずご回答いたします。",
        "4月20日までに確認のうえ折り返しご連絡いたします。",
    ],
    "en": [
        "I will send you the quote by Monday 20 April 5 pm.",
        "We will get back to you about the firmware bug by 20 April.",
        "Our engineer will visit you on 20 April.",
        "You will have the root cause report by 20 April.",
        "I will come back to you with an answer by 20 April, 17:00.",
        "I'll phone you on 20 April to discuss the plan.",
        "We'll let you know by 20 April whether the pump can be repaired.",
        "The spare part will be shipped on 20 April.",
    ],
}
ASKED = {"ja": "ポンプが動きません。いつ直りますか。", "en": "The pump does not run. When can you repair it?"}
CHASED = {
    "ja": "まだご連絡をいただいておりません。本日中に回答をお願いします。",
    "en": "I have not heard from you. Please answer today.",
}
YES = {"ja": "承知しました。よろしくお願いします。", "en": "That is fine, thank you."}
NEW = {"ja": "4月23日(木) 17:00", "en": "Thursday 23 April 2026, 17:00"}


@pytest.mark.parametrize("chased", [True, False])
@pytest.mark.parametrize(("spoken", "promise"), [(spoken, one) for spoken, all_ in PROMISES.items() for one in all_])
def test_the_grace_letter_moves_what_was_promised_and_keeps_nothing(spoken: str, promise: str, chased: bool) -> None:
    words = tomllib.loads((LETTERS / f"{spoken}.toml").read_text("utf-8"))
    own = [
        words["greeting"],
        words["standin"].format(organisation="青空設備株式会社", me="森 あかり", owner="上田 進"),
        words["sorry"],
        words["move"].format(quote=promise.rstrip("。."), when=NEW[spoken]),
        words["state"] + "\n" + ("部品を手配しています。" if spoken == "ja" else "We are waiting for a part."),
        words["closing-grace"],
    ]
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", ASKED[spoken])
    story.say("ueda", "kita", "4/14 09:00", promise)
    if chased:
        story.say("kita", "ueda", "4/21 09:00", CHASED[spoken])
    story.say("mori", "kita", "4/21 10:00" if chased else "4/20 10:00", "\n\n".join(one for one in own if one))
    agreed = story.say("kita", "mori", "4/21 11:00", YES[spoken])
    (followed,) = story.stands().promises
    assert [(move.to, move.agreed_in) for move in followed.moves] == [(at("4/23 17:00"), agreed)]
    assert (followed.kept, followed.withdrawn) == (None, None)


@pytest.mark.parametrize("spoken", ["ja", "en"])
def test_the_words_around_promise_and_ask_nothing_by_themselves(spoken: str) -> None:
    words = tomllib.loads((LETTERS / f"{spoken}.toml").read_text("utf-8"))
    codes = (
        "greeting",
        "standin",
        "questions",
        "promised",
        "promised-own",
        "told",
        "closing",
        "closing-grace",
        "state",
    )
    text = "\n".join(words[code].format(organisation="Aozora", me="A", owner="B") for code in codes)
    story = Story()
    story.say("ueda", "kita", "4/14 09:00", text)
    assert story.stands().promises == ()


def test_both_letters_say_the_same_things() -> None:
    ja, en = (set(tomllib.loads((LETTERS / f"{one}.toml").read_text("utf-8"))) for one in ("ja", "en"))
    assert en - ja == {"months"}
    assert ja - en == set()


def test_a_mail_known_only_by_a_forward_is_answered_to_its_writer_in_its_language() -> None:
    story = Story()
    story.forward("ueda", "4/14 10:00", "FYI", "見積をいただけますか。", "4/14 09:00")
    one = pages(story)
    found = answerable(one, machine)
    assert found
    assert addresses(recipients(found, DIRECTORY, MORI, UEDA, machine=machine)) == (["kita"], ["ueda"])
    based = ground(
        one, found, DIRECTORY, MORI, reply_to=(), references=("c1@hanamizuki.example",), promise=None, machine=machine
    )
    assert (based.language, based.in_reply_to, based.subject) == ("ja", "c1@hanamizuki.example", "Re: ポンプの件")
    assert [question.quote for question in based.questions] == ["見積をいただけますか。"]


def test_what_a_colleague_or_a_memo_says_is_quoted_to_no_customer() -> None:
    story = Story()
    story.say("kita", "ueda", "4/13 10:00", "いつ直りますか。")
    story.say("ueda", "log", "4/13 11:00", "4月20日までに8台分の見積を送ると伝えた。", kind=Kind.CALL)
    one = pages(story)
    promise, found = first_owed(one), answerable(one, machine)
    assert promise
    assert found
    based = ground(one, found, DIRECTORY, MORI, reply_to=(), references=(), promise=promise, machine=machine)
    assert (based.in_writing, based.told) == (False, ())
    assert [question.quote for question in based.questions] == ["いつ直りますか。"]
