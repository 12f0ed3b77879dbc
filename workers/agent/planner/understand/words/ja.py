"""Japanese."""

from workers.agent.planner.understand.words.base import (
    Amounts,
    Asks,
    Holiday,
    Part,
    People,
    Roles,
    Season,
    Shapes,
    Words,
    listed,
)
from workers.agent.planner.understand.words.wanted.ja import CHANGES, TOPICS, WANTED

_WEEKDAYS = {
    "月曜日": 0, "火曜日": 1, "水曜日": 2, "木曜日": 3, "金曜日": 4, "土曜日": 5, "日曜日": 6,
    "月曜": 0, "火曜": 1, "水曜": 2, "木曜": 3, "金曜": 4, "土曜": 5, "日曜": 6,
}  # fmt: skip
_NUMBERS = {
    "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_ORDINALS = {
    "第1": 1, "第2": 2, "第3": 3, "第4": 4, "第一": 1, "第二": 2, "第三": 3, "第四": 4, "最終": -1,
    "最後の": -1,
}  # fmt: skip
_PARTS: dict[str, Part] = {
    "上旬": "early", "初旬": "early", "初め": "early", "はじめ": "early", "前半": "first_half",
    "の初め": "early", "中旬": "mid", "半ば": "mid", "下旬": "late", "末": "late", "後半": "second_half",
    "の終わり": "late",
}  # fmt: skip
_SEASONS: dict[str, Season] = {
    "春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter",
}  # fmt: skip
_HOLIDAYS: dict[str, Holiday] = {
    "バレンタイン": "valentine",
    "クリスマス": "christmas", "年末年始": "new_year", "お正月": "new_year", "正月": "new_year",
    "イースター": "easter", "ゴールデンウィーク": "golden_week", "gw": "golden_week", "お盆": "obon",
    "桜の季節": "cherry_blossom", "桜の時期": "cherry_blossom", "お花見": "cherry_blossom", "花見": "cherry_blossom",
    "オクトーバーフェスト": "oktoberfest", "カーニバル": "carnival",
    "ハロウィン": "halloween",
    "シルバーウィーク": "silver_week",
}  # fmt: skip

_MOVED = "後(?:に(?:して|ずら|変更|延期)|ろ?へ)"
"""So much later than it was, and not from today."""

