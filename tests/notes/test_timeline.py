from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from notes.gist import LONGEST, carry
from notes.model import (
    Address,
    Ball,
    By,
    Calendar,
    Case,
    CaseState,
    Certainty,
    Contact,
    Customer,
    Direction,
    Directory,
    Due,
    Filed,
    Findings,
    Forwarded,
    Held,
    Holder,
    Joined,
    Kind,
    PromiseFound,
    Question,
    QuestionFound,
    Staff,
    Standing,
    Via,
)
from notes.people import contact, people
from notes.stands import state_of
from notes.timeline import Page, page

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDAR = Calendar(TOKYO, time(9), time(18), lambda day: day.weekday() >= 5)
SATO = Staff("sato", "佐藤 健", ("sato@hokuto.example",))
DIRECTORY = Directory("北斗システム", frozenset({"hokuto.example"}), (SATO,), frozenset({"log@hokuto.example"}))
ACME = Customer("acme", "アクメ工業", ("acme.example",))
YAMADA = Address("山田 浩", "yamada@acme.example")
OURS = Address("佐藤 健", "sato@hokuto.example")
LAST = datetime(2026, 11, 19, 10, 0, tzinfo=TOKYO)


def mail(
    ref: str,
    text: str = "",
    *,
    day: int = 19,
    sender: Address = YAMADA,
    to: Address = OURS,
    kind: Kind = Kind.MAIL,
    direction: Direction = Direction.IN,
    findings: Findings = Findings(),  # noqa: B008 - a frozen value
    forwarded: tuple[Forwarded, ...] = (),
    contact: Contact | None = None,
    score: float = 1.0,
    doubtful: bool = False,
) -> Filed:
    return Filed(
        ref=ref,
        kind=kind,
        direction=direction,
        via=Via.INBOX,
        mailboxes=("sato",),
        sender=sender,
        to=(to,),
        cc=(),
        at=datetime(2026, 11, day, 10, 0, tzinfo=TOKYO),
        date_doubtful=doubtful,
        subject="HC-20の件",
        new_text=text,
        hidden_lines=0,
        references=(),
        forwarded=forwarded,
        attachments=(),
        contact=contact,
        bounced=(),
        findings=findings,
        joined=Joined("references", score),
    )


def held(
    ball: Holder, *, last: datetime = LAST, closed: datetime | None = None, questions: tuple[Question, ...] = ()
) -> Held:
    case = Case("acme-1", "HC-20の件", ACME, "sato", None, LAST, last, 1, closed)
    return Held(case, Standing((), questions, Ball(ball, LAST, "m1", "asked"), LAST, None))


def page_of(*mails: Filed) -> Page:
    return page(
        held(Holder.US),
        mails,
        also_open=(),
        not_known=(),
        directory=DIRECTORY,
        calendar=CALENDAR,
        now=LAST + timedelta(hours=3),
    )


def test_entries_are_numbered_in_order_of_time_whatever_the_order_of_arrival() -> None:
    shown = page_of(mail("later", day=19), mail("earlier", day=12))
    assert [(entry.n, entry.mail.ref) for entry in shown.entries] == [(1, "earlier"), (2, "later")]
    assert (shown.number("later"), shown.number("elsewhere")) == (2, None)


def test_the_last_words_of_a_side_are_not_those_of_a_machine() -> None:
    shown = page_of(mail("person", "お願いします", day=12), mail("machine", "不在です", day=19, kind=Kind.AUTO))
    last = shown.last(Direction.IN)
    assert last is not None
    assert last.mail.ref == "person"
    assert shown.last(Direction.OUT) is None


def test_the_ball_is_counted_in_working_hours() -> None:
    assert page_of(mail("m1")).ball_hours == 3.0


def test_the_newest_signature_wins_and_the_log_is_nobody() -> None:
    old = mail("m1", day=12, contact=Contact(phone="044-000-1111", title="主任"))
    new = mail("m2", day=19, to=Address("", "log@hokuto.example"), contact=Contact(phone="044-000-2222"))
    yamada, sato = people([old, new], ACME, DIRECTORY)
    assert (yamada.phone, yamada.title, yamada.role) == ("044-000-2222", "主任", "customer")
    assert (sato.address, sato.role) == ("sato@hokuto.example", "staff")


