"""The rules of English words of time, tried in order; `notes.due.english` reads their matches.

Patterns meet folded text: lower case, plain quotes and dashes (`notes.due.fold`).
"""

from notes.due.english import (
    a_week_on,
    before_it_is_out,
    before_it_is_over,
    calendar_week,
    day_and_part,
    day_then_month,
    feast,
    midweek,
    month_alone,
    month_end,
    month_first,
    nth,
    nth_weekday,
    period,
    period_end,
    quarter,
    relative_day,
    that_day,
    that_week,
    week_after,
    week_of,
    weekday,
    weekday_after,
    weekday_after_next,
    weekday_before,
    weekday_next,
)
from notes.due.english_times import (
    ago,
    bare_hour,
    between_hours,
    clock,
    count,
    counted_on_before,
    day_after_that,
    from_to_hours,
    half,
    hour_in_part,
    military,
    next_workday,
    part,
    spoken_clock,
    unit_or_two,
    within_unit,
    zone,
)
from notes.due.english_words import CARRIER, DAY_NUMBER, HOUR, MONTH, NUMBER, PART, UNIT, UP_TO, WEEKDAY
from notes.due.pieces import Rule, nothing, skip

OVER = r"(?: (?:out|over|up|through|done|finished)\b|(?=[.,;!)]|\s*$))"
YEAR = r"(?:,?\s?(?:of |in )?-?((?:19|20)\d{2}|'\d{2})(?!\d))?"
RULES: tuple[Rule, ...] = (
    Rule(
        r"24/7|24x7|happy [a-z]+day|(?:page|part|step|slide|section|version|item|ratio|chapter|sat on"
        r"|sun microsystems|sat down)\b",
        skip,
    ),
    Rule(
        r"(?:every|each)\s(?:other\s|second\s|single\s)?(?:first\s|last\s|business\s"
        r"|working\s)?(?:day|week|month|year|quarter|morning|afternoon|evening|night"
        r"|hour|time|" + WEEKDAY + r")\b(?:\s(?:morning|afternoon|evening))?",
        nothing,
    ),
    Rule(
        r"(?:daily|weekly|monthly|quarterly|annually|yearly|hourly|biweekly)\b(?! (?:report"
        r"|update|meeting|call|summary))",
        nothing,
    ),
    Rule(
        r"(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun|week)(?:day|end)s\b(?:\s(?:and"
        r"|to|through|-)\s(?:mon|tues|wednes|thurs|fri|satur|sun)days)?",
        nothing,
    ),
    Rule(r"(?<![\d.,:/$-])([01]\d|2[0-3])([0-5]\d)\s?(?:hrs?|hours)\b", military),
    Rule(r"(?<![\d.,:/$-])([01]?\d|2[0-3])h([0-5]\d)\b(?!')", military),
    Rule(rf"{NUMBER} {UNIT} (ago|earlier|before|prior|previously)\b", ago),
    Rule(
        r"(?:the )?(?:last|past|previous) (?:few |couple of |\d{1,3} |two |three "
        r"|four )?(?:days|weeks|months|years|hours|minutes)\b",
        nothing,
    ),
    Rule(
        rf"{MONTH}[\s/-]?,?\s?(?:the )?{DAY_NUMBER}(?!\d|[:.]\d|\s?[ap]\.?m\b|/(?!\d\d?(?![\d/]))|\s?%"
        rf"|\s?(?:people|units|pieces|pcs|items|of us)\b)(?:\s?(?:-|~|/|to|through|thru"
        rf"|and)\s?{DAY_NUMBER}(?![\d:]|\s?[ap]\.?m\b))?{YEAR}(?!\d)",
        month_first,
    ),
    Rule(
        rf"(?<![\d.,/$:-])(?:the )?{DAY_NUMBER}(?:\s?(?:-|~|to|until|till|through|and)\s?(?:the )?{DAY_NUMBER})?"
        rf"\s?-?(?:of )?{MONTH}{YEAR}",
        day_then_month,
    ),
    Rule(
        rf"(?:the )?(first|second|third|fourth|last|1st|2nd|3rd|4th|final) (?:{WEEKDAY}"
        rf"|(business day|working day|week)) (?:of|in) (?:(?:the|this) (month)\b|next (month)\b"
        rf"|{MONTH})",
        nth_weekday,
    ),
    Rule(rf"(?:the )?{PART}{MONTH}{YEAR}(?!\s?\d|'s|\s[a-z]+son\b)", month_alone),
    Rule(
        rf"(?:the |(?:(?<=mon |tue |wed |thu |fri |sat |sun |day )|(?<=tues |thur )|(?<=thurs )"
        r"|(?<=\bby |\bon )|(?<=\btill )|(?<=before |latest )|(?<=\buntil ))(?=\d+[snrt]))"
        rf"(?:{DAY_NUMBER})(?: day)?(?: of (next"
        rf"|this|the|following|coming) month)?(?=[,.;:!?)(]|\s*$|\s(?:at|by|to|or|and"
        rf"|before|around|if|so|latest|between|until|from|for|-|as|in the|we|i|you"
        rf"|with|then|\d{{1,2}}(?:[:.]\d\d)?\s?[ap]\.?m)\b)",
        nth,
    ),
    Rule(
        r"(?:later )?(?:the )?(day after tomorrow|day before yesterday|today|tomorrow"
        r"|tmrw|tmr|tomorow|tommorr?ow|yesterday)\b( (?:week|fortnight)(?=[.,;!)]|\s*$))?",
        relative_day,
    ),
    Rule(r"(?:later )?(?:tonight|tonite|this (morning|afternoon|evening))\b", day_and_part),
    Rule(r"(?:later )?that (?:same )?(?:very )?(day|morning|afternoon|evening|night)\b", that_day),
    Rule(rf"(?:the )?{WEEKDAY} of (?:that|the same) week\b|that (?:same )?week's {WEEKDAY}", that_week),
    Rule(r"(?:the )?(?:(?:end|close|middle|start|beginning) of (?:the )?)?week after next\b", week_after),
    Rule(
        rf"{NUMBER} {UNIT} (?:later(?! than)|after (?:that|this)|thereafter|afterwards|(?:on|after)(?=[.,;!)]|\s*$))",
        counted_on_before,
    ),
    Rule(
        r"the (?:(?:next|following) day|day after(?: that)?)(?=[.,;!?)]|\s*$|\s(?:and|at|by|before|you|we|i|it)\b)",
        day_after_that,
    ),
    Rule(rf"the {WEEKDAY} before(?: that)?(?=[.,;!?)]|\s*$)", weekday_before),
    Rule(
        rf"(?:the )?{WEEKDAY} (?:after(?: that)?|following|thereafter)(?=[.,;!?)]|\s*$|\s(?:and|or|at|on|for|with|by"
        rf"|i|we|you|it|the)\b)",
        weekday_after,
    ),
    Rule(r"(?:the )?week after(?: that)?(?=[.,;!?)]|\s*$|\s(?:and|or|at|on|for|with)\b)", week_after),
    Rule(
        r"(?:(?:the )?calendar week|cw|kw) ?(\d{1,2})\b|w(?:ee)?k\.? (?:no\.? ?)?(\d{2})\b(?! (?:of|days?|weeks?)\b)",
        calendar_week,
    ),
    Rule(r"(?:the )?(?:w(?:ee)?k(?:end)? (?:of|commencing|beginning|starting)|w/c|wc)(?: on)?(?= )", week_of),
    Rule(
        rf"(?:the )?{PART}(this coming|this|next|coming|following|upcoming|last|previous"
        rf"|past|the)\s(?:calendar |business |working |work )?(week|weekend|month|quarter"
        rf"|year)\b(?!'s\b)(?! (?:number|old)\b)",
        period,
    ),
    Rule(
        r"(?:the )?(?:end|close) of (?:the |this |our |your )?(?:business |working "
        r"|work )?(?:day|business|play|office hours)\b|(?:e\.?o\.?d|e\.?o\.?b|c\.?o\.?b"
        r"|c\.?o\.?p)\b\.?|(?:the )?(?:day's end|business close)\b|(?:the )?end of(?: the)? (?=today"
        r"|tomorrow|(?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?\b)|business hours(?= (?:today"
        r"|tomorrow))",
        part,
    ),
    Rule(r"(?:the )?(early|mid|late|end|beginning|start)[ -]of()[ -](week|month|quarter|year)\b", period),
    Rule(rf"before (?:the )?(day|week|month|quarter|year)(?: is|'s){OVER}", before_it_is_out),
    Rule(rf"before ()(){WEEKDAY}(?: is|'s){OVER}", before_it_is_over),
    Rule(rf"{MONTH}'s (end)\b", month_end),
    Rule(r"mid-?week\b", midweek),
    Rule(r"(?:this|the same) time next week\b", a_week_on),
    Rule(r"(?:the )?(?:eow|eom|eoq|eoy|(?:week|month|quarter|year)(?:'s)?[ -]end)\b", period_end),
    Rule(rf"(?:the )?(?:(early|mid|late|end|beginning|start)[ -](?:of |in )?(?:the )?)q([1-4])\b{YEAR}", quarter),
    Rule(
        r"(?:within|inside|in|over|during)(?: (?:about|around))? (?:the next|the coming|another|an?) (minute|hour"
        r"|day|week|fortnight"
        r"|month) or (so|two|three)\b",
        unit_or_two,
    ),
    Rule(rf"(a (?:week|fortnight)) (){WEEKDAY}()(?= *(?:[.,;!)]|$|at\b))", weekday),
    Rule(
        rf"((?:for |over |in |during )?(?:the )?(?:next|coming|following)|within|inside of"
        rf"|inside|in under|in less than|in|over(?= the next| the coming)|give (?:me|us|him|her|them)|after"
        rf"|allow|need)(?: (?:about|around|approximately|roughly|maybe|another|at most"
        rf"|no more than|up to|some))?(?: the)?(?: (?:next|coming|following))? {UP_TO}[ -]?{UNIT}(?! (?:ago"
        rf"|old|delay|window|warranty|notice)\b)",
        count,
    ),
    Rule(rf"(){NUMBER}[ -]{UNIT}", count),
    Rule(
        r"(?:within|in|over)(?: (?:about|around))?(?: the(?: next)?)? (?:half an hour"
        r"|half hour|a half hour|(?:a |one )?quarter (?:of an )?hour|three quarters of an hour"
        r"|an hour and a half)\b",
        half,
    ),
    Rule(r"(?:half an hour|an hour and a half)(?='s time| from now| later)", half),
    Rule(r"within the (hour|day|week|fortnight|month)\b", within_unit),
    Rule(r"(?:the )?(?:next|following|first) (?:business|working|work) ?day\b", next_workday),
    Rule(rf"(?:the )?()(){WEEKDAY} after next\b", weekday_after_next),
    Rule(rf"{WEEKDAY} next\b(?! (?:week|month|year|to|door)\b)", weekday_next),
    Rule(
        rf"((?:a week|a fortnight) (?:on |from )?)?(?:(this coming|this|next|coming|following|last|past"
        rf"|previous|black|ash|cyber|palm|maundy)\s)?{WEEKDAY}\.?(\s(?:week|fortnight)\b)?(?!'s (?!{CARRIER})[a-z]"
        rf"|-[a-z])",
        weekday,
    ),
    Rule(r"(?<![\d.,:/$])(?<![a-z]-)(\d{1,2})(?:[:.](\d{2}))?\s?(a\.?m\b\.?|p\.?m\b\.?|o'?clock\b)", clock),
    Rule(
        r"(half past|(?:a )?quarter past|(?:a )?quarter to"
        r"|(?:(?<=\bby )|(?<=\bat )|(?<=before )|(?<=until )|(?<=till )|(?<=around )|(?<=about )|(?<=day )"
        r"|(?<=row ))(?:half"
        r"|(?:five|ten|twenty|twenty-five) (?:past|to)))"
        rf" {HOUR}\b(?! (?:of|dozen|hundred|thousand|percent)\b)",
        spoken_clock,
    ),
    Rule(rf"(?<![\d.,:/$-]){HOUR}(?:[:.](\d{{2}}))?(?: o'?clock)? in the (morning|afternoon|evening)\b", hour_in_part),
    Rule(
        rf"(?:any ?time |some ?time )?(?:from {HOUR} (?:to|till?|until)|{HOUR} (?:till?|until)) {HOUR}"
        rf"(?=[.,;!?)]|\s*$|\s(?:on|today|tomorrow|mon|tue|wed|thu|fri|sat|sun))",
        from_to_hours,
    ),
    Rule(
        rf"(?:any ?time |some ?time )?between {HOUR} and {HOUR}(?=[.,;!?)]|\s*$|\s(?:on|today|tomorrow|mon|tue|wed"
        rf"|thu|fri|sat|sun))",
        between_hours,
    ),
    Rule(rf"(?<![\d.,:/$-]){HOUR}() ?(o'?clock)\b", clock),
    Rule(rf"(?<![\d.,:/$-]){HOUR}()n?-?ish\b", bare_hour),
    Rule(r"(?<=\bat )(\d{1,2})\.([0-5]\d)(?!\d|\.\d|\s?(?:%|per|each|usd|eur|gbp|million|k\b))", bare_hour),
    Rule(r"(?<![\d.,:/$-])(1[0-2]|[1-9])()(?=\s?(?:-|to|~)\s?\d{1,2}(?:[:.]\d{2})?\s?[ap]\.?m\b)", bare_hour),
    Rule(
        r"(?:(?<=\bat |\bby )|(?<=around |before )|(?<=until )|(?<=till )|(?<=later than )|(?<=day about ))"
        r"([1-9]|1[0-2]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)()(?: on the (?:dot"
        r"|nose)\b)?(?=[.,;!?)]?\s*$|[.,;!?]\s"
        r"|\s(?:today|tomorrow|on|mon|tue|wed|thu|fri|sat|sun|sharp|this|at the latest|latest|with"
        r"|and|so|then|instead|local|if|as|please)[a-z]*\b)",
        bare_hour,
    ),
    Rule(
        r"(?:(?<=day )|(?<=row )|(?<=rrow )|(?<=mon |tue |wed |thu |fri )|(?<=tues |weds |thur )"
        r"|(?<=thurs ))[ap]\.?m\b\.?",
        part,
    ),
    Rule(
        r"(?:12 )?(?:noon|midday)(?:-?ish)?\b|mid-day\b|midnight\b|(?<!the )first thing(?: in the morning)?\b"
        r"|(?:the )?(?:start|beginning|opening) of business\b(?=!)|lunch(?:time|-time)?\b"
        r"|(?:tea|dinner|supper|breakfast)[- ]?time\b|elevenses\b"
        r"|(?:in the |the )?(?:early |late |mid[ -]?)?(?:morning|afternoon|evening"
        r"|night)\b",
        part,
    ),
    Rule(
        r"(after |straight after |right after |soon after |just after )?(?:the )?(christmas eve"
        r"|christmas day|christmas|xmas|boxing day|new year's eve|new year's day|new year"
        r"|easter monday|easter|good friday|thanksgiving|halloween)\b(?! (?:greetings"
        r"|wishes|card|party|lunch|present|dinner|break|holiday))",
        feast,
    ),
    Rule(
        r"(?<=[ap]m )(eastern|central|pacific|mountain|uk)\b"
        r"(?! (?:time|standard|daylight|station|office|bank|park|hall))",
        zone,
    ),
    Rule(
        r"\(?((?:us )?(?:pacific|eastern|central|mountain)(?: standard| daylight)? time"
        r"|(?:central european|japan|tokyo|london|uk|berlin|german|paris|new york"
        r"|california|singapore|your|my|our|local)(?: standard)? time|(?:p|e|c|m)[sd]?t"
        r"|gmt|utc|bst|cest|cet|jst|ist|aest|aedt|hkt|sgt|kst)\b\)?",
        zone,
    ),
)
# What the rules can begin with; most words of a sentence are none of these.
FIRST = (
    r"\d|\(|a(?:n?\b|ny\b|\.?m\b|nnua|nytime|pr|ug|fter|llow|sh\b|edt|est)|b(?:lack|efore|eginning|reakfast|etween"
    r"|usiness|iweek|oxing|erlin|st\b)|c(?:lose|oming|ouple|hapter|hristmas|yber|alendar|w ?\d"
    r"|entral|alifornia|\.?o\.?[bp]|[sde]?t\b|est\b)"
    r"|d(?:ec|ay|aily|inner)|e(?:very|ach|arly|nd\b|ight|leven|astern?|vening|\.?o\.?[dbwmqy]"
    r"|[sd]?t\b)|f(?:eb|ri|irst|ive|our|rom\b|ifteen|ifth|orty|ollowing)|g(?:ive|ood"
    r"|erman|mt)"
    r"|h(?:alf|appy|ourly|alloween|kt)|i(?:n\b|nside|tem|st\b)|j(?:an|u[nl]|ust|apan"
    r"|st\b)|k(?:st|w ?\d)|l(?:ast|ate|unch|ocal|ondon)|m(?:on|a[ry]|id|aundy|orning"
    r"|ountain|y\b|[sd]?t\b)"
    r"|n(?:ov|ine|in|ext|eed|oon|ight|ew\b)|o(?:ct|n\b|ne\b|ver|ur\b|pening)|p(?:\.?m\b|age"
    r"|art|ast|revious|acific|aris|alm|[sd]?t\b)|quarter|r(?:atio|ight)"
    r"|s(?:ame|upper|ep|tep|lide|ection|at|un|ix|even|econd|tart|ome|traight|oon|ingapore"
    r"|gt)|t(?:he\b|hat|his|hird|hirt|ue|hu|wo|hree|en|ea|wel|went|oday|om|onight|mr"
    r"|hanks|okyo)"
    r"|u(?:pcoming|tc|k\b|s\b)|v(?:ersion)|w(?:ed|eek|k\b|ithin|c\b|/c)|x(?:mas)|y(?:ear|esterday|our)"
)