JA = Words(
    language="ja",
    spaced=False,
    telling=listed(""),
    months={f"{number}月": number for number in range(1, 13)},
    weekdays=_WEEKDAYS,
    numbers=_NUMBERS,
    ordinals=_ORDINALS,
    parts=_PARTS,
    seasons=_SEASONS,
    holidays=_HOLIDAYS,
    shapes=Shapes(
        day=r"\d{1,2}日?",
        year="",
        to=r"(?: ?(?:から|〜|~|-|–|ー) ?)",
    ),
    dates=(
        ("range", r"(?:(?P<y>\d{4})年)?{m}{d}{to}(?:\d{4}年)?(?:{m2})?{d2}(?:まで)?(?!間|泊)"),
        ("part", r"(?:(?P<y>\d{4})年|(?P<next_year>来年)の?)?{m}の?{p}"),
        ("week_of", r"(?:(?P<y>\d{4})年|(?P<next_year>来年)の?)?{m}の?{o}週(?!末)"),
        ("weekend_of", r"(?:(?P<y>\d{4})年)?{m}の?{o}の?週末"),
        ("around", r"(?:(?P<y>\d{4})年)?{m}{d}(?:頃|ごろ)"),
        ("after", r"(?:(?P<y>\d{4})年)?{m}{d}(?:以降|の後)"),
        ("day", r"(?:(?P<y>\d{4})年|(?P<next_year>来年)の?)?{m}(?P<d>\d{1,2})日(?!間)"),
        ("after_tomorrow", r"明後日|あさって"),
        ("tomorrow", r"明日"),
        ("today", r"今日|今夜"),
        ("yesterday", r"昨日|先週|先月|去年"),
        ("next_weekend", r"来週末"),
        ("this_weekend", r"今週末"),
        ("next_week", r"来週"),
        ("next_month", r"来月"),
        ("weekdays", r"{w}{to}{w2}"),
        ("weekday", r"(?:次の|今度の)?{w}"),
        ("month", r"(?:(?P<y>\d{4})年|(?P<next_year>来年)の?)?{m}"),
        ("week_before", r"{h}の?(?:前の週|前週)"),
        ("week_after", r"{h}(?:(?:の?次の|の?翌|後の|明けの)週|明け)"),
        ("weekend_before", r"{h}の?前の週末"),
        ("weekend_after", r"{h}の?(?:次の|後の)週末"),
        ("holiday", r"{h}"),
        ("season", r"(?:(?P<next_year>来年)の?)?(?:今年の)?{s}(?=に|の|、|休)"),
        ("in_days", rf"{{n}}日(?!{_MOVED})後"),
        ("in_weeks", rf"{{n}}週間(?!{_MOVED})後"),
        ("in_months", r"{n}(?:か|ヶ|カ)月後"),
    ),
    lengths=(
        ("day_trip", "日帰り"),
        ("nights_each", r"各(?:都市|地|所)?{n}泊(?:ずつ)?|{n2}泊ずつ"),
        ("days_nights", r"(?P<nights_first>\d{1,2})泊{n}日"),
        ("nights", r"{n}泊"),
        ("days", rf"{{n}}日間?(?:(?={_MOVED})|(?!後))"),
        ("weeks", rf"{{n}}週間(?:(?={_MOVED})|(?!後))"),
        ("month_long", r"{n}(?:か|ヶ|カ)月間?"),
        ("weekend", r"週末"),
    ),
    people=People(
        adults=(
            r"(?:大人|成人){n}(?:人|名)?",
            r"{n}(?:人|名)(?:で|分|の|、|、|旅行)?",
        ),
        children=(r"(?:子供|子ども|こども|小児|小学生|中学生|高校生|園児)(?:{n}(?:人|名)?(?![歳才]))?",),
        infants=(r"(?:赤ちゃん|幼児|乳児)(?:{n}(?:人|名))?",),
        ages=(r"[((]?(?P<ages>\d{1,2}(?:歳)?(?:[、,と・]\d{1,2}(?:歳)?)*)歳(?:の)?[))]?",),
        together=(
            ("others", "(?:友人|友達|友だち|同僚){n}(?:人|名)と"),
            ("family", r"{n}人家族|家族{n2}人"),
            ("couples", r"{n}組の?(?:夫婦|カップル)|(?:夫婦|カップル){n2}組"),
            ("one", r"一人旅|ひとり旅|一人で|ひとりで"),
            (
                "two",
                r"新婚旅行|ハネムーン|夫婦(?:で)?|カップル(?:で)?|二人(?:で)?|ふたり(?:で)?|妻と|夫と|彼女と|彼氏と",
            ),
            ("companion", "(?:妻|夫|母|父|彼女|彼氏)(?=[(がは、])"),
        ),
        months=(
            r"(?:生後)?(?P<ages>\d{1,2})(?:か|ヶ|カ|ケ|箇)月(?:の(?=赤|子|息|娘|乳)|児)",
            r"[((]生後?(?P<ages>\d{1,2})(?:か|ヶ|カ|ケ)月[))]",
        ),
        relatives={
            "adult": "友人|友達|同僚|お?母さん|お?父さん|祖母|祖父|姉|妹|兄|弟|母|父|妻|夫|彼女|彼氏",
            "adults": "両親|祖父母",
            "child": "息子|娘|子供|子ども|孫|甥|姪",
            "infant": "赤ちゃん",
        },
        aged=r"(?:[((](?P<age>\d{1,3})(?:歳|才)?[))])?",
        among="うち|含む|含めて",
    ),
    amounts=Amounts(
        hard="以内|以下|未満|まで|上限|最大|を超えない",
        soft="約|およそ|くらい|ぐらい|前後|程度|できれば",
        budget="予算は?|費用は?|の予算",
        each="(?:一人|1人|ひとり)(?:あたり|当たり|につき|、)?|/人",
        in_total="合計|総額|全部で|全員で|トータルで?",
    ),
    roles=Roles(
        origin_before="",
        target_before="",
        back_from="",
        back_after="から(?:帰|戻|出国|発つ)|発で?(?:帰|戻)",
        either=r"か|または|もしくは|あるいは",
        link="から|→|発",
        home_after="(?:へ|に|まで)(?:帰|戻)",
        origin_after="から(?!入)|発|出発|より",
        target_after="へ|から入|に|まで|行き|行|で|を|の|旅行|と",
    ),
    asks=Asks(
        weather="天気|気温|気候|雨|雪|暑い|寒い|服装|何を着",
        trip="旅行|旅|フライト|航空券|飛行機|行きたい|計画|プラン",
        exchange="いくら|両替|為替|換算|レート",
        told=r"[^、。]*(?:行きました|行った(?:ので|けど|から|ことがある))[^、。]*",
        beyond="ビザ|査証|パスポート|ワクチン|保険|治安|首都",
        open_place="どこか|おすすめの場所|どこがいい|どこに行",
        return_cue="帰り|戻り|帰国",
        cheaper="もっと安く|安くして|安く|より安い|高すぎ|節約",
        longer=r"長く|延ばして|延長",
        shorter=r"短く|短縮",
        more=r"増やして|追加|もう",
        less=r"減らして",
        later="遅く|遅らせ|後に|後ろ|後へ|ずらして",
        earlier="早く|早め|前に|前倒し",
        change="代わりに|ではなく|じゃなくて|変更|変えて|やっぱり|にして",
        first_choice="一つ目|1番目|最初|1",
        second_choice="二つ目|2番目|2",
    ),
    wanted=WANTED,
    changes=CHANGES,
    topics=TOPICS,
)
