"""What counts as a promise: sentences of many trades, and everything that only looks like one."""

from datetime import datetime

import pytest

from notes.errors import SettingsError
from notes.model import By, PromiseFound
from notes.phrases import load
from notes.promises import concerns_outside, detect, was_told
from tests.bounded import bounded
from tests.notes.stories import CALENDAR, TOKYO

COMMITS = """
I'll be at your yard on Wednesday with the new hinge, unless that's a bad day for you.
We'll collect the skip on Friday unless you'd rather keep it another week.
Unless I hear otherwise, I'll drop the keys in on Thursday.
The draft goes to you on Monday unless something comes up.
You'll see the revised offer from us by Friday.
You'll hear what the lab says by Thursday noon.
You'll hear our decision by Friday.
The permit shall be released from our end latest by 10th September.
Balance documents will be submitted by our team on Monday.
The patch will go live tomorrow night.
You can rely on your crates arriving by Friday.
A colleague from our service desk will call you this afternoon.
ご注文の品は明日発送いたします。
お荷物は12日の速達便でお送りします。
再来週中にはやります。
あす必ず行きます
操作の様子は動画で送ります
Once the signed contract is here, we create the accounts within 3 working days.
Will raise a PO by Tuesday.
b) on it, today itself
We ship the spare by Thursday.
Minutes: with you tomorrow, first thing.
The seating plan follows until 4 June.
I'd have to ask the printers - leave it with me until Friday.
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
部品は明後日の午前中に持って上がります。
18日の夕方に担当の西野が引き取りに寄ります。
明日の10時に、設備の大谷を伺わせます。
今日中に経理の宮本から電話させます。
帰ったら見積書だけ先に出しますね。
写真は夜に送っときます。
タクシーは9時に手配しておきます。
金曜に間に合うように段取りしておきます。
今月末までに改善策をまとめ、ご報告する所存です。
工事完了報告書は3月19日に提出予定でございます。
見本は次の打合せの席でお渡しします。
差額は来月の請求で差し引かせていただきます。
月曜の朝いちで取りに行きます。
水曜までに必ず数字を固めてお持ちします。
14日の便で残りの3箱を出します。
週明けにはサンプルを届けに行けます。
結果は木曜の夕方までにメールで差し上げます。
倉庫に確かめて、今日の午後もう一度かけ直します。
今週中に契約書の案を起こします。
13日は朝8時にそちらへ着くように出ます。
メーカーに聞いて、分かり次第お知らせします。
来週の水曜に私の代わりに小林が参ります。
明日じゅうに修理に回します。
あした9時に鍵を開けに行きますので。
木曜に現物を見に行かせてもらいます。
代品を今日の夕方の便で送らせますので、明日の午前に届きます。
20日までには入金しておきます。
請求書は直して金曜に送り直します。
来週火曜には全部そろえて納めます。
本日中に弊社の技術から折り返しお電話を差し上げます。
24日に新しいフィルターと取り替えます。
では3/16の15時に御社の受付までお迎えに上がります。
12日の午後にでも一度顔を出します。
見積りは明日の昼にファックスで流します。
カタログは来週お目にかかる際にお持ちいたします。
16日(月)の午前指定でお送りしてあります伝票は、明日中に訂正いたします。
先方と日程を詰めて、明日の夕方までにはお返事できます。
名簿は今夜のうちにアップしときますね！
お急ぎとのことですので、明日の午後一番でお届けに上がります。
明日の会議で上に諮り、その結果をその日のうちにお知らせいたします。
承知しました。では12日の16時にこちらからお電話いたします。
まずは仮の図面を13日にお出しし、本図面は20日にお納めいたします。
万全の体制で19日に臨み、終わり次第ご一報申し上げます。
在庫が入りましたら、真っ先にお取り置きしてご連絡します。
あすの朝、うちの若い者に届けさせます。
お詫びの品を添えて、金曜日に交換品をお届けに参ります。
電話で、明日の11時に伺うと話してあります。
木曜には返事しますと言って電話を切った。
来週中に直しに行くと約束して帰ってきました。
「金曜には届けます」とお客様に返事しました。
水曜日に折り返すとお伝え済みです。
Nadia is out this morning but she'll be at your office by 3 this afternoon.
Expect Tomas at 8 on Thursday.
The revised drawing will be with you by Friday.
Certificate goes in tomorrow's post, so you should have it by Thursday.
The pallets go out Monday.
You'll hear from me either way on Wednesday.
I'll find out what the mill has left and report back.
You can count on me for the numbers by Thursday.
The samples will be there no later than noon on Friday.
The day they give me a slot, you'll have it too.
I'm sending Carla round on Monday to measure up.
Give me until Thursday to check the stock and you'll have a price.
I'll swing by first thing tomorrow and reset it.
If you say yes today, I'll book the crane tomorrow and have it on site by 20 March.
We're picking the old unit up on Tuesday.
Omar's coming out to you at 2 pm tomorrow.
I'm on it, you'll have the list tonight.
I will let the driver know and he will ring you half an hour before.
You have my word that the pump is back by Friday.
Consider it done by Thursday.
We'll get that over to you shortly.
My colleague Ines will be in touch tomorrow.
The credit note follows tomorrow.
I'll chase the factory today and come back to you.
I owe you a figure, and you'll get it by Wednesday noon.
Our fitter is booked in for you on 18 March at 9.
Lena will drop the keys at your reception on Monday.
It'll be in your inbox by close of play today.
We can have somebody with you by 11 tomorrow.
We shall endeavour to send the report by Thursday.
The replacement ships tomorrow and reaches you on Friday.
I'll need a day to check, but you'll have my answer on Thursday.
As soon as the lab reports, I'll pass it on to you the same day.
We'll cover the courier and credit you on the next invoice.
Right, I'll pop round Thursday after lunch and fix it.
Promise you'll have it by Monday.
Rest assured the missing boxes will be delivered on Wednesday.
I'll make sure Bea calls you before five.
Told him Rosa would ring back by four.
Rang Mr Abara, said we'd have someone there on Friday.
Agreed with her that we'd collect on Monday.
I said I'd get back to her by Thursday.
let him know we'd have the quote over Thursday
told the site manager the crew would be there at 7 on Wednesday
校正刷りは明朝バイク便でお出しします。
ご指定の生地は大阪店から取り寄せ、18日の午前着で送らせます。
今夜22時までにサーバーを切り替えておきます。
翻訳は木曜いっぱいで仕上げてお戻しいたします。
すぐ調べて、お昼までに折り返します。
担当弁護士に回しまして、来週早々にご連絡差し上げるようにいたします。
お車は土曜の夕方にはお渡しできると思います。
代車を14時に店の者が届けます。
保険金のお支払いは3月25日を予定しております。
では、16日の9時に現地でお待ちしております。
12日に改めてご相談に上がらせてください。
請求書は本日付けで切り直して、明日投函いたします。
ホテル側に交渉し、結果は明後日中にご一報いたします。
写真データ、今晩までに共有しますね。
朝イチで倉庫を見てきます。
見てきて、すぐ写真を送ります。
水曜までに代替案をご用意のうえ、ご説明に伺いたいと存じます。
故障の原因は調査のうえ、今月中に報告書にて提出させていただく所存でございます。
24日必着で発送手配済みですが、念のため当日お電話で確認いたします。
足場は13日に外します。
職人は明日2名で入らせます。
明日の便に載せるよう倉庫に言ってあります。
サンプルは無償で、来週お手元に届くようにいたします。
月末締めで精算し、5日にお振り込みします。
できあがり次第、こちらから取りに伺った方にお渡ししておきます。
お電話いただいた件、木村が戻り次第かけさせます。
今週中になんとかします。
データは復旧しまして、明日の朝9時からご利用いただけるようにいたします。
社に持ち帰り、16日までに可否をお返事申し上げます。
お盆前の10日には必ず間に合わせます。
差し替え分は金曜の夜までに入稿しておきます。
植木の入れ替えは19日、雨なら20日に参ります。
金額が出たらすぐFAX入れます。
明日会社に戻ったら図面を探してみて、あればメールします。
The proofs will be on your desk by nine tomorrow.
I'll have Marta pull the file and ring you this afternoon.
We should be able to get the van to you by Thursday lunchtime.
My assistant will forward the signed lease on Monday.
Our electrician can be with you at 10 on Friday.
I've asked the driver to drop it off tomorrow before noon.
I've arranged for the crew to be at the site at 7 on Wednesday.
The refund will hit your card within five working days.
We'll have it sorted by the weekend.
The translation? You'll have it Friday noon.
Happy to do it: I'll prepare a draft and circulate it by Wednesday.
I'm going to push this through today.
Will update you as soon as I hear back.
Will get that across to you this afternoon.
We will hold the price for you until the end of March.
I'll keep the room for you until Friday.
Give me a day or two and I'll have an answer for you.
You will have our decision in writing by 20 March.
The parts are due in on Thursday and we'll fit them the same afternoon.
I'd expect to have a reply for you by Monday.
Aiming to get the first draft to you by Thursday.
Should have the numbers over to you by end of day.
Let me speak to accounts and I'll come back to you tomorrow morning.
Will be with you around 3 on Friday.
Someone will be round on Tuesday to look at the boiler.
Replacement units are being couriered to you today and will arrive tomorrow.
We commit to a fix by 31 March.
I can drop the samples off on Monday on my way home.
Yes, we can do Thursday at 2. Omar will bring the contract.
Once I've got the lab result I'll phone you straight away.
The moment it clears customs, we'll let you know.
If the test passes, we ship on Monday.
Promised Mrs Ito we'd redo the ceiling by the 20th.
Have told the client that the report goes out on Friday.
Spoke to Hana, assured her the crate leaves tomorrow.
Said I would email the list tonight.
鍵は管理人に預けておきますので、明日お受け取りください。
ご依頼の資料、来週の火曜には揃えてお渡しできるかと思います。
印鑑を押したものを、本日レターパックでお送りいたしました分とは別に、明日もう1通お出しします。
13日の検査には弊社から2名立ち会わせます。
仮復旧は今日中、本復旧は土曜までに終わらせます。
施主様には私のほうから明日お電話を入れておきます。
ご指摘の3点は次回の打合せまでにすべて潰しておきます。
16時の便に乗せますので、明朝には着きます。
修正案を2案つくって、今晩お送りしますね。
先方と調整のうえ、候補日を明日中に3つほどお出しします。
お忘れ物は本日の宅配便で返送いたしました。明日の午前中に届く予定です。
在庫の確認に10分ください、すぐ折り返します。
お約束どおり、20日の朝に納めさせていただきます。
次の便は19日入港ですので、21日にはお引き渡しできます。
会計士の先生に聞いてみて、金曜にはお答えします。
明日10時に再度伺いますので、よろしくお願いいたします。
11日の夜に作業員を入れて直させます。
木曜に改めて見積を差し入れます。
土曜の午後に職人を連れて見に行きますわ。
今日の夕方には間に合わせます。
本件、私が預かって明日までに整理します。
見本帳は営業に持たせます。明日の午後になります。
The crate leaves our yard on Thursday and should reach you by Monday.
We'll turn the quote around by tomorrow evening.
I'll run it past our chemist and be back to you by Friday.
Your samples are going out this afternoon.
I'm putting two on the truck for you tomorrow.
We'll see to it that the leak is fixed by Thursday.
Dan and Priya will come over on Wednesday to swap the panel.
I'll give them a nudge today and report back tomorrow.
Back to you by noon tomorrow.
More on this by Friday.
Figures to follow on Monday.
Draft contract coming your way tomorrow.
We intend to have the road open again by Monday.
We're hoping to get it to you by Friday, and I'll confirm tomorrow.
I'll keep you posted.
Bear with me until Thursday and I'll have it sorted.
It's on my list for tomorrow, you'll get a call.
Rang the school and told them we'd be there Friday at 8.
Left a message for Mr Ito that we'd deliver on Monday.
""".strip().splitlines()

