"""What counts as a promise: sentences of many trades, and everything that only looks like one."""

from datetime import datetime

import pytest

from notes.errors import SettingsError
from notes.model import By, PromiseFound
from notes.phrases import load
from notes.promises import detect, was_told
from tests.notes.stories import CALENDAR, TOKYO

COMMITS = """
お問い合わせの件、本日18時までに担当より折り返しご連絡差し上げます。
施工図は来週水曜日にお持ちします。
恐れ入りますが確認にお時間をいただき、明後日までに結果をお知らせいたします。
不足分の50枚は追加で手配し、3/14に着くように発送いたします。
修正したデータは今晩中にアップしておきます。
明朝いちばんでお電話します。
見積もりのほうは金曜までに何とかします。
契約書のドラフトを作成のうえ、今月末までにご送付申し上げます。
来週の火曜、14時にお伺いさせていただきます。
お客様のご都合に合わせて調整し、木曜中に日程案をお送りしますので、少々お待ちくださいませ。
原因については現在調査しておりますので、判明次第ご報告いたします。
後日、正式な請求書を郵送させていただきます。
返金につきましては5営業日以内に処理いたします。
7/3(木)の午後にサンプルをお持ちする予定です。
上司の許可が出ましたら、すぐにお返事いたします。
了解しました、明日の昼までに直しておきますね。
かしこまりました。月曜日には納品できるよう手配いたします。
交換品は明日の便で送らせます。
弊社の山口が10日の10時に現場へ参ります。
技術の者から追って連絡させます。
今日中には必ず返信します。
打合せ資料は前日までに共有いたします。
来週頭にもう一度こちらからご連絡します。
棚の取り付けは4月12日に行います。
校正は2回目を月曜にお戻しします。
ご指摘の箇所を修正し、改めてご提出いたします。
明日、担当を連れてお詫びに伺います。
写真は帰社後にメールでお送りします。
新しい型番については、メーカーに問い合わせて明日お答えします。
17日の定例会までに、たたき台を用意いたします。
田中様には明日午前中に私から電話すると伝えました。
納期は金曜までに回答するとお約束しました。
来月5日に振り込みます。
お預かりした時計は月末までに修理してお返しいたします。
週明けに見積を出すと返事済み。
結果が出ましたらお電話にてお知らせいたします。
内容を精査いたしまして、16日までに弊社見解をお送りさせていただきたく存じます。
遅くとも来週の月曜までにはご回答できるかと存じます。
I'll email you the drawings before noon tomorrow.
We will have a technician at your place on Thursday at 9.
You'll get the updated statement by Friday.
I'm going to ring the supplier this afternoon and let you know what they say.
Leave it with me, I'll sort it out by Monday.
We'll credit your account within five working days.
Our driver will be there between 8 and 10 on Tuesday.
I will personally make sure the replacement goes out today.
Expect the revised contract from us by the end of the week.
I can have the samples with you by Wednesday.
I'll have our accounts team send you the statement tomorrow.
Let me check with the warehouse and get back to you this afternoon.
Will send the invoice first thing Monday.
We're going to replace the pump on 4 May at no cost.
I shall revert with the figures by close of business.
You should receive the parcel on Thursday.
We'll follow up with a written offer next week.
The engineer will call you on Monday to arrange a time.
We promise to have it back to you by the 20th.
I'll look into this and report back.
As soon as the parts arrive, we will schedule the repair.
I'm sending the signed copy over tomorrow morning.
Once I've heard from legal I'll update you.
I'll confirm the delivery slot by 3 pm today.
Told Mrs Kaplan we'd collect the old unit on Friday.
Promised him a new quote by Thursday.
We'll be on site Wednesday morning with two fitters.
I'll drop the keys off on my way home tonight.
We aim to deliver on 12 June.
Someone from our team will reach out to you by tomorrow.
Will do, by Friday at the latest.
You can count on me to deliver the report by Tuesday.
We will refund the deposit on Monday.
Sure, I'll add you to the list today and send you the link.
""".strip().splitlines()

