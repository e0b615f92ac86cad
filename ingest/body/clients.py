"""How mail clients print the head of a quoted or forwarded mail: their words, in the languages they speak. Data only.

Sources: the reply and forward templates of Outlook, Outlook for Mac, Gmail, Apple Mail, iOS Mail, Thunderbird, Becky!,
Lotus Notes, Yahoo! Mail (also Japan), Cybozu, HubSpot, Missive, MailMate and IONOS. All keys are casefolded.
"""


def _words(text: str, divider: str = ",") -> tuple[str, ...]:
    return tuple(text.split(divider))


_FIELD_WORDS = {
    "from": (
        "from,von,de,da,od,van,från,fra,feladó,от,від,від кого,gönderen,kimden,lähettäjä,mittente,expeditorul,"
        "expeditor,de la,nadawca,odesílatel,odosielateľ,отправитель,saatja,šalje,pošiljatelj,remitente,remetente,"
        "expéditeur,absender,afzender,avsändare,avsender,afsender,差出人,送信元,送信者,発信者,差出元,发件人,"
        "寄件者,보낸 사람"
    ),
    "to": (
        "to,an,à,a,para,do,komu,címzett,кому,til,till,prima,aan,kime,alıcı,pre,pentru,către,destinatarul,"
        "destinatario,destinatário,destinataire,pour,vastaanottaja,empfänger,adresat,příjemce,ontvanger,mottagare,"
        "mottaker,modtager,za,宛先,送信先,宛て先,あて先,收件人,收件者,받는 사람"
    ),
    "cc": (
        "cc,kopia,копия,kopie,másolat,másolatot kap,dw,kópia,bilgi,kopi,kopie (cc),копія,copie à,copie,kopio,"
        "copia,cópia,写し,抄送,副本,참조"
    ),
    "date": (
        "date,sent,message du,data,дата,datum,fecha,dátum,dato,dată,tarih,päivämäärä,päiväys,gesendet,envoyé,"
        "envoyé le,enviado,"
        "enviado el,enviado em,enviada,enviada em,inviato,verzonden,sendt,skickat,wysłano,odesláno,odoslané,elküldve,"
        "küldve,отправлено,надіслано,відправлено,gönderilme,gönderilen,gönderildi,gönderme tarihi,lähetetty,trimis,"
        "trimis la,poslano,poslané,sent at,sent on,kuupäev,送信日時,日時,日付,送信日,送信時刻,受信日時,发送时间,"
        "日期,寄件日期,보낸 날짜"
    ),
    "subject": (
        "subject,temat,тема,předmět,asunto,oggetto,tárgy,assunto,predmet,emne,objet,ämne,naslov,betreff,subiect,"
        "subiectul,onderwerp,konu,sujet,aihe,teema,件名,題名,表題,主题,主旨,제목"
    ),
    "other": (
        "bcc,reply-to,reply to,antwort an,répondre à,rispondi a,responder a,antwoord aan,返信先,importance,priority,"
        "重要度,優先度,attachments,attachment,添付ファイル,添付,anlagen,pièces jointes,organization,mail list,"
        "sent by,"
        "message-id,ccn,cci,sensitivity,機密度"
    ),
}

FIELDS = {word: field for field, words in _FIELD_WORDS.items() for word in _words(words)}
"""A printed header's label to the field it names."""

LABELS = {
    field: tuple(sorted((word for word in _words(words) if len(word) > 1 or word in "aà"), key=len, reverse=True))
    for field, words in _FIELD_WORDS.items()
}
"""The labels of each field, longest first."""