NEAR_MISSES = """
We'll assume you agree unless we hear from you by Friday.
We'll close the ticket on Friday unless we hear from you.
I'll send the gauge on Friday unless the bank refuses.
You'll see a difference by Friday.
You'll see the bay from the terrace on Friday.
You'll hear the alarm test on Friday.
You'll know what to do by Friday.
Orders placed by 3 pm ship the same day.
Requests received after 5 pm will be answered the next working day.
12時までのご注文は当日発送いたします。
17時以降にいただいたお問い合わせにつきましては翌営業日にご回答いたします。
保証のことでお伺いします。
はい、9月上旬の搬入が可能です。
会議室をお借りします。
We need the drawings by Friday.
We hold the price until 30 June.
We received the parts within two days.
This you should have got on last Thursday.
Please say yes by ten tomorrow, otherwise I'll order elsewhere.
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
作業は1時間ほどで終わる予定です。
図面だけ先に付けておきます。
明日の10時半に印刷屋が取りに来ます。
お早めに頂戴できますと幸いに存じます。
来週は決算のため忙しくなります。
先日は早々にご対応を賜り、深謝申し上げます。
水道屋さんが12日に来るので、その前に片付けておいてください。
明日は社長が出社します。
展示会は20日に始まります。
ご提示の条件で前向きに検討したいと考えております。
13日の午後は会議に入ります。
納期は受注から2週間ほどみてください。
足りない分は取り寄せになります。
(2) 4月4日納入の6面のうち2面を先に3月27日にいただけますか。
-5℃での動作保証値を3/12までにお教えください。
営業の高橋が本日休んでおり、私が代わって対応いたします。
岡田さんからまだ何も引き継いでいないので、明日部長に聞いてみます。
明日の朝礼で部長に相談してみます。
ご多忙のところ恐れ入りますが、16日までにご返送くださいますようお願い申し上げます。
来月号では「働き方」の特集をお届けします。
明日は雪になる見込みです。
先ほどの便で残りを出しました。
昨日お返事するはずでしたのに遅くなりました。
その件は先週の電話でお断りしています。
ご連絡には18日以降、順次ご返答申し上げます。
それまでは電源を入れないようにお願いいたします。
価格は4月1日から改定されます。
消耗品の扱いで、2,800円がかかります。
見積は普段3日くらいで出ます。
15日に監査が入ります。
その日は別の打合せがあります。
荷物は明日そちらに着くはずです。
お忙しいところ、ご足労をおかけします。
ご高配を賜り、重ねて御礼申し上げます。
12日は祝日につき休業とさせていただきます。
電源を切っておいてくださると助かります。
本日13時の便でメーカーに出しています。
お手数ですが、木曜までにお返事を頂戴したく存じます。
明日の会議で使いますので、本日中にいただけますか。
契約は3月末で満了となります。
新しい担当は4月に着任いたします。
検査官が17日に参りますので、それまでに書類が必要です。
木曜の午後に工場へ見学の団体が来ます。
金曜日までにお返事をいただければ、来週の便に載せられます。
私は明日から3日間、休みを頂戴します。
品番は下記のとおりでお願いいたします。
追加の注文書をお送りします。
Waiting for one price on the hinges before I commit to anything.
The auditors always want to see the log.
(2) Of the six racks due on 4 April, can we have two on 27 March?
The inspector comes on Monday.
Our broker will call them tomorrow.
Pricing stands through Friday.
Please keep the valve shut until then.
I'll respond on my next working day.
We will mail the spring guide to all members on June 14.
We'd be grateful if someone could come on Monday.
The crew is there until 2 on Friday.
The cheque went out with this morning's post.
The parts should have gone to you in February.
I have ordered a new one from the maker.
Delivery to us is set for Friday.
I am off on Friday and will get back to you on Monday.
It'll come back until the edge is replaced.
June 3 depends on the crew and on a truck.
If we don't hear by Friday, we'll have to look elsewhere.
The offer expires on Friday.
You will be charged on Monday.
Your account will be closed on 31 March.
You will need to be there at 9.
Who will be on site on Monday?
We should have heard from you by Friday.
You said I'd have it by Monday.
You'll see the difference at once.
He'll be back on Monday.
Marta will be on leave until Wednesday.
The office will be closed on Friday.
I'll be in Leeds all day tomorrow.
The concert will start at eight on Saturday.
We will see how it goes on Friday.
I'll wait for your call tomorrow.
I won't have the figures before Thursday.
Here is the quote you asked for.
Thank you for agreeing to deliver on Friday.
We have to deliver to the school by Friday, so please hurry.
Can you tell me by Friday whether the price holds?
I'm going to the fair on Thursday.
Our customer will collect them on Friday.
The board will decide on Monday.
Our VP will sign it on Thursday.
We will be using the hall on Friday.
We'll probably need two more on Monday.
弊社は4月1日をもちまして社名を変更いたします。
定期点検は年2回実施しております。
納品書は同封しております。
13日は終日外出しております。
先方は20日に決めると言っています。
お支払いは月末締め翌月末払いでお願いしております。
その節は大変お世話になりました。
昨日の打合せの議事録をお送りします。
台風のため、12日の便は欠航となります。
商品は完売いたしました。
3月12日(木)は棚卸しのため出荷を停止いたします。
ご注文は17時までに承ります。
返金は致しかねます。
カタログの請求はこちらからお願いします。
明日までにご返信がない場合は、不要と判断いたします。
毎週金曜に在庫表をお送りしています。
工期は2週間を見込んでおります。
当日は駐車場が混み合いますので、電車をご利用ください。
社長も喜んでおります。
いただいた図面を拝見しました。よくできていると思います。
明日は14時からでしたら空いております。
来週の月曜でお願いします。
18日までにご入金くださいますようお願いいたします。
お客様が明日いらっしゃいます。
見積書の有効期限は4月10日までです。
担当の変更は3月末を予定しています。
金曜までに返事が欲しいです。
明日には雨もやむでしょう。
メーカーによれば、入荷は来週になるそうです。
お送りいただいた見積で発注いたします。
この価格でお願いできるのは今月末までです。
添付の通り、3月分の請求書をお送りいたします。
16日に貴社の工場を拝見できるのを楽しみにしております。
1階の工事は先週終わりました。
明日はそちらへ行けません。
明日うちの検品係が確認するまで開けないでください。
今週中に届くものと思っておりました。
Your invoice is due on 20 March.
The museum opens on Saturday at ten.
Our terms are 30 days net.
We delivered on Monday as agreed.
I was hoping to hear from you by Friday.
You'll need the key; it's under the mat until Friday.
Please have the yard clear by 7 on Wednesday.
I have a doctor's appointment tomorrow at 3.
We expect the rain to stop by Friday.
We'll be closed from 24 to 26 December.
I'll be out of the office until Thursday.
They will send you the keys when they can.
My boss wants to see the figures by Monday.
The meeting is at 10 on Friday in room 4.
We won't be needing the crane on Monday after all.
I could come on Thursday if that helps.
We were supposed to get the chairs on Tuesday.
I'm attaching the plan; you'll see we start on Monday.
It would help if the driver could call before five.
I can't promise anything before Friday.
The sale ends on Sunday.
As I said, the boxes went out on Monday.
You will find us at stand 12 on Thursday.
I trust you'll have the parts here by Friday.
Could we say Thursday at ten?
Let's talk on Monday.
See you on Friday.
I look forward to receiving the parts tomorrow.
The lease runs until 31 March.
I am writing to follow up on the order placed on Monday.
If we have not received payment by Friday, we will charge interest.
We'd need the drawings by Friday to keep to the plan.
No need to hurry, Thursday is fine.
I'm in meetings all day tomorrow.
来週から新商品の販売を開始します。
明日は定例会がございます。
その件は社長に確認しております。
15日から17日まで夏季休業をいただいております。
16日に届いた商品が壊れていました。
30日以内にお支払いください。
先週お願いした件はどうなりましたか。
明日の午前中は電話に出られません。
来月の展示会でお会いできるのを楽しみにしています。
御社の担当の方が明日お越しになると伺っております。
部長の決裁が下りるのは金曜になりそうです。
今回は他社にお願いすることにいたしました。
私どもの検収は20日締めでございます。
カタログの価格は4月から上がります。
本日の会議は15時からに変更になりました。
お客様には先週ご説明しました。
雨の日は滑りやすくなりますのでご注意ください。
明日が締め切りですので、お急ぎください。
18日までに到着しない場合はキャンセルさせていただきます。
昨年は大変お世話になりました。本年もよろしくお願いいたします。
明日は私の誕生日です。
来週火曜に引っ越します。
Our fiscal year ends on 31 March.
The crane will be in use all day Thursday.
I heard from the shop that it will be ready on Friday.
You asked for delivery on Monday.
The builders will start knocking down the wall on Tuesday.
We received your parcel on Monday.
I need them on Friday.
We'll be in touch if we need anything.
Payment follows on the 30th as usual.
Please send someone on Thursday.
The last one broke on Monday.
My flight leaves on Thursday.
I may be able to come on Friday.
Thank you, we will wait until Friday.
We will have guests from Monday.
We're having trouble with the lift since Monday.
Should it fail again by Friday, I will return it.
Nobody will be there on Monday.
Our people are expecting you at 9 tomorrow.
It will be dark by five.
""".strip().splitlines()


