"""Titles, departments and companies as they stand in signatures, Japanese first."""

import re
from functools import lru_cache

_JA_TITLES = (
    "代表取締役社長,代表取締役会長,代表取締役副社長,代表取締役専務,代表取締役,代表社員,代表理事,専務取締役,"
    "常務取締役,取締役,執行役員,社外取締役,"
    "監査役,最高経営責任者,最高技術責任者,社長,副社長,会長,副会長,専務理事,専務,常務理事,常務,相談役,顧問,"
    "本部長,副本部長,事業部長,統括部長,部長代理,"
    "副部長,担当部長,部長,次長,課長代理,課長補佐,担当課長,課長,室長代理,室長,係長,班長,主任技師,主任研究員,"
    "主任,主査,主幹,主事,参事,主管,副主任,"
    "所長代理,副所長,所長,支店長代理,副支店長,支店長,支社長,営業所長,店長代理,副店長,店長,工場長代理,"
    "副工場長,工場長,センター長,局長,事務局長,"
    "事務長,院長,副院長,園長,副園長,校長,副校長,教頭,学長,学部長,研究所長,理事長,副理事長,理事,監事,館長,"
    "船長,駅長,組合長,団長,部門長,グループ長,"
    "グループリーダー,チームリーダー,チーム長,プロジェクトリーダー,プロジェクトマネージャー,"
    "プロジェクトマネージャ,リーダー,サブリーダー,チーフマネージャー,チーフ,"
    "ゼネラルマネージャー,シニアマネージャー,アシスタントマネージャー,マネージャー,マネジャー,マネージャ,"
    "ディレクター,アートディレクター,プロデューサー,シニアエンジニア,"
    "システムエンジニア,セールスエンジニア,フィールドエンジニア,エンジニア,プログラマー,プログラマ,"
    "デザイナー,チーフデザイナー,バイヤー,チーフバイヤー,コンサルタント,アドバイザー,"
    "スーパーバイザー,コーディネーター,アシスタント,プランナー,アナリスト,アーキテクト,スペシャリスト,"
    "エグゼクティブ,パートナー,プリンシパル,税理士,公認会計士,会計士,弁護士,弁理士,"
    "社会保険労務士,社労士,司法書士,行政書士,中小企業診断士,不動産鑑定士,土地家屋調査士,宅地建物取引士,"
    "一級建築士,二級建築士,建築士,技術士,技師長,技師,医師,歯科医師,獣医師,薬剤師,"
    "看護師長,看護師,看護部長,管理栄養士,栄養士,教授,准教授,助教,講師,研究員,女将,若女将,大女将,支配人,"
    "総支配人,副支配人,料理長,総料理長,オーナーシェフ,シェフ,オーナー,"
    "店主,亭主,編集長,副編集長,編集者,記者,秘書,代表,副代表,代表者,共同代表,主宰,住職,総務担当,経理担当,"
    "営業担当,担当者,受注担当,購買担当,採用担当,広報担当,職長,"
    "親方,棟梁,工事長,現場監督,現場代理人,事務員,司書,学芸員,書記,幹事,会計,マスター,カウンセラー,トレーナー,"
    "インストラクター,CEO,CTO,CFO,COO,CIO"
)
_JA_TITLE = re.compile(
    rf"(?:(?:上級|上席|統括|総括|専任|担当|首席|副|シニア|チーフ|アシスタント|"
    rf"執行役員|取締役|元|新任|兼|・|/|／|,"
    rf")*(?:{'|'.join(sorted(_JA_TITLES.split(','), key=len, reverse=True))})(?:[ 　]?(?:兼|・|/|／)[ 　]?)?)+"
)
_ATTACHED = re.compile(rf"(?:部|課|室|係|店|所|局|グループ|チーム|センター|工場)(?P<title>{_JA_TITLE.pattern})\Z")
_HEAD_OF = re.compile(
    r"(?!副|担当)(?P<department>[一-龥々ァ-ヶー・]{1,12}?(?:本部|部|課|係|室|局|支店|営業所|工場|センター|グループ))"
    r"長(?:代理|補佐|心得)?\Z"
)
_JA_DEPARTMENT = re.compile(
    r"[一-龥々ァ-ヶーA-Za-zＡ-Ｚ0-9０-９・&＆/／第]{1,24}?(?:事業本部|事業部門|事業部|統括部|本部|部門|部|課|"
    r"室|係|局|班|科|グループ|チーム|センター|ユニット|デスク|窓口|支店|支社|営業所|出張所|工場|研究所|事務局|"
    r"担当|本店|推進室)"
)
_SITE = re.compile(r"(?:支店|支社|営業所|出張所|工場|研究所|本店)\Z")
_JA_FORMS = (
    r"株式会社|有限会社|合同会社|合資会社|合名会社|一般社団法人|公益社団法人|一般財団法人|公益財団法人|"
    r"医療法人(?:社団|財団)?|社会福祉法人|学校法人|宗教法人|特定非営利活動法人|NPO法人|ＮＰＯ法人|税理士法人|"
    r"弁護士法人|監査法人|独立行政法人|国立大学法人|協同組合|[（(][株有同資社医学財福][）)]|[㈱㈲㈳]"
)
_JA_COMPANY = re.compile(
    rf"(?:{_JA_FORMS})[ 　]?[^ 　|｜/／,、()（）]{{1,30}}|[^ 　|｜/／,、。]{{1,30}}?(?:{_JA_FORMS})"
)
_EN_COMPANY = re.compile(
    r"(?:[A-ZÀ-Ý0-9][\w'’&.-]*|&|and|of|de|und|et)(?:,? (?:[A-ZÀ-Ý0-9(][\w'’&.()-]*|&|and|of|de|und|et)){0,6},? "
    r"(?:Incorporated|Inc|Ltd|Limited|LLC|LLP|L\.L\.C|GmbH(?: & Co\.? KG)?|AG|KG|SE|Corp|Corporation|Co\.,"
    r" ?Ltd|Co|PLC|plc|Pty|S\.A\.S|SAS|SARL|S\.A|SA|S\.r\.l|Srl|S\.p\.A|SpA|B\.V|BV|N\.V|NV|ApS|A/S|AS|AB|Oy|"
    r"Oyj|K\.K|KK|Company|Group|Pte|Sp\. ?z ?o\. ?o|s\.r\.o|d\.o\.o|Kft|Zrt|OÜ|UAB|Lda|Ltda|S\.L|e\.K|e\.V|OHG|"
    r"mbH)\b\.?"
)
_EN_TITLE = re.compile(
    r"\b(?:manager|director|engineer|engineering lead|coordinator|co-ordinator|buyer|owner|proprietor|"
    r"president|chairman|chairwoman|chair|ceo|cto|cfo|coo|cio|cmo|vp|svp|evp|officer|head of|head|lead|leader|"
    r"analyst|consultant|"
    r"assistant|administrator|admin|specialist|executive|representative|rep|supervisor|partner|founder|"
    r"co-founder|accountant|bookkeeper|controller|comptroller|treasurer|secretary|attorney|lawyer|counsel|"
    r"solicitor|paralegal|architect|"
    r"designer|developer|programmer|professor|lecturer|teacher|principal|dean|planner|technician|agent|"
    r"associate|broker|trader|chef|clerk|receptionist|advisor|adviser|strategist|scientist|researcher|editor|"
    r"writer|producer|nurse|physician|"
    r"foreman|superintendent|inspector|operator|dispatcher|scheduler|estimator|surveyor|auditor|recruiter|"
    r"trainer|librarian|pastor|captain|merchandiser|photographer|"
    r"\w*leiter(?:in)?|geschäftsführer(?:in)?|vorstand|prokurist(?:in)?|sachbearbeiter(?:in)?|einkäufer(?:in)?|"
    r"vertriebsleiter(?:in)?|projektleiter(?:in)?|inhaber(?:in)?|assistentin|ingenieur(?:in)?|"
    r"directeur|directrice|responsable|gérant|gérante|chef de|chargée?|ingénieur|assistante|président|"
    r"présidente|director[ae]|gerente|jef[ea] de|responsabile|direttore|direttrice|titolare|amministratore|"
    r"verkoper|inkoper|directeur|hoofd|säljare|inköpare|försäljningschef|chef|vd|daglig leder|salgssjef|"
    r"myyntipäällikkö|toimitusjohtaja|kierownik|dyrektor|prezes)\b",
    re.I,
)
_EN_DEPARTMENT = re.compile(
    r"\b(?:accounts? (?:payable|receivable)|purchasing|procurement|sales|marketing|support|"
    r"customer (?:service|care|support)|finance|accounting|human resources|hr|it|legal|logistics|operations|"
    r"engineering|research|"
    r"quality|production|shipping|billing|department|dept|division|team|desk|office|trades|export|import|"
    r"sales & marketing|einkauf|vertrieb|buchhaltung|versand|abteilung|service)\b",
    re.I,
)
# Departments whose words mean other things in a longer line ("Planning House", "Apex Communications").
_EN_UNITS = (
    r"(?:(?:order|account|product|project|program|programme|contract|client|customer|vendor|supplier|inventory|"
    r"material|asset|risk|event|fleet|property|facilit(?:y|ies)|warehouse|records|data|quality|credit)s? "
    r"(?:management|processing|administration|entry|fulfil?lment|services|relations|success|experience|planning|"
    r"control|assurance)|(?:technical|client|guest|member|field|building|professional) services|"
    r"public (?:works|relations|affairs)|"
    r"supply chain|business development|information technology|health (?:and|&) safety|goods in|front (?:desk|office)|"
    r"back office|accounts|administration|payroll|treasury|dispatch|despatch|fulfil?lment|maintenance|facilities|"
    r"estimating|planning|warehouse|receiving|reservations|bookings|claims|returns|communications|commercial|contracts|"
    r"merchandising|compliance|admissions|scheduling|inventory|stores|r ?& ?d)"
)
_EN_UNIT = re.compile(rf"{_EN_UNITS}(?: (?:&|and|/) {_EN_UNITS})?", re.I)
_JA_FORM = re.compile(_JA_FORMS)
_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")
_FAMILY = re.compile(r"[一-龥々髙﨑ヶ]{1,4}")
_GIVEN = re.compile(r"[一-龥々ぁ-んァ-ヶー髙﨑]{1,5}(?:[(（]|\Z)")
_READING = re.compile(r"(?<=[一-龥ぁ-んァ-ヶ])[(（][^)）]*[)）]?\Z")
_NO_ROLE = re.compile(r"@|\d{3}|[:：]|https?")
_COMMA = re.compile(r", (?!(?:Inc|Ltd|LLC|Co|Corp)\b)")
_SPLIT = re.compile(r" [|｜/・•·–—-] |[|｜•·]|\t| {2,}|　+|; ")


