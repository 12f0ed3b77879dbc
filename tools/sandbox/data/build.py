"""Makes `airports.tsv` again: `python build.py optd_por_public.csv` (from the PyPI package `neobase`).

OpenTravelData (CC BY 4.0) says which airports have airline flights, how central they are (page rank) and to
which city's code they belong.
"""

import csv
import math
import sys
from pathlib import Path

import airportsdata

SERVED = 0.004
TOP_RANK = 0.76
NOT_SERVED = {"OXF", "OXC", "UOX", "OXD", "LBG", "RHV", "SXF", "TXL", "BML", "VNY", "THF"}
# Opened after the list was made; holiday airports that the list puts too low; and one that only flies inland.
RANKS = {
    "GOX": 0.25, "SAI": 0.25, "JTR": 0.26, "JMK": 0.24, "RHO": 0.28, "HER": 0.3, "CFU": 0.26, "KGS": 0.24,
    "ZTH": 0.22, "CHQ": 0.22, "IBZ": 0.28, "MAH": 0.22, "ACE": 0.28, "FUE": 0.26, "LPA": 0.32, "TFS": 0.34,
    "FAO": 0.29, "DBV": 0.25, "SPU": 0.25, "OLB": 0.22, "CAG": 0.24, "CTA": 0.29, "PMO": 0.26, "NAP": 0.32,
    "AYT": 0.42, "HRG": 0.3, "SSH": 0.3, "DPS": 0.42, "MLE": 0.36, "HKT": 0.39, "USM": 0.22, "KBV": 0.25,
    "CUN": 0.44, "PUJ": 0.37, "SJO": 0.36, "LIR": 0.22, "MRU": 0.34, "SEZ": 0.32, "ZNZ": 0.27, "FNC": 0.28,
    "PDL": 0.22, "KEF": 0.38, "TOS": 0.23, "RVN": 0.24, "KTT": 0.19, "PFO": 0.24, "LCA": 0.3, "MLA": 0.3,
    "RAK": 0.29, "AGA": 0.22, "DJE": 0.19, "BOD": 0.26, "SVQ": 0.27, "GRX": 0.18, "BIO": 0.24, "RKV": 0.08,
    "HNL": 0.45, "OGG": 0.33, "KOA": 0.26, "LIH": 0.25, "NAN": 0.3, "PPT": 0.3, "CUZ": 0.25, "CTG": 0.26,
    "BOB": 0.16, "SJD": 0.27, "PVR": 0.27, "MBJ": 0.28, "AUA": 0.27, "BGI": 0.28, "NAS": 0.28, "HAV": 0.3,
    "CHC": 0.4, "ZQN": 0.25, "CNS": 0.3, "OKA": 0.4, "CTS": 0.48, "DAD": 0.32, "PQC": 0.25, "REP": 0.25,
}  # fmt: skip


def main(optd: Path) -> None:
    csv.field_size_limit(10**7)
    real = airportsdata.load("IATA")
    rows: dict[str, tuple[str, float]] = {}
    with optd.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="^", quoting=csv.QUOTE_NONE):
            code, rank = row["iata_code"], float(row["page_rank"] or 0)
            is_airport = row["location_type"] in ("A", "CA") and not row["date_until"]
            if is_airport and rank >= SERVED and code in real and code not in NOT_SERVED:
                city = row["city_code_list"].split("=")[0].split(",")[0] or code
                rows[code] = (city, min(math.sqrt(rank / TOP_RANK), 1.0))
    for code, rank in RANKS.items():
        if code in real:
            city = rows[code][0] if code in rows else {"GOX": "GOI", "SAI": "REP"}[code]
            rows[code] = (city, rank)
    lines = (f"{code}\t{city}\t{rank:.3f}\n" for code, (city, rank) in sorted(rows.items()))
    (Path(__file__).parent / "airports.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