def found(text: str, *, own: str = "") -> tuple[PromiseFound, ...]:
    """What is detected in a text written on Tuesday, 10 March 2026, at 10:00."""
    said_at = datetime(2026, 3, 10, 10, tzinfo=TOKYO)
    phrases = load({"mine.toml": own} if own else None)
    return detect(text, said_at=said_at, by=By.US, who="a@b.example", calendar=CALENDAR, phrases=phrases)


@pytest.mark.parametrize("sentence", COMMITS)
def test_a_sentence_that_commits_is_found(sentence: str) -> None:
    assert found(sentence), sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "I send you the drawings until Friday.",
        "We come back to you on this a week on Tuesday.",
        "We repair it on Wednesday.",
        "I call you tomorrow at 10.",
        "I told her she gets it on Friday.",
    ],
)
def test_the_simple_present_with_a_day_promises(sentence: str) -> None:
    (promise,) = found(sentence)
    assert promise.due.to is not None


@pytest.mark.parametrize(
    "sentence",
    [
        "We send invoices on the 5th of every month.",
        "I send you my best regards.",
        "We return it as it is.",
        "Do we call you on Friday?",
        "If I call you tomorrow, will you be there?",
    ],
)
def test_the_simple_present_of_habits_and_questions_does_not(sentence: str) -> None:
    assert not found(sentence)


