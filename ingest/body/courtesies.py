"""Lines that say nothing of the matter: greetings, addressing lines, closings, and banners that gateways add."""

import re
from collections.abc import Sequence

_JA_GREETING = re.compile(
    r"(?:(?:いつも|毎度|平素(?:より|は)?|日頃(?:より)?|大変|たいへん|誠に|格別の|何かと|お引き立て|ご愛顧|"
    r"ご高配|を賜り|賜り|"
    r"を頂き|をいただき|にて|、)*(?:お世話|おせわ)(?:様|さま)?(?:に|で)(?:なっ(?:ております|ています|てます|"
    r"ており)|なります|ございます|す)"
    r"|お世話様です|お疲れ(?:さま|様)(?:です|でございます|でした)|おつかれさまです|ご苦労様です"
    r"|こんにちは|こんばんは|おはようございます|はじめまして|初めまして|"
    r"突然のメール(?:で)?(?:にて)?失礼(?:いた|致)?します"
    r"|(?:いつも|毎度)(?:大変)?ありがとうございます|(?:大変)?ご無沙汰(?:して|いたして|致して)おります"
    r"|拝啓|前略|拝復|敬具|草々|平素は格別の(?:お引き立て|ご高配)(?:を賜り|をいただき)(?:、)?(?:誠に|"
    r"厚く)?(?:ありがとうございます|御礼申し上げます))"
)
_JA_SELF = re.compile(
    r"(?P<from>[^、。はがをも,0-9０-９]{0,30}?の)?[ 　]?(?P<who>[一-龥々ァ-ヶー髙﨑 　ヽゝ]{1,10}|[ぁ-ん]{2,"
    r"6})(?:[（(][^）)]{1,20}[）)])?"
    r"(?:です|でございます|と申します|と申し(?:上げ)?ます|ともうします)"
)
_NOT_A_NAME = re.compile(
    r"午前|午後|予定|とおり|通り|件|方|日|所|状態|状況|中|以上|完了|必要|可能|不可|無料|有料|本日|明日|昨日|"
    r"来週|今週|不要|未定|同様|希望|問題|"
    r"大丈夫|結構|幸い|確認|検討|分|円|個|台|本|枚|月|年|時|何|これ|それ|あれ|はず|ため|もの|こと|よう|ところ"
)
_JA_ADDRESS = re.compile(
    r"(?:[^、。!?！？:：]{0,40}?)(?:様方?|さま|さん|殿|御中|各位|先生|くん|君)[ 　]*(?:[（(](?:CC|ＣＣ|cc|"
    r"Cc)?[:：]?[^）)]{0,30}[）)])?[ 　]*[、,]?\Z"
)
_SAYS = re.compile(r"です|ます|した|から|ので|の件")
_JA_COMPANY = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|[（(][株有同資][）)]|[㈱㈲]|法人|事務所|商店|[一-龥ァ-ヶー]{2,"
    r"}(?:部|課|室|科|御中|支店|営業所|本社|工場|センター)\Z"
)
_JA_CLOSING = re.compile(
    r"(?:以上|それでは|では|まずは|取り急ぎ|取急ぎ|とりいそぎ|今後とも|引き続き|引続き|ひきつづき|何卒|"
    r"なにとぞ|どうぞ|どうか|それでは|お手数(?:を|で)?(?:お)?(?:かけ|掛け)?(?:いた|致)?(?:し)?ますが|"
    r"お手数(?:を)?おかけしますが|お手数ですが|恐れ入りますが|恐縮ですが|お忙しい(?:ところ|所|中)|大変|誠に|申し訳(?:ございません|ありません)が|"
    r"ご不便(?:を)?おかけ(?:いた|致)?しますが|ご多忙(?:の|とは|のところ|"
    r"中)?(?:存じますが|恐縮ですが)?|"
    r"宜しく|よろしく|、|,|も|を|変わらぬ|ご愛顧|ご厚誼|ご指導|ご鞭撻|お付き合い|のほど|の程|ご連絡(?:まで|"
    r"申し上げます)?|お礼(?:まで|申し上げます)?|御礼(?:まで|申し上げます)?|ご報告(?:まで|申し上げます)?|"
    r"ご案内まで|ご挨拶まで|ご返信まで|返信まで|"
    r"お願い(?:いた|致)?(?:し(?:ます|ております|たく存じます)?|申し上げます|申上げます)?|(?:いた|致)します|"
    r"(?:にて)?失礼(?:いた|致)?します|です|ます|まで|。|．|\.|!|！|ます|ませ| |　)+\Z"
)
_JA_REQUEST = re.compile(r"検討|(?:連絡|報告|案内|返信|確認|対応|回答|手配)(?:の?ほど|の程|を|も|、?[よ宜])")
_JA_CLOSING_CORE = re.compile(r"よろしく|宜しく|以上|取り急ぎ|取急ぎ|失礼|まで|とりいそぎ")