def split_roles(line: str) -> list[str]:
    """The parts of a signature line: cut at bars and wide gaps; Western lines at commas, Japanese ones at blanks."""
    parts: list[str] = []
    for part in _SPLIT.split(line):
        if _JAPANESE.search(part):
            parts.extend(_japanese_parts(part))
        else:
            parts.extend(piece for piece in _COMMA.split(part) if piece)
    return [part.strip() for part in parts if part.strip()]


def _japanese_parts(part: str) -> list[str]:
    """Cut at blanks, but `山田 太郎` stays together."""
    words = part.split(" ")
    joined: list[str] = []
    for word in words:
        name = joined and _FAMILY.fullmatch(joined[-1]) and _GIVEN.match(word)
        if (
            name
            and not _JA_TITLE.search(joined[-1])
            and not _JA_TITLE.fullmatch(word)
            and not is_department(joined[-1])
            and not is_department(word)
        ):
            joined[-1] += " " + word
        else:
            joined.append(word)
    return [_READING.sub("", word) or word for word in joined]


def title_in(part: str) -> str:
    """The position that a part of a signature line names, or nothing."""
    if len(part) > 60 or "@" in part:
        return ""
    found = _ja_title(part)
    if found:
        return found
    if _JAPANESE.search(part) or _EN_COMPANY.fullmatch(part) or not _EN_TITLE.search(part):
        return ""
    return part if len(part.split()) <= 7 and not _NO_ROLE.search(part) else ""