@pytest.mark.parametrize("sentence", NEAR_MISSES)
def test_a_sentence_that_only_looks_like_a_promise_is_left_alone(sentence: str) -> None:
    assert not found(sentence), sentence


def test_a_promise_keeps_its_words_its_date_and_its_maker() -> None:
    (promise,) = found("お世話になっております。\n改訂した図面を、３／１３（金）の午前中に\nお送りいたします。")
    assert promise.quote == "改訂した図面を、３／１３（金）の午前中にお送りいたします。"
    assert promise.due.to == datetime(2026, 3, 13, 12, tzinfo=TOKYO)
    assert (promise.by, promise.who, promise.conditional) == (By.US, "a@b.example", False)


def test_a_promise_to_report_back_is_no_step_on_the_way_to_the_next_one() -> None:
    made = found("I have passed it to the binders and will let you know. You'll have the estimate by Friday.")
    assert len(made) == 2
    assert len(found("Let me ask the binders. You'll have the estimate by Friday.")) == 1


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


def test_by_then_points_back_to_the_moment_named_before() -> None:
    text = "3/20(金)17時までとのこと、承知しました。\nそれまでに保証値を必ずご回答申し上げます。"
    (promise,) = found(text)
    assert promise.due.to == datetime(2026, 3, 20, 17, tzinfo=TOKYO)
    (english,) = found("You need it by 17:00 on Friday 20 March. I'll send the figures by then.")
    assert english.due.to == datetime(2026, 3, 20, 17, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The committee sits on the 24th. I'll let you know the following day.", "03-25"),
        ("They decide on Thursday. You'll hear from us the day after.", "03-13"),
        ("The trial runs on 30 March and I'll send you the figures the next day.", "03-31"),
        ("I'll let you know the following day.", None),
        ("We met on 2 March. I'll send you the minutes the following day.", None),
    ],
)
def test_the_following_day_follows_the_day_named_before(text: str, day: str | None) -> None:
    last = found(text)[-1]
    assert (last.due.to and f"{last.due.to:%m-%d}") == day