_EN_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|greetings|hallo|"
    r"guten (?:tag|morgen|abend)|moin|servus|grüezi|sehr geehrte[rs]?|liebe[rs]?|"
    r"bonjour|bonsoir|ch[eè]re?s?|madame|monsieur|hola|estimad[oa]s?|buenos d[ií]as|buenas tardes|ciao|buonasera|"
    r"bom dia|boa (?:tarde|noite)|goede(?:morgen|middag|navond)|"
    r"buongiorno|gentile|salve|egregio|ol[áa]|prezad[oa]s?|car[oa]|beste|"
    r"geachte|hej|hei|kære|bästa|witam|dzień dobry|szanown[iy]|dobrý den|здравствуйте|добрый день|merhaba|sayın)"
    r"(?:[ ,]+(?:[^\W\d_][\w.'’/&-]*|/|&|-san|all|team|there|both|everyone)){0,5} ?[,.!:;…-]*\Z",
    re.I,
)
_ADDRESSED_TO = (
    "all team there both everyone everybody folks guys colleagues friends sir madam sirs morning afternoon evening day "
    "again and à toutes tous les le la de der die das und y e van von zusammen damen herren dag hej tag abend días "
    "dia tarde noite "
    "tardes"
)
_ADDRESSED = frozenset(_ADDRESSED_TO.split())
_EN_NOT_GREETING = re.compile(
    r"\b(?:is|are|was|will|can|could|please|the|we|you|i|it|for|to|by|not|no|news|question|this|that|as|at|of|"
    r"in|on|have|has)\b",
    re.I,
)
_EN_NAME_COMMA = re.compile(
    r"[A-ZÀ-Ý][\w'’-]{1,20}(?: [A-ZÀ-Ý][\w'’.-]{1,20}){0,2}(?:,? (?:and|&) [A-ZÀ-Ý]\w{1,20})?,\Z"
)
_NO_NAMES = frozenset(
    ("yes", "no", "ok", "okay", "however", "unfortunately", "sorry", "thanks", "sure", "also", "please")
)
_EN_CLOSING = re.compile(
    r"(?:(?:with )?(?:many |very |my |our |all (?:the )?)?(?:best|kind(?:est)?|warm(?:est)?|"
    r"cordial)?[ -]*(?:regards|wishes|greetings)(?: from \w+)?|best|all the best|"
    r"(?:many |big |kindest )?(?:thanks|thank you|thx|tks|thanx|cheers|ta)(?: (?:again|so much|very much|"
    r"a lot|a million|much|in advance|for your help|for your time|and regards|and best regards|& regards|"
    r"and have a (?:great|nice|good) \w+))*|thanks[ ,&]+(?:best |kind )?regards|"
    r"(?:yours|very) (?:sincerely|faithfully|truly)(?: yours)?|sincerely(?: yours)?|respectfully|cordially|"
    r"take care|regards|rgds|brgds|br|b\.r\.|kr|mfg|vg|lg|"
    r"love|xoxo|yours|your pal|talk (?:to you )?soon|speak soon|see you(?: soon)?|warmly|have a (?:great|nice|"
    r"good) (?:day|weekend|week|evening|one)|"
    r"mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en|(?:viele|beste|liebe|freundliche|herzliche|"
    r"schöne) gr(?:ü|ue)(?:ß|ss)e|gruß|grüße|danke|vielen dank|"
    r"(?:bien )?(?:cordialement|à vous|amicalement)|merci(?: d'avance| beaucoup)?|bonne (?:journée|soirée)|"
    r"salutations(?: distinguées)?|"
    r"(?:un )?(?:saludos?|abrazo)(?: cordiale?s?)?|atentamente|gracias|(?:cordiali |distinti )?saluti|grazie|"
    r"att(?:e|\.)?|atenciosamente|obrigad[oa]|abraços?|cumprimentos|"
    r"met vriendelijke groet(?:en)?|groet(?:en|jes)?|mvh|kh|med venlig hilsen|(?:med )?vennlig hilsen|hilsen|"
    r"med vänliga hälsningar|vänliga hälsningar|hälsningar|tack|"
    r"ystävällisin terveisin|terveisin|t\.|z poważaniem|pozdrawiam|s pozdravem|üdvözlettel|с уважением|saygılarımla)"
    r"(?: ?[,.!;:…–—-]| :\)| ;\))*\Z",
    re.I,
)
_NAMED_CLOSING = re.compile(
    r"(?P<closing>[^,.!]{2,40})[,.!]+ *(?P<name>[A-ZÀ-Ý][\w'’.-]*(?: [A-ZÀ-Ý][\w'’.-]*){0,2})[.!]?\Z"
)