def _ja_title(part: str) -> str:
    found = _JA_TITLE.match(part)
    if found and (found.end() == len(part) or part[found.end()] in " 　(（・/／"):
        return found[0].strip(" 　・/／")
    attached = _ATTACHED.search(part)
    return attached["title"] if attached else part if _HEAD_OF.match(part) else ""


def is_department(part: str) -> bool:
    """Whether a part is nothing but a Japanese department."""
    return bool(_JA_DEPARTMENT.fullmatch(part)) and not _JA_FORM.search(part)


def is_site(department: str) -> bool:
    """Whether a department is a place of the company: a branch, works, a laboratory."""
    return bool(_SITE.search(department))


def department_in(part: str) -> str:
    """The department that a part of a signature line names, or nothing."""
    if len(part) > 60 or _NO_ROLE.search(part):
        return ""
    head = _HEAD_OF.match(part)
    if head and not _JA_TITLE.fullmatch(part):
        return head["department"]
    title = _ja_title(part)
    bare = part[: -len(title)] if title and part.endswith(title) else part
    if is_department(bare):
        return bare
    if _JAPANESE.search(part) or _EN_TITLE.search(part) or _EN_COMPANY.search(part):
        return ""
    if not part[:1].isupper() or len(part.split()) > 5:
        return ""
    return part if _EN_DEPARTMENT.search(part) or _EN_UNIT.fullmatch(part) else ""


@lru_cache(maxsize=2048)
def company_in(line: str) -> str:
    """The company with its legal form, or nothing."""
    found = _JA_COMPANY.search(line)
    if found:
        return found[0].strip(" ,")
    parts = (_EN_COMPANY.search(part) for part in split_roles(line))
    return next((part[0].strip(" ,") for part in parts if part), "")