def test_the_same_day_as_something_that_has_not_come_is_no_date() -> None:
    (promise,) = found("昨日10日にメーカーへ尋ねました。返事が来たら、その日のうちにお伝えします。")
    assert promise.conditional
    assert promise.due.to is None


def test_the_same_day_may_be_named_in_the_sentence_itself() -> None:
    (promise,) = found("明日の会議で上に諮り、結果をその日のうちにお知らせいたします。")
    assert promise.due.to == datetime(2026, 3, 11, 23, 59, 59, tzinfo=TOKYO)


def test_a_yes_that_is_waited_for_leaves_the_date_in_the_main_clause() -> None:
    (promise,) = found("If you say yes before Friday, I'll tag them and have them in our yard by 20 March.")
    assert promise.conditional
    assert promise.due.to == datetime(2026, 3, 20, 23, 59, 59, tzinfo=TOKYO)


@pytest.mark.parametrize(
    "sentence",
    [
        "Would you mind if that follows by Thursday?",
        "I'd like to move the visit to Friday, before noon.",
        "Can I get the report to you on Monday instead?",
        "申し訳ありません、16日の予定でしたが18日着に変えさせてください。",
        "納品を3/19(木)にずらさせていただけますか。",
    ],
)
def test_asking_for_another_date_moves(sentence: str) -> None:
    (asked,) = found(sentence)
    assert asked.moves


