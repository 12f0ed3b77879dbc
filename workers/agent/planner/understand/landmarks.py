"""Sights by the words that name them, and the cities of those that everybody names without one."""

import re
import unicodedata

from tools.places import Place, find_places
from workers.agent.planner.understand.words.base import listed

_SHORTEST = 4
_WORD = re.compile(r"[^\W_]+")
_LANDMARKS = (
    ("PAR", "louvre", r"louvre|ルーブル|ルーヴル"),
    ("PAR", "orsay", r"orsay|オルセー"),
    ("PAR", "eiffel", r"eiffel|エッフェル"),
    ("PAR", "pompidou", r"pompidou|ポンピドゥ"),
    ("PAR", "versailles", r"versailles|ベルサイユ|ヴェルサイユ"),
    ("PAR", "notre dame", r"notre[- ]dame|ノートルダム"),
    ("MAD", "prado", r"prado|プラド"),
    ("MAD", "reina sofia", r"reina sof[ií]a|ソフィア王妃"),
    ("MAD", "thyssen", r"thyssen"),
    ("BCN", "sagrada familia", r"sagrada fam[ií]lia|サグラダ"),
    ("BCN", "guell", r"g[üu]ell|グエル公園"),
    ("GRX", "alhambra", r"alhambra|アルハンブラ"),
    ("LON", "british museum", r"british museum|大英博物館"),
    ("LON", "tower of london", r"tower of london|ロンドン塔"),
    ("LON", "tate modern", r"tate modern|テート・?モダン"),
    ("AMS", "rijksmuseum", r"rijksmuseum|アムステルダム国立美術館"),
    ("AMS", "gogh", r"van gogh|ゴッホ美術館"),
    ("AMS", "anne frank", r"anne[- ]frank|アンネ・?フランク"),
    ("ROM", "colosseo", r"colosseum|colosseo|kolosseum|colis[ée]e|coliseo|コロッセ"),
    ("ROM", "borghese", r"borghese|ボルゲーゼ"),
    (
        "ROM",
        "vaticani",
        r"vatican museums?|mus[ée]es du vatican|museos vaticanos|vatikanische\w* museen|バチカン",
    ),
    ("Florence", "uffizi", r"uffizi|uffizien|offices? de florence|ウフィツィ"),
    ("Florence", "accademia", r"accademia"),
    ("BER", "pergamon", r"pergamon\w*|ペルガモン"),
    ("BER", "technikmuseum", r"technikmuseum"),
    ("MUC", "deutsches museum", r"deutsches museum"),
    ("MUC", "pinakothek", r"pinakothek\w*"),
    ("VIE", "schonbrunn", r"sch[öo]nn?brunn|シェーンブルン"),
    ("VIE", "belvedere", r"belvedere|ベルヴェデーレ"),
    ("VIE", "albertina", r"albertina"),
    ("ATH", "acropolis", r"acropolis|akropolis|acropole|acr[óo]polis|アクロポリス"),
    ("LIS", "jeronimos", r"jer[óo]nimos|ジェロニモス"),
    ("LED", "hermitage", r"h?ermitage|eremitage|エルミタージュ"),
    ("IST", "topkapi", r"topkap[iı]|トプカプ"),
    ("NYC", "metropolitan museum", r"metropolitan museum|メトロポリタン美術館"),
    ("NYC", "guggenheim", r"guggenheim|グッゲンハイム"),
)
"""City, the words of its name in the city's own data, and how people write it in our languages."""

_GENERIC = listed(
    "museum musee museo museu musei gallery galerie galleria galeria palace palais palacio palazzo palast park "
    "parc parque parco garden jardin garten giardino city town walk theatre theater teatro market hall viewpoint "
    "national nacional nazionale castle chateau castillo castello schloss church eglise iglesia kirche cathedral "
    "cathedrale catedral dom house haus maison casa open closed tower tour torre turm botanical class "
    "offen geoffnet geschlossen ouvert ferme abierto cerrado"
)


def words_of(text: str) -> tuple[str, ...]:
    """Its words in small letters without accents, in order."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return tuple(_WORD.findall(plain.casefold()))


def landmark(text: str) -> tuple[Place, tuple[str, ...]] | None:
    """The city of the sight that the text names, and the words of its name there."""
    for city, name, pattern in _LANDMARKS:
        if re.search(rf"(?<!\w)(?:{pattern})" if pattern.isascii() else pattern, text, re.IGNORECASE):
            return find_places(city)[0], words_of(name)
    return None


def likeness(name: str, city: str, said: frozenset[str]) -> int:
    """How much of a sight's name was said, in letters of the words that tell it from others; 0 is not at all."""
    words = words_of(name)
    telling = [word for word in words if word not in _GENERIC | {*words_of(city)} and len(word) >= _SHORTEST]
    if not telling:
        return len("".join(words)) if said.issuperset(words) else 0
    return sum(len(word) for word in telling if word in said)