_BANNER = re.compile(
    r"[\W_]*(?:(?:external|ext)(?: e-?mail| sender| message)?\b ?[\]:*-]|caution\b.{0,40}(?:external|outside|"
    r"originat|e-?mail|link)|warning\b.{0,60}(?:external|outside|originat)|"
    r"this (?:e-?mail|message) (?:(?:has )?(?:originated|came|was sent|is|comes) )(?:from )?.{0,40}(?:outside|"
    r"external)|you don'?t often (?:get|receive) email from|"
    r"(?:strictly |legally |commercially )?(?:private|privileged|confidential|proprietary)"
    r"(?:(?: ?[&/,]| and)+ ?(?:strictly |legally )?(?:private|privileged|confidential|proprietary))*"
    r"(?: (?:e-?mail|message|communication|information))? ?[:.*–—-]+ ?(?:this|the|any|all|if|unless|for|intended)\b"
    r".{0,80}(?:e-?mail|message|communication|transmission|addressee|recipient)|"
    r"(?:important |legal )?notice(?: to recipients?)? ?[:.*–—-]+ ?(?:(?:this|the|any) (?:e-?mail|message|"
    r"communication|transmission)|if you are not)\b|"
    r"any (?:unauthori[sz]ed |other )?(?:use|review|disclosure|dissemination|distribution|copying)\b.{0,80}"
    r"(?:this|the) (?:e-?mail|message|communication|transmission).{0,60}(?:prohibited|forbidden|unlawful)|"
    r"(?:the )?information transmitted\b.{0,60}intended|"
    r"(?:legal |email )?(?:confidentiality|privacy)(?: (?:notice|statement|note|warning))?\b ?[:.\-*]?(?:.{0,"
    r"40}(?:e-?mail|message|transmission|information)|\Z)|(?:legal )?disclaimer\b ?[:\-]?|"
    r"(?:the )?(?:information|content|contents) (?:contained )?(?:in|of) (?:this|the) (?:e-?mail|message|"
    r"transmission|communication).{0,120}(?:confidential|privileged|intended)|"
    r"this (?:e-?mail|message|communication|transmission|electronic mail)\b.{0,160}(?:confidential|privileged|"
    r"intended (?:only|solely|for)|property of|may contain|contains|for the (?:sole|exclusive) use of)|"
    r"(?:if you (?:are not|have received)).{0,60}(?:intended recipient|in error|by mistake)|"
    r"(?:please )?(?:consider|think (?:of|about)) the environment\b|(?:please )?consider.{0,"
    r"30}before printing|virus[- ]free\b|this email has been (?:checked|scanned)|"
    r"scanned by\b|diese e-?mail (?:enthält|ist)\b.{0,60}(?:vertraulich|rechtlich)|ce (?:message|courriel|"
    r"mail)\b.{0,80}(?:confidentiel|strictement)|este (?:mensaje|correo|e-?mail).{0,80}confidencial|"
    r"このメールは.{0,30}(?:社外|外部|組織外)から|.{0,4}(?:社外|外部|組織外)(?:から(?:の)?)?(?:メール|送信者|"
    r"受信)|【(?:社外|外部|社外メール|外部メール|社外秘|注意)】?.{0,20}(?:メール|社外|外部)|"
    r"(?:この|本)(?:電子)?(?:メール|メッセージ|e-?mail)(?:及び|および|・|、|（|に|は|の|には|と)?.{0,"
    r"80}(?:機密|秘密|守秘|名宛人|宛先以外|誤って|誤送信|意図しない|受取人|受信者以外|予定された|第三者)|"
    r"【(?:機密|機密保持|秘密|免責|守秘|注意|ご注意|機密情報)[^】]{0,20}】\Z|.{0,60}万一?.{0,12}(?:誤って|"
    r"お心当たり|心当たり).{0,60}(?:削除|破棄|ご連絡)|機密(?:情報|保持)(?:に関する|の)(?:注意|お願い)|"
    r"環境(?:保護|保全|への配慮)のため.{0,20}印刷|印刷する前に.{0,30}環境)",
    re.I,
)
_MOBILE = re.compile(
    r"[\W_]*(?:sent from (?-i:my [A-Z])[\w+.-]*(?: [\w+.-]+){0,4}|sent (?:from|via|with|"
    r"by) (?:my )?(?:(?:verizon|at&t|sprint|t-mobile|samsung|sony|htc|lg|motorola|nokia|google|apple|"
    r"microsoft|windows|yahoo|outlook|gmail|proton|the|a|wireless|mobile|4g|5g|lte|aol|desktop)[\w ,&'-]{0,"
    r"40}|"
    r"(?:i(?:phone|pad|pod|os)|android|blackberry|galaxy|pixel|xperia|huawei|xiaomi|phone|mobile|smartphone|"
    r"tablet|handheld|outlook|mail|yahoo|protonmail|spark|superhuman|mailbird|thunderbird|front|polymail|"
    r"acompli|newton)\b[\w .,&'()-]{0,40}|\w+(?: \w+){0,4} (?:blackberry|phone|mobile|device|wireless|"
    r"handheld|smartphone|tablet|ipad|iphone|android)(?: \w+){0,3})"
    r"|get outlook for \w+.{0,60}|(?:von|aus) meinem .{0,40}gesendet|gesendet (?:von|mit|über|aus)\b.{0,60}|"
    r"envoyé (?:de|depuis|à partir de) (?:mon|ma|mes|l'application|yahoo|outlook|proton)\b.{0,60}|"
    r"enviado (?:desde|do|de|a partir do|via) (?:mi|meu|el|un|o|yahoo|outlook)\b.{0,60}|"
    r"inviato da(?:l| )?(?: mio|l mio|l'app)?\b.{0,50}|verstuurd vanaf\b.{0,50}|verzonden (?:vanaf|met|"
    r"vanuit)\b.{0,50}|sendt fra\b.{0,50}|skickat från\b.{0,50}|lähetetty\b.{0,50}(?:puhelimesta|iphonesta|"
    r"laitteesta)|wysłane z\b.{0,50}|odesláno z\b.{0,50}|odoslané z\b.{0,40}|отправлено с\b.{0,50}|"
    r"iphone'?umdan gönderildi|(?:my)?(?:iphone|ipad|android|xperia|galaxy|windows phone|スマートフォン|"
    r"スマホ|携帯(?:電話)?)(?:端末)?から送信(?:されました)?|.{0,16}(?:outlook|yahoo! ?メール|"
    r"gmail)(?: ?for \w+)? ?(?:を入手|(?:アプリ)?から送信|で送信).{0,40})[ .。!)>]*(?:<?https?://\S*>?)?\Z",
    re.I,
)