def test_a_customers_wish_for_an_earlier_part_moves_nothing() -> None:
    assert not found("(2) Of the six racks due on 4 April, can we have two on 27 March?")
    assert not found("Could I have a certificate that the phone was tested?")


def test_a_memo_about_asking_ones_boss_concerns_nobody_outside() -> None:
    (asking,) = found("Emma has handed nothing over, I will ask the managing director tomorrow.")
    assert not concerns_outside(asking, load())
    (sending,) = found("I will ask purchasing and let her know tomorrow.")
    assert concerns_outside(sending, load())


@pytest.mark.parametrize(
    ("sentence", "due"),
    [
        ("明日11日、午前の診療が終わられる12時半に、担当の西野を伺わせます。", "2026-03-11 12:30"),
        ("The survey is next Tuesday, and the figure will be with you by the Friday of that week.", "2026-03-20 23:59"),
        ("Said Rosa would ring him Thursday by half nine with the date.", "2026-03-12 09:30"),
        ("Expect Tomas at 8 tomorrow morning.", "2026-03-11 08:00"),
        ("I'll need a day to check, but you'll have my answer on Thursday.", "2026-03-12 23:59"),
        ("The certificate goes in Monday's post, so you should have it before the audit does.", "2026-03-16 23:59"),
    ],
)
def test_the_date_is_the_one_the_promise_names(sentence: str, due: str) -> None:
    (promise,) = found(sentence)
    assert promise.due.to is not None
    assert f"{promise.due.to:%Y-%m-%d %H:%M}" == due


