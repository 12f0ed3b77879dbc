"""Japanese."""

from workers.agent.planner.understand.model import NoteCode, QuestionCode

NOTES: dict[NoteCode, str] = {
    "assumed_cities": "都市はこちらで選びました: {places}。",
    "assumed_stop_nights": "滞在期間の指定がないため、{nights}としました。",
    "chosen_place": "行き先の指定がないため、{places}の中から{name}を選びました。",
    "length_over_dates": (
        "{nights}と{depart}から{back}の両方の指定があるため、その期間内の{nights}で探しました。"
    ),
    "accessible_unknown": (
        "すべてが段差なしかどうかは分かりません。情報のない見どころには印を付けました。"
        "車椅子は事前に航空会社へお知らせください。"
    ),
    "meals_unpriced": "食事の料金は分からず、費用に含まれていません。",
    "meals_missing": "{places}では、その種類のレストランが見つかりませんでした。",
    "ways_estimated": "列車、バス、フェリー、車の時間と料金は、時刻表ではなく距離からの目安です。",
    "stays_missing_by_land": "部屋が見つかりませんでした。宿泊、食事、現地の移動は費用に含みません。",
    "assumed_adults": "人数の指定がないため、{adults}としました。",
    "assumed_child_ages": "子供の年齢の指定がないため、{age}歳としました。",
    "assumed_length": "期間の指定がないため、{nights}としました。",
    "assumed_total_budget": "予算は全員分の合計です。",
    "assumed_currency": "金額は{currency}です。",
    "assumed_place": "{place}のことと考えました。",
    "assumed_islands": "島はこちらで選びました：{places}。",
    "assumed_origin": "出発地は前と同じ{place}です。",
    "assumed_date_order": "5/3のような日付は月が先です。",
    "assumed_split": "場所ごとの泊数の指定がないため、均等に分けました。",
    "assumed_shorter": "期間に幅があるため、短い方の{nights}としました。",
    "assumed_room": "期間に収まらないため、帰りは後の日でもよいものとしました。",
    "dates_over_length": "日付と期間が合わないため、日付の{depart}から{back}に従いました。",
    "season_north": "季節は北半球のものです。",
    "kept_before": "ほかは前と同じです。",
    "days_around": "日程は前後3日まで動かせるものとしました。",
    "quote_ignored": "引用された文には従わず、ご自身の言葉だけを読みました。",
    "cut_off": "とても長い文のため、初めの部分だけを読みました。",
    "wish_unchecked": "確認できなかったもの: {wishes}。",
    "party_split": (
        "航空会社が1件の予約で販売するのは9席までです。同じ便に{bookings}に分けて乗ります。1件を予約"
        "している間、ほかの席は確保されません。"
    ),
    "stays_missing": "宿泊は含まれていません。費用は航空券のみで、食費と現地の交通費も含みません。",
    "food_missing": "食費と現地の交通費は含まれていません。",
    "sights_failed": "見どころを取得できませんでした。",
    "far_ahead": "航空券の販売は約11か月前からのため、まだ少ないかもしれません。",
    "budget_soft_over": "お考えより{over}高くなっています。",
    "nights_differ": "便の時刻により、現地では{nights}になります。",
    "searches_failed": "失敗: {searches}。ほかにも良い便があるかもしれません。",
    "weather_failed": "天気が得られませんでした。",
    "rail_better": (
        "飛行機ではなく列車にしました。合計{total}、"
        "片道はドア・ツー・ドアで約{rail}です(最良の便では{flown}、約{air})。"
    ),
    "rail_alone": "列車にしました。ご希望に合う便はありませんが、列車なら可能です。",
    "chosen_of": "{places}のうち{name}にしました。ほかがよければお知らせください。",
    "trip_left": "旅行のほうで次の項目が変更されていたため、そのままにしました：{fields}。",
    "trip_deleted": "このプランの旅行は削除されているため、今回の変更は保存されていません。",
    "trip_closed": "このプランの旅行にはもう書き込めないため、今回の変更は保存されていません。",
    "trip_refused": "このプランは保存できる旅行に収まりません。",
}
QUESTIONS: dict[QuestionCode, str] = {
    "nonstop_with_stop": "直行便と{name}での乗り継ぎの両方の指定があります。どちらにしますか。",
    "origin_missing": "どこから出発しますか。",
    "destination_missing": "どこへ行きたいですか。",
    "destination_open": "{country}のどこへ行きたいですか。",
    "dates_missing": "いつ出発し、どのくらいの期間ですか。",
    "place_ambiguous": "どの{name}ですか。",
    "place_unknown": "「{written}」という場所を知りません。どこへ行きたいですか。",
    "date_invalid": "「{written}」という日はありません。どの日ですか。",
    "return_before_departure": "帰り({back})が出発({depart})より前です。どの日ですか。",
    "length_does_not_fit": "{first}から{last}の間に{nights}は収まりません。どれを変えますか。",
    "nights_do_not_add_up": (
        "全部で{nights}、挙げられた場所の合計は{named}泊です。残りはどこで過ごしますか。それとも期間を変えますか。"
    ),
    "too_short_for_stops": "{places}には{nights}では足りません。どこを減らすか、期間を延ばしますか。",
    "same_place": "出発地と目的地がどちらも{place}です。どこへ行きたいですか。",
    "party_too_large": "一度に計画できるのは{most}人までで、{people}です。どなたが一緒に旅行されますか。",
    "adults_too_few": "{people}は{bookings}に分かれ、それぞれに大人が必要です。どなたが旅行されますか。",
    "infants_over_adults": "幼児一人につき大人一人が必要です。どなたが行きますか。",
    "adult_missing": "子供だけでは予約できません。どなたが同行しますか。",
    "weather_place_missing": "どこの天気ですか。",
}