def test_a_signature_inside_a_forward_counts_as_of_when_it_was_written() -> None:
    def inside(day: int, phone: str) -> Forwarded:
        at = datetime(2026, 11, day, 9, 0, tzinfo=TOKYO)
        return Forwarded(YAMADA, (), (), at, "見積", "", "", contact=Contact(phone=phone))

    forward = mail("m2", day=18, sender=OURS, forwarded=(inside(2, "03-1"),))
    assert {one.address: one.phone for one in people([forward], ACME, DIRECTORY)}["yamada@acme.example"] == "03-1"
    own = mail("m1", day=10, contact=Contact(phone="03-2"))
    assert {one.address: one.phone for one in people([own, forward], ACME, DIRECTORY)}["yamada@acme.example"] == "03-2"


def test_a_supplier_in_copy_is_neither_staff_nor_customer() -> None:
    (supplier, *_) = people([mail("m1", sender=Address("石黒", "ishiguro@towa.example"))], ACME, DIRECTORY)
    assert supplier.role == "other"


def _doubts(*mails: Filed, settled: frozenset[str] = frozenset(), customer: Customer = ACME) -> list[str]:
    case = Case("acme-1", "", customer, None, None, LAST, LAST, len(mails))
    held = Held(case, Standing((), (), Ball(Holder.NOBODY, None, None, ""), None, None))
    shown = page(
        held,
        mails,
        also_open=(),
        not_known=(),
        directory=DIRECTORY,
        calendar=CALENDAR,
        now=LAST,
        settled=settled,
    )
    return [each.detail for each in shown.not_known if each.code == "doubtful-join"]


def test_a_guessed_customer_is_a_doubt_until_a_person_confirms_the_address() -> None:
    private = Address("", "yamada.h@gmail.com")
    guessed = replace(mail("m1", sender=private), joined=Joined("first", 1.0, "", True, "names", 0.85))
    later = replace(mail("m2", sender=private), joined=Joined("first", 1.0, "", True, "suggested", 0.7))
    assert _doubts(guessed, later) == ["m1", "m2"]
    assert _doubts(guessed, later, customer=replace(ACME, addresses=(private.address,))) == []
    assert _doubts(guessed, later, settled=frozenset({"m2"})) == ["m1"]
    assert [who.role for who in people([guessed], ACME, DIRECTORY)] == ["customer", "staff"]


def test_a_case_chosen_by_a_hair_is_a_doubt_and_what_a_person_put_somewhere_is_none() -> None:
    near = replace(mail("m1"), joined=Joined("stem", 0.69, "acme-2", True, "address", 1.0))
    by_hand = replace(mail("m2"), joined=Joined("", 0.0))
    note = replace(mail("m3"), joined=Joined("person", 1.0))
    assert _doubts(near, by_hand, note) == ["m1"]


def test_who_is_only_known_by_an_address_is_told_by_signature() -> None:
    signed = Contact("L. Holm", "0123 4567", "Engineer", "", "Voltek AG")
    (who, _) = people([mail("m1", sender=Address("", "lh@voltek.example"), contact=signed)], ACME, DIRECTORY)
    assert (who.name, who.company, who.phone, who.title, who.role) == (
        "L. Holm",
        "Voltek AG",
        "0123 4567",
        "Engineer",
        "other",
    )


def test_a_doubtful_join_and_a_doubtful_date_are_said() -> None:
    shown = page_of(mail("m1", score=0.5), mail("m2", doubtful=True))
    assert {(doubt.code, doubt.detail) for doubt in shown.not_known} == {
        ("doubtful-join", "m1"),
        ("doubtful-date", "m2"),
    }


def test_the_state_of_a_case_follows_the_ball_and_the_silence() -> None:
    now = LAST + timedelta(days=1)
    assert state_of(held(Holder.US), now) is CaseState.OPEN
    assert state_of(held(Holder.THEM), now) is CaseState.WAITING
    assert state_of(held(Holder.THEM), LAST + timedelta(days=30)) is CaseState.QUIET
    assert state_of(held(Holder.NOBODY), now) is CaseState.QUIET
    assert state_of(held(Holder.US, closed=LAST), now) is CaseState.CLOSED


def test_a_promise_carries_a_mail_before_a_question_and_a_question_before_the_rest() -> None:
    promised = PromiseFound("明日お送りします。", By.US, "", Due(), Certainty.RELATIVE, False, 0.9, "ja-commit")
    asked = QuestionFound("いつ届きますか。", 0.9, "ja-question")
    text = "お世話になっております。\n在庫は3台です。\nいつ届きますか。\n明日お送りします。"
    assert carry(mail("m", text, findings=Findings((promised,), (asked,)))) == "明日お送りします。"
    assert carry(mail("m", text, findings=Findings((), (asked,)))) == "いつ届きますか。"
    assert carry(mail("m", text)) == "在庫は3台です。"