FORWARDED = frozenset(
    _words(
        "forwarded message|begin forwarded message|forwarded mail|start of forwarded message|"
        "weitergeleitete nachricht|anfang der weitergeleiteten nachricht|message transféré|message transmis|"
        "message réexpédié|début du message réexpédié|début du message transféré|début du message transféré|"
        "messaggio inoltrato|inizio messaggio inoltrato|mensaje reenviado|inicio del mensaje reenviado|"
        "mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|início da mensagem reencaminhada|"
        "doorgestuurd bericht|begin doorgestuurd bericht|videresendt meddelelse|videresendt melding|"
        "videresendt besked|"
        "start på videresendt besked|start på videresendt melding|vidarebefordrat meddelande|vidarebefordrat mejl|"
        "välitetty viesti|välitetty viesti alkaa|edelleenlähetetty viesti|przekazana wiadomość|"
        "treść przekazanej wiadomości|wiadomość przesłana dalej|początek przekazywanej wiadomości|přeposlaná zpráva|"
        "začátek přeposílané zprávy|preposlaná správa|začiatok preposlanej správy|továbbított üzenet|"
        "továbbított levél kezdete|mesaj redirecționat|începe mesajul redirecționat|proslijeđena poruka|"
        "započni proslijeđenu poruku|перенаправленное сообщение|пересылаемое сообщение|"
        "начало переадресованного сообщения|переслане повідомлення|перенаправлене повідомлення|"
        "початок листа, що пересилається|i̇letilen i̇leti|i̇letilmiş mesaj|i̇leti başlangıcı|iletilen ileti|"
        "転送メッセージ|転送されたメッセージ|メッセージを転送|転送メール|転送されたメール|転送元メッセージ|"
        "以下、転送|以下転送|"
        "ここから転送|转发邮件信息|转发的邮件|전달된 메시지",
        "|",
    )
)
"""Separator lines (without their dashes) over a forwarded mail."""

FORWARDERS = (
    "forwarded by ",
    "forwarded from ",
    "fwd.msg",
    "forwarded message",
    "転送者",
    "から転送",
    "が転送",
    "により転送",
)
"""What a separator line that also names the forwarder holds (Becky!, Lotus Notes)."""

ORIGINAL = frozenset(
    _words(
        "original message,original mail,original message follows,original e-mail,original email,original appointment,"
        "ursprüngliche nachricht,originalnachricht,ursprungliche nachricht,message d'origine,message d’origine,"
        "message original,courriel original,messaggio originale,mensaje original,mensagem original,"
        "oorspronkelijk bericht,origineel bericht,oprindelig meddelelse,original besked,opprinnelig melding,"
        "ursprungligt meddelande,originalmeddelande,alkuperäinen viesti,wiadomość oryginalna,oryginalna wiadomość,"
        "původní zpráva,pôvodná správa,eredeti üzenet,mesaj original,izvorna poruka,исходное сообщение,"
        "оригинальное сообщение,orijinal mesaj,özgün i̇leti,元のメッセージ,元メッセージ,元メール,元のメール,"
        "オリジナルメッセージ,"
        "オリジナルのメッセージ,原メッセージ,受信メール,受信メッセージ,引用元,返信元メッセージ,原始邮件,原始郵件,"
        "원본 메시지,reply message,previous message,reply separator"
    )
)
"""Separator lines (without their dashes) over a mail that is answered, or forwarded when the subject says so."""

FORWARD_ENDS = frozenset(
    (
        "original message ends",
        "end of forwarded message",
        "end forwarded message",
        "転送ここまで",
        "end of original message",
    )
)
"""Separator lines under a forwarded mail (Becky!)."""

WROTE = _words(
    "wrote,writes,sent,schreibt,pisze,píše,írja,escribe,escreve,schrijft,skriver,scrisse,a scritto,ecrit,"
    "schrieb,schrieb am,a écrit,écrit,escribió,escribio,escreveu,ha scritto,scrive,schreef,"
    "geschreven,skrev,kirjoitti,napisał,napisała,napisał(a),napsal,napsal(a),napísal,napísal(a),написал,написала,"
    "написал(а),пишет,писал,пише,написав,написала,yazdı,írta,a scris,je napisao,je napisala,napisao je,đã viết,"
    "skrev følgende,sisse kirjutas,のメール,さんのメール,からのメール,書きました,書いた,さんは書きました,"
    "さんが書きました,"
    "wrote to you,写道,寫道,作成,님이 작성"
)
"""Verbs that end, or stand inside, the line over a quote."""

FORWARD_PREFIXES = _words(
    "fw,fwd,wg,tr,rv,enc,i,vs,vb,vl,pd,doorst,videresend,fs,přep,továbbítás,továbbított,ilt,iletildi,i̇lt,"
    "i̇letildi,redir,перенапр,转发,轉寄,転送,転"
)
"""Subject prefixes of a forward."""

REPLY_PREFIXES = _words("re,aw,sv,antw,res,rif,odp,ynt,vá,回复,答复,返信,返,r")
"""Subject prefixes of a reply."""
