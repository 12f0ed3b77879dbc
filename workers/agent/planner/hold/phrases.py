"""What is said about holding flights, in each language. `{names}` are filled in by `Voice.fill`."""

from msgspec import Struct

from workers.agent.planner.understand.model import Language


class HoldPhrases(Struct, frozen=True, kw_only=True):
    task: str
    description: str
    status: str
    summary: str
    """What is approved: read before anything is done."""

    pay_by: str
    price_until: str
    price_open: str
    who: str
    how: str
    example: str = "Ms Ada Lovelace, 1985-12-10, ada@example.com, +44 20 7946 0958"
    missing: str
    others: str
    fields: dict[str, str]
    paid_at_once: str
    can_be_held: str
    none_can_be_held: str
    held: str
    rejected: str
    failed: str
    gone: str
    no_plan: str


HOLD_PHRASES: dict[Language, HoldPhrases] = {
    "en": HoldPhrases(
        task="Holding the flights",
        description="Holding seats on the flights of the plan",
        status="Looking at the flights again",
        summary="Hold {route} with {carrier} for {names}, for {total}. Nothing is paid now.",
        pay_by="Pay by {deadline}, or the seats are lost.",
        price_until="The price is certain until {deadline}.",
        price_open="Until then the price may change.",
        who="To hold the seats I need to know who flies ({party}).",
        how=(
            "Write each passenger's title, name as in the passport and date of birth, and once an email address "
            "and a phone number with its country code. For example:"
        ),
        missing="For {name} I still need: {fields}.",
        others="The flights are for other people than these: {party}, of the age on {date}.",
        fields={
            "title": "the title",
            "name": "the name in Latin letters",
            "gender": "female or male, as in the passport",
            "born_on": "the date of birth, as 1985-12-10",
            "email": "an email address",
            "phone_number": "a phone number with its country code",
        },
        paid_at_once="{carriers} wants these flights paid at once, so they cannot be held.",
        can_be_held="The cheapest that can be held: {route} with {carrier} ({numbers}), for {total}.",
        none_can_be_held="None of the other flights found can be held either.",
        held="Held: {route} with {carrier}, for {total}. The booking reference is {reference}.",
        rejected="Not held: {route}.",
        failed="The seats are not known to be held: {reason}",
        gone="I could not look at the flights again, so nothing was held: {reason}",
        no_plan="There is no plan yet whose flights could be held.",
    ),
    "de": HoldPhrases(
        task="Flüge halten",
        description="Plätze auf den Flügen des Plans werden gehalten",
        status="Flüge werden noch einmal angesehen",
        summary="{route} mit {carrier} für {names} halten, für {total}. Bezahlt wird jetzt nichts.",
        pay_by="Zu bezahlen bis {deadline}, sonst verfallen die Plätze.",
        price_until="Der Preis ist bis {deadline} sicher.",
        price_open="Bis dahin kann sich der Preis ändern.",
        who="Um die Plätze zu halten, muss ich wissen, wer fliegt ({party}).",
        how=(
            "Schreib zu jedem Fluggast Anrede, Namen wie im Pass und Geburtsdatum, und einmal eine "
            "E-Mail-Adresse und eine Telefonnummer mit Landesvorwahl. Zum Beispiel:"
        ),
        example="Frau Ada Lovelace, 10.12.1985, ada@example.com, +44 20 7946 0958",
        missing="Zu {name} fehlt noch: {fields}.",
        others="Die Flüge sind für andere Personen: {party}, Alter am {date}.",
        fields={
            "title": "die Anrede",
            "name": "der Name in lateinischen Buchstaben",
            "gender": "weiblich oder männlich, wie im Pass",
            "born_on": "das Geburtsdatum, etwa 10.12.1985",
            "email": "eine E-Mail-Adresse",
            "phone_number": "eine Telefonnummer mit Landesvorwahl",
        },
        paid_at_once="{carriers} verlangt für diese Flüge sofortige Bezahlung; halten lassen sie sich nicht.",
        can_be_held="Am günstigsten halten lässt sich {route} mit {carrier} ({numbers}), für {total}.",
        none_can_be_held="Auch von den anderen Flügen lässt sich keiner halten.",
        held="Gehalten: {route} mit {carrier}, für {total}. Die Buchungsnummer ist {reference}.",
        rejected="Nicht gehalten: {route}.",
        failed="Ob die Plätze gehalten sind, steht nicht fest oder sie sind es nicht: {reason}",
        gone="Die Flüge ließen sich nicht noch einmal ansehen, gehalten wurde nichts: {reason}",
        no_plan="Es gibt noch keinen Plan, dessen Flüge sich halten ließen.",
    ),
    "fr": HoldPhrases(
        task="Retenir les vols",
        description="Retenir des places sur les vols du plan",
        status="Je regarde à nouveau les vols",
        summary="Retenir {route} avec {carrier} pour {names}, pour {total}. Rien n'est payé maintenant.",
        pay_by="À payer avant le {deadline}, sinon les places sont perdues.",
        price_until="Le prix est garanti jusqu'au {deadline}.",
        price_open="D'ici là, le prix peut changer.",
        who="Pour retenir les places, je dois savoir qui voyage ({party}).",
        how=(
            "Écrivez pour chaque passager la civilité, le nom comme sur le passeport et la date de naissance, "
            "et une fois une adresse e-mail et un numéro de téléphone avec l'indicatif du pays. Par exemple :"
        ),
        example="Mme Ada Lovelace, 10/12/1985, ada@example.com, +44 20 7946 0958",
        missing="Pour {name}, il manque : {fields}.",
        others="Les vols sont pour d'autres personnes : {party}, âge au {date}.",
        fields={
            "title": "la civilité",
            "name": "le nom en lettres latines",
            "gender": "femme ou homme, comme sur le passeport",
            "born_on": "la date de naissance, comme 10/12/1985",
            "email": "une adresse e-mail",
            "phone_number": "un numéro de téléphone avec l'indicatif du pays",
        },
        paid_at_once="{carriers} veut être payé tout de suite : ces vols ne peuvent pas être retenus.",
        can_be_held="Le moins cher que l’on puisse retenir : {route} avec {carrier} ({numbers}), pour {total}.",
        none_can_be_held="Aucun des autres vols ne peut être retenu non plus.",
        held="Places retenues : {route} avec {carrier}, pour {total}. La référence est {reference}.",
        rejected="Rien n'a été retenu : {route}.",
        failed="Il n'est pas sûr que les places soient retenues : {reason}",
        gone="Je n'ai pas pu revoir les vols, rien n'a été retenu : {reason}",
        no_plan="Il n'y a pas encore de plan dont les vols pourraient être retenus.",
    ),
    "es": HoldPhrases(
        task="Reservar los vuelos",
        description="Se reservan plazas en los vuelos del plan",
        status="Mirando otra vez los vuelos",
        summary="Reservar {route} con {carrier} para {names}, por {total}. Ahora no se paga nada.",
        pay_by="Hay que pagar antes del {deadline}, o se pierden las plazas.",
        price_until="El precio es seguro hasta el {deadline}.",
        price_open="Hasta entonces el precio puede cambiar.",
        who="Para reservar las plazas necesito saber quién viaja ({party}).",
        how=(
            "Escribe de cada pasajero el tratamiento, el nombre como en el pasaporte y la fecha de nacimiento, "
            "y una vez un correo electrónico y un teléfono con el prefijo del país. Por ejemplo:"
        ),
        example="Sra. Ada Lovelace, 10/12/1985, ada@example.com, +44 20 7946 0958",
        missing="De {name} falta: {fields}.",
        others="Los vuelos son para otras personas: {party}, edad el {date}.",
        fields={
            "title": "el tratamiento",
            "name": "el nombre en letras latinas",
            "gender": "mujer u hombre, como en el pasaporte",
            "born_on": "la fecha de nacimiento, como 10/12/1985",
            "email": "un correo electrónico",
            "phone_number": "un teléfono con el prefijo del país",
        },
        paid_at_once="{carriers} quiere el pago inmediato: estos vuelos no se pueden reservar sin pagar.",
        can_be_held="Lo más barato que se puede reservar sin pagar: {route} con {carrier} ({numbers}), por {total}.",
        none_can_be_held="Tampoco se puede reservar sin pagar ninguno de los otros vuelos.",
        held="Reservado: {route} con {carrier}, por {total}. La referencia es {reference}.",
        rejected="No se ha reservado: {route}.",
        failed="No es seguro que las plazas estén reservadas: {reason}",
        gone="No he podido mirar otra vez los vuelos, no se ha reservado nada: {reason}",
        no_plan="Todavía no hay un plan cuyos vuelos se puedan reservar.",
    ),
    "ja": HoldPhrases(
        task="フライトの仮予約",
        description="プランのフライトの座席を確保します",
        status="フライトをもう一度確認しています",
        summary="{route}（{carrier}）を{names}の名前で{total}で仮予約します。今は支払いはありません。",
        pay_by="支払期限は{deadline}で、過ぎると座席は失われます。",
        price_until="料金は{deadline}まで保証されます。",
        price_open="それまでに料金が変わることがあります。",
        who="座席を確保するには、どなたが乗るか（{party}）を教えてください。",
        how=(
            "搭乗者ごとに敬称（Mr、Ms など）、パスポートどおりのローマ字の名前、生年月日を、"
            "そしてメールアドレスと国番号つきの電話番号を一つ書いてください。例："
        ),
        missing="{name}について足りないもの：{fields}。",
        others="このフライトは別の方々のものです：{party}（{date}の年齢）。",
        fields={
            "title": "敬称",
            "name": "ローマ字の名前",
            "gender": "パスポートどおりの性別（女性か男性）",
            "born_on": "生年月日（例：1985-12-10）",
            "email": "メールアドレス",
            "phone_number": "国番号つきの電話番号",
        },
        paid_at_once="{carriers}はこのフライトの即時払いを求めているため、仮予約できません。",
        can_be_held="仮予約できる最安の便は{route}、{carrier}（{numbers}）、{total}です。",
        none_can_be_held="ほかの便も仮予約できません。",
        held="仮予約しました：{route}（{carrier}）、{total}。予約番号は{reference}です。",
        rejected="仮予約しませんでした：{route}。",
        failed="座席が確保されたかどうかは確かではありません：{reason}",
        gone="フライトをもう一度確認できなかったため、何も予約していません：{reason}",
        no_plan="仮予約できるフライトのあるプランはまだありません。",
    ),
}