def test_courtesy_does_not_carry_a_mail_while_anything_else_is_said() -> None:
    assert carry(mail("m", "Thank you for coming.\n\nThe panel has stopped.")) == "The panel has stopped."
    assert carry(mail("m", "Thank you for coming.")) == "Thank you for coming."


def test_a_forward_without_words_is_carried_by_the_mail_inside() -> None:
    inner = Forwarded(YAMADA, (), (), None, "HC-20", "17時までお待ちします。", "")
    assert carry(mail("m", "", forwarded=(inner,))) == "17時までお待ちします。"


def test_a_gist_fits_its_line() -> None:
    assert len(carry(mail("m", "あ" * 5000))) <= LONGEST


def test_an_answered_question_is_not_asked_again_on_the_page() -> None:
    questions = (Question("a?", "m1", LAST), Question("b?", "m1", LAST, answered_in="m2"))
    shown = page(
        held(Holder.US, questions=questions),
        [mail("m1")],
        also_open=("acme-2",),
        not_known=(),
        directory=DIRECTORY,
        calendar=CALENDAR,
        now=LAST,
    )
    assert [question.quote for question in shown.questions] == ["a?"]
    assert shown.also_open == ("acme-2",)


SUPPLIER = Address("石黒", "ishiguro@towa.example")


def test_what_a_supplier_wrote_or_was_written_is_nobodys_last_words() -> None:
    theirs, ours = mail("m1", "いつ届きますか。", day=9), mail("m2", "確認します。", day=10, sender=OURS, to=YAMADA)
    ours = replace(ours, direction=Direction.OUT)
    asked = replace(mail("m3", "在庫はありますか。", day=11, sender=OURS, to=SUPPLIER), direction=Direction.OUT)
    answered = mail("m4", "ございます。", day=12, sender=SUPPLIER)
    shown = page_of(theirs, ours, asked, answered)
    found = [shown.last(direction) for direction in (Direction.IN, Direction.OUT)]
    assert [entry and entry.mail.ref for entry in found] == ["m1", "m2"]


def test_a_memo_that_names_nobody_and_a_stranger_where_no_customer_is_known_speak_for_their_side() -> None:
    memo = replace(mail("m1", "電話で了承済み", sender=OURS, kind=Kind.CALL), direction=Direction.OUT, to=())
    stranger = mail("m2", "お願いします。", sender=SUPPLIER)
    shown = page_of(memo, stranger)
    assert [bool(shown.last(direction)) for direction in (Direction.IN, Direction.OUT)] == [True, True]


def test_a_telephone_signed_in_mail_from_another_address_is_the_persons() -> None:
    second = Address("山田浩（アクメ）", "yamada.h@mail.acme.example")
    signed = mail("m1", day=9, contact=Contact(phone="044-000-1111", title="主任"))
    mails = [signed, mail("m2", day=10, sender=second)]
    (_, _, again) = people(mails, ACME, DIRECTORY)
    assert (again.phone, again.title) == ("044-000-1111", "主任")
    namesake = mail("m3", day=11, sender=Address("山田 浩", "y2@acme.example"), contact=Contact(phone="044-000-9999"))
    assert people([*mails, namesake], ACME, DIRECTORY)[2].phone is None
    family_name = replace(mails[1], sender=Address("山田", second.address))
    assert people([signed, family_name], ACME, DIRECTORY)[2].phone is None


def test_where_the_contacts_telephone_is_not_known_somebody_else_there_is_named() -> None:
    other = Address("佐々木 裕子", "sasaki@acme.example")
    mails = [mail("m1", day=9, sender=other, contact=Contact(phone="03-0000-7721")), mail("m2", day=10)]
    first, reach = contact(mails, people(mails, ACME, DIRECTORY))
    assert first is not None
    assert reach is not None
    assert (first.address, reach.address) == ("yamada@acme.example", "sasaki@acme.example")
    first, reach = contact(mails[:1], people(mails, ACME, DIRECTORY))
    assert (first and first.phone, reach) == ("03-0000-7721", None)
    assert contact([], []) == (None, None)