NEAR_MISSES = """
ご確認いただけましたら、その旨ご返信をお願いいたします。
先日お送りいたしました資料はご覧いただけましたでしょうか。
弊社では土日祝日の発送は行っておりません。
添付のとおり、請求書をお送りいたします。
下記のとおりご案内申し上げます。
取り急ぎ、受領のご連絡まで申し上げます。
ご来店を心よりお待ち申し上げております。
お手すきの際にご返信いただけますと幸いです。
本件は既に対応が完了しております。
誠に恐縮ではございますが、今回はお見積りを辞退いたします。
来週は出張のため不在にします。
御社のますますのご発展をお祈り申し上げます。
在庫は残り3台となります。
通常、ご注文から3営業日で発送いたします。
返品は商品到着後7日以内にお願いいたします。
14日の会議には出席できません。
部長が来週決めるそうです。
先方は明日返事をくれるとのことです。
ご不明点がありましたら、いつでもご説明いたします。
ご希望の場合は別途お見積りいたします。
ご注文ありがとうございます。
資料をありがとうございました。拝見いたします。
お時間をいただき、誠にありがとうございました。
明日の打合せ、よろしくお願いいたします。
会場は3階の大会議室になります。
昨日、請求書を郵送いたしました。
納品日は5月9日です。
雨天の場合は翌週に順延となります。
見積書を再送いたします。
図面を送ります。ご確認ください。
この度は弊社製品をご購入いただき、厚く御礼申し上げます。
当社は価格改定をいたしません。
15日までに振り込んでいただけますでしょうか。
私どもではその作業を承っておりません。
10日に届く予定と運送会社から聞いています。
4月1日より営業部に異動となります。
ご返事が遅くなり申し訳ございません。
Thanks for letting me know about Friday.
Please send us the signed form by Monday.
We sent the parcel yesterday.
I'm afraid we won't be able to make Thursday.
Our office is closed on Monday.
Could you let me know by tomorrow?
I look forward to meeting you on Tuesday.
If you need anything else, we'll be happy to help.
We normally ship within two days.
He said he would call you on Monday.
I attach the minutes of Tuesday's meeting.
Here is the report I promised.
I would love to help, but I can't before May.
Let me know if Thursday works for you.
I hope you will find this useful.
I'll be on holiday from 3 to 10 August.
We were going to call you on Friday.
You will need to sign the form by Friday.
I called you this morning but got no answer.
The meeting will take place on 4 May in room 2.
The price will go up on 1 April.
Will you send me the file tomorrow?
Shall I send it on Monday?
I can't say yet when the part will arrive.
I'd recommend waiting until Friday.
They will probably deliver on Thursday, I was told.
We have been looking at this since Monday.
You'll find the figures attached.
I'll assume that Friday is fine unless I hear from you.
It would be great if you could send it by Friday.
We'll see what happens on Monday.
I understand you will deliver on Friday.
Don't worry, there is no rush.
Payment is due on the 15th.
We cannot guarantee delivery before Christmas.
I didn't promise Tuesday.
""".strip().splitlines()


def found(text: str, *, extra: tuple[str, ...] = ()) -> tuple[PromiseFound, ...]:
    """What is detected in a text written on Tuesday, 10 March 2026, at 10:00."""
    said_at = datetime(2026, 3, 10, 10, tzinfo=TOKYO)
    return detect(text, said_at=said_at, by=By.US, who="a@b.example", calendar=CALENDAR, phrases=load(extra))


@pytest.mark.parametrize("sentence", COMMITS)
def test_a_sentence_that_commits_is_found(sentence: str) -> None:
    assert found(sentence), sentence


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_a_sentence_that_only_looks_like_a_promise_is_left_alone(sentence: str) -> None:
    assert not found(sentence), sentence


def test_a_promise_keeps_its_words_its_date_and_its_maker() -> None:
    (promise,) = found("お世話になっております。\n改訂した図面を、３／１３（金）の午前中に\nお送りいたします。")
    assert promise.quote == "改訂した図面を、３／１３（金）の午前中にお送りいたします。"
    assert promise.due.to == datetime(2026, 3, 13, 12, tzinfo=TOKYO)
    assert (promise.by, promise.who, promise.conditional) == (By.US, "a@b.example", False)