def test_told_by_mouth_needs_no_date_where_the_words_are_ours() -> None:
    (told,) = found("担当の者から折り返し電話させますと言って切りました。")
    assert was_told(told)
    assert told.due.to is None


def test_asking_for_more_time_gives_a_new_date() -> None:
    (asked,) = found("申し訳ございませんが、3/19(木)までお時間をいただけますでしょうか。")
    assert asked.moves
    assert asked.due.to == datetime(2026, 3, 19, 23, 59, 59, tzinfo=TOKYO)
    assert found("Could I have until Friday for the report?")[0].moves


def test_a_promise_given_by_mouth_is_known_as_such() -> None:
    assert was_told(found("明日の10時に折り返すと伝えました。")[0])
    assert was_told(found("Told her we'd deliver on Friday.")[0])
    assert not was_told(found("I'll deliver on Friday.")[0])


@pytest.mark.parametrize(
    ("surer", "less"),
    [
        ("I promise you'll have it on Friday.", "I'll send it on Friday."),
        ("I'll send it on Friday.", "I'll send it."),
        ("I'll send it on Friday.", "I'll try to send it on Friday."),
        ("I'll send it on Friday.", "If they agree, I'll send it on Friday."),
        ("I'll send the drawings on Friday.", "Drawings: Friday"),
        ("必ず金曜にお届けするとお約束いたします。", "金曜にお届けします。"),
        ("金曜にお届けいたします。", "金曜にはお届けできるかと存じます。"),
        ("金曜にお届けいたします。", "入荷しましたら金曜にお届けいたします。"),
    ],
)
def test_a_score_tells_how_surely_it_is_meant(surer: str, less: str) -> None:
    assert found(surer)[0].score > found(less)[0].score


def test_a_text_without_a_date_gets_none() -> None:
    (promise,) = found("結果は追ってご連絡いたします。")
    assert promise.due.to is None


def test_quoted_lines_promise_nothing() -> None:
    assert not found("> 明日までにお送りいたします。\n> I'll call you tomorrow.")