def is_banner(line: str) -> bool:
    """Whether a paragraph that begins with this line was put there by a gateway or a lawyer."""
    return bool(_BANNER.match(line[:300]))


def is_mobile_footer(line: str) -> bool:
    """`Sent from my iPhone`, `iPhoneから送信`: a line that the device signs with."""
    return len(line) < 120 and bool(_MOBILE.match(line))


def closing(line: str) -> str:
    """The rule by which a line is nothing but a closing, or nothing."""
    if len(line) > 70:
        return ""
    if line[0] >= "\u3000":
        core = _JA_CLOSING_CORE.search(line)
        return "closing-ja" if core and _JA_CLOSING.match(line) and not _JA_REQUEST.search(line) else ""
    return "closing" if _EN_CLOSING.match(line) else ""


def named_closing(line: str) -> bool:
    """`Thanks, Ben` and `Your pal, Craig.`: a closing and a name in one line."""
    found = _NAMED_CLOSING.match(line) if len(line) < 60 else None
    return bool(found and _EN_CLOSING.match(found["closing"].strip()))


def greeting(line: str) -> str:
    """The rule by which a line is nothing but a greeting or an addressing line, or nothing. For lines near the top."""
    if len(line) > 80:
        return ""
    if line[0] >= "\u2e80" or line[-1] >= "\u2e80":
        return _ja_greeting(line)
    if _EN_NAME_COMMA.match(line) and line[:-1].casefold() not in _NO_NAMES:
        return "addressing"
    if not _EN_GREETING.match(line) or _EN_NOT_GREETING.search(line):
        return ""
    addressed = re.findall(r"[^\W\d_][\w.'’-]*", line)[1:]
    return "greeting" if all(word[0].isupper() or word.casefold() in _ADDRESSED for word in addressed) else ""