def test_several_promises_in_a_mail_are_several() -> None:
    text = "Thanks for your call.\nI'll send the plan tomorrow. We'll install it on 20 March. Could you send a photo?"
    assert [one.quote for one in found(text)] == ["I'll send the plan tomorrow.", "We'll install it on 20 March."]


def test_a_condition_is_told_apart_and_its_span_waits_for_it() -> None:
    (order,) = found("ご注文をいただきましたら、5営業日以内に発送いたします。")
    assert order.conditional
    assert order.due.to is None
    (signed,) = found("Once we have the signed form, we will open the account within two days.")
    assert signed.conditional
    assert signed.due.to is None


def test_a_condition_keeps_a_date_that_is_written_out() -> None:
    (promise,) = found("在庫が確認できましたら、3/18(水)までにご連絡いたします。")
    assert promise.conditional
    assert promise.due.to == datetime(2026, 3, 18, 23, 59, 59, tzinfo=TOKYO)


def test_the_date_may_follow_in_a_sentence_of_its_own() -> None:
    (promise,) = found("I'll get back to you with the figures. By Friday at the latest.")
    assert promise.due.to == datetime(2026, 3, 13, 23, 59, 59, tzinfo=TOKYO)


def test_that_day_points_back_to_the_day_named_before() -> None:
    (promise,) = found("打合せは3/17(火)の14時からでお願いできますでしょうか。見本は当日お渡しいたします。")
    assert promise.due.to == datetime(2026, 3, 17, 23, 59, 59, tzinfo=TOKYO)


def test_asking_for_more_time_gives_a_new_date() -> None:
    (asked,) = found("申し訳ございませんが、3/19(木)までお時間をいただけますでしょうか。")
    assert asked.moves
    assert asked.due.to == datetime(2026, 3, 19, 23, 59, 59, tzinfo=TOKYO)
    assert found("Could I have until Friday for the report?")[0].moves


def test_a_promise_given_by_mouth_is_known_as_such() -> None:
    assert was_told(found("明日の10時に折り返すと伝えました。")[0])
    assert was_told(found("Told her we'd deliver on Friday.")[0])
    assert not was_told(found("I'll deliver on Friday.")[0])


def test_a_text_without_a_date_gets_none() -> None:
    (promise,) = found("結果は追ってご連絡いたします。")
    assert promise.due.to is None


def test_quoted_lines_promise_nothing() -> None:
    assert not found("> 明日までにお送りいたします。\n> I'll call you tomorrow.")


def test_a_users_own_words_beat_ours() -> None:
    never = '[never.mine]\nwords = ["社内便"]'
    commit = '[commit.mine]\nwords = ["お納め申します"]'
    assert not found("社内便で明日お送りいたします。", extra=(never,))
    assert found("品は必ずお納め申します", extra=(commit,))[0].rule == "mine"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[commit.mine", "phrases-unreadable"),
        ("commit = 1", "phrases-form"),
        ("[commit.mine]\nwords = 'x'", "phrases-form"),
        ("[commit.mine]\nwords = ['(']", "phrases-pattern"),
    ],
)
def test_words_that_cannot_be_used_are_refused(text: str, code: str) -> None:
    with pytest.raises(SettingsError) as refused:
        load((text,))
    assert refused.value.code == code


def test_every_shipped_pattern_compiles() -> None:
    phrases = load()
    for group in phrases.words:
        assert phrases.whole(group)
        assert all(rule.pattern for rule in phrases.groups[group])


@pytest.mark.parametrize(
    "piece", ["I will ", "told Bob ", "の", "ますので", "if you once the ", "1/", "(" * 9, "お送り"]
)
def test_a_hostile_line_takes_no_time(piece: str) -> None:
    assert len(found(piece * (100_000 // len(piece)))) <= 50