def test_a_users_own_words_beat_ours() -> None:
    never = '[never.mine]\nwords = ["社内便"]'
    commit = '[commit.mine]\nwords = ["お納め申します"]'
    assert not found("社内便で明日お送りいたします。", own=never)
    assert found("品は必ずお納め申します", own=commit)[0].rule == "mine"


@pytest.mark.parametrize(
    ("text", "code", "group"),
    [
        ("[commit.mine", "phrases-unreadable", None),
        ("commit = 1", "phrases-form", "commit"),
        ("[commit.mine]\nwords = 'x'", "phrases-form", "commit.mine"),
        ("[commit.mine]\nwords = ['(']", "phrases-pattern", "commit.mine"),
        ("[comit.mine]\nwords = ['x']", "phrases-group", "comit"),
    ],
)
def test_words_that_cannot_be_used_are_refused_by_file_and_key(text: str, code: str, group: str | None) -> None:
    with pytest.raises(SettingsError) as refused:
        load({"mine.toml": text})
    assert (refused.value.code, refused.value.values["file"]) == (code, "mine.toml")
    assert refused.value.values.get("group") == group


def test_every_shipped_pattern_compiles() -> None:
    phrases = load()
    for group in phrases.groups:
        assert phrases.whole(group)
        assert all(rule.pattern for rule in phrases.groups[group])


HOSTILE = (
    *(
        piece * (100_000 // len(piece))
        for piece in ("I will ", "told Bob ", "の", "ますので", "if you once the ", "1/", "お送り")
    ),
    "(" * 100_000,
    *(
        f"{line}\n" * 5_000
        for line in ("- item by Friday", "・見積 3/12", "a: b 12/3", "Oak   Mon, Mar 16   8:00 AM", "です。")
    ),
    *(f"見積 3/12{piece * 20}x" for piece in ("便", "に発送", "の便に", "午前", "中に", "予定")),
    "I'll call. " + "Friday if " * 6,
    "Ok so: " + "a by Friday, " * 5 + "x",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_text_takes_no_time(text: str) -> None:
    with bounded():
        assert len(found(text)) <= 50


def test_the_rows_of_a_table_are_promised_each_for_its_day_unless_they_are_put_as_a_question() -> None:
    rows = "会場  日付\n本社  6月16日(火)\n支店  6月18日(木)"
    assert [one.due.to.day for one in found(f"下記の日程でお伺いいたします。\n\n{rows}") if one.due.to] == [16, 18]
    assert not found(f"下記の日程で進めたく存じます。\n\n{rows}\n\nご都合はいかがでしょうか。")


@pytest.mark.parametrize(
    ("text", "promises"),
    [
        ("Riggers are booked for the 16th at 7 a.m., so no pressure.", 0),
        ("The scaffolding is booked for Thursday.", 0),
        ("Our shutdown has been set for Friday.", 0),
        ("Our driver is booked for your delivery on Friday.", 1),
        ("The parts are booked for Friday.", 1),
    ],
)
def test_what_others_arrange_for_themselves_is_not_owed_to_us(text: str, promises: int) -> None:
    at = datetime(2026, 4, 13, 10, 0, tzinfo=TOKYO)
    assert len(detect(text, said_at=at, by=By.THEM, who="a@b.example", calendar=CALENDAR, phrases=load())) == promises


def test_what_is_sent_and_when_it_gets_there_is_one_promise() -> None:
    """By the day it is sent in a sentence of its own, by the day it arrives where one sentence says both."""
    promises = found("16日に発送いたします。翌日着の見込みです。")
    assert [one.quote for one in promises] == ["16日に発送いたします。"]
    assert len(found("鍋は明日の便に乗せますので、金曜には着きます。")) == 1


def test_what_goes_in_the_same_box_goes_when_that_goes() -> None:
    promises = found("鍋は金曜に発送します。布巾の見本もいっしょに入れておきますね。")
    assert [one.due.to == promises[0].due.to for one in promises] == [True, True]


def test_days_counted_from_a_deed_promised_beside_it_run_from_its_day() -> None:
    promises = found("下見は20日に伺います。お見積りは、下見後3営業日でお出しいたします。")
    assert promises[0].due.to is not None
    assert promises[1].due.to is not None
    assert promises[0].due.to < promises[1].due.to
    assert found("お見積りは、下見後3営業日でお出しいたします。")[0].due.to is None