def _ja_greeting(line: str) -> str:
    if _JA_ADDRESS.match(line) and not _SAYS.search(line):
        return "addressing-ja"
    rest, found = line, False
    for _ in range(4):
        match = _JA_GREETING.match(rest)
        rule_self = None if match else _JA_SELF.match(rest)
        if rule_self and (
            _NOT_A_NAME.search(rule_self["who"])
            or (rule_self["from"] is None and not found and len(rule_self["who"]) > 6)
        ):
            rule_self = None
        match = match or rule_self
        if not match or match.end() == 0:
            break
        found = True
        rest = rest[match.end() :].lstrip("。．.、,!！ 　(^_)")
        if not rest:
            return "greeting-ja"
    return ""


def addressed_company(line: str, following: str) -> bool:
    """`株式会社山田製作所` in the line over `山田様`."""
    if len(line) > 40 or not _JA_ADDRESS.match(following) or re.search(r"[。、:：!?！？]", line):
        return False
    return bool(_JA_COMPANY.search(line)) or len(line) <= 20


def banner_end(plain: Sequence[str], start: int, stop: int) -> int:
    """Where a banner over the text ends: with its paragraph, or with its sentence where the text follows at once."""
    end = start + 1
    while end < stop and plain[end] and not greeting(plain[end]):
        if plain[end - 1][-1] in ".!。】]*-" and not is_banner(plain[end]):
            break
        end += 1
    return end
