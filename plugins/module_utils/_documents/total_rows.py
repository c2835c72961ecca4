# Copyright (c) 2026 The edgebill.akamai_invoicing contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# SPDX-FileCopyrightText: 2026 The edgebill.akamai_invoicing contributors
"""Rows that are the total of others, by what they say."""

# Private to this collection: it can change in any release.

from __future__ import annotations

import re

from .._money.currencies import CURRENCIES

# A cell of these words alone, with one that stands for a sum, says that its row is a total.
_LABEL_WORDS = frozenset(
    """
    sub grand overall net gross invoice bill charge charges cost costs due payable to pay before after excl excluding
    incl including ex inc with without vat gst tax taxes item items line lines and of the in
    netto brutto inkl exkl zzgl mit ohne mwst ust rechnung der die des zu zahlen kosten
    général générale sous hors ht ttc tva taxe facture à payer de du la le les
    general generale bruto neto iva factura fattura fatura valor parziale sin con senza sem com el del di da do pagar
    generaal btw factuur te betalen van vat faktura zapłaty genel ara kdv dahil hariç moms att betala
    税込 税抜 税別 含税 不含税 金額 金额 포함 별도
    """.split()  # noqa: SIM905
)
_SUM_WORDS = frozenset(
    """
    total totals totale subtotal grandtotal sum amount amounts balance
    gesamt gesamtsumme gesamtbetrag gesamtkosten gesamtpreis summe endsumme zwischensumme teilsumme rechnungssumme
    nettosumme bruttosumme betrag endbetrag nettobetrag bruttobetrag rechnungsbetrag
    totaux montant montants somme totales subtotales suma importe subtotale somma importo totais subtotais soma
    totaal subtotaal eindtotaal som razem toplam totalt summa delsumma saldo
    合計 小計 総計 総合計 合計金額 合计 小计 总计 總計 共计 总额 合计金额 합계 소계 총계 총액 합계금액 итого всего сумма
    """.split()  # noqa: SIM905
)
# Patterns are compiled when they are first used: most documents need few of them.
_LABEL = (
    r"\b(?:(?:sub|grand|sous) ?tot(?:als?|aux)|subtotaal|zwischensumme|delsumma)\b"
    r"|^(?:totals?|totaal|summe) (?:for|of|für|pour|para|per|voor)\b"
)
_MENTION = (
    r"total|totaal|totaux|totais|gesamt|betrag|summ(?:en?|a)\b"
    r"|\b(?:sum|suma|somm[ae]|soma|som|amounts?|balance|montants?|import[eo]|razem|toplam|saldo)\b"
)
# For much text at once: by a letter that is found at once or not there, then a part of the word, then a pattern that
# begins with plain letters, which are found without going step by step.
_MENTIONS: dict[str, dict[str, str]] = {
    "m": {
        "sum": r"sum(?:m?a|men?)?\b", "som": r"som(?:m?a|me)?\b", "amount": r"amounts?\b", "montant": r"montants?\b",
        "import": r"import[eo]\b", "gesamt": "gesamt", "razem": r"razem\b", "toplam": r"toplam\b",
    },
    "t": {"tota": "tota(?:l|al|ux|is)", "betrag": "betrag"},
    "l": {"balance": r"balance\b", "saldo": r"saldo\b"},
}  # fmt: skip
# Parts of words, looked for only where not all is ASCII.
_MENTIONS_BEYOND = (
    *("合計", "小計", "総計", "合计", "小计", "总计", "總計", "共计", "总额", "합계", "소계", "총계", "총액"),
    *("итого", "всего", "сумма"),
)


def is_total_label(text: str) -> bool:
    """Whether a cell says nothing but that its row is a total, as ``Total excl. VAT`` and ``Total for May 2024`` do."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    if re.search(_LABEL, " ".join(words)):
        return True
    others = [word for word in words if word not in _SUM_WORDS]
    return len(others) < len(words) and all(word in _LABEL_WORDS or word.upper() in CURRENCIES for word in others)


def without_sum_words(text: str) -> str:
    """What a subtotal is about, such as ``Main`` of ``Main Total``."""
    return " ".join(word for word in text.split() if word.strip(":-").lower() not in _SUM_WORDS).strip(" :-")


def mentions_total(text: str) -> bool:
    """Whether a cell speaks of a total, be it a label or the name of a product."""
    if not may_mention_total(text):
        return False
    text = text.lower()
    return bool(re.search(_MENTION, text)) or _mentions_beyond(text)


def may_mention_total(text: str) -> bool:
    """Whether much text could speak of a total somewhere; a quick look that misses none."""
    text = text.lower()
    for letter, words in _MENTIONS.items():
        if letter in text and any(word in text and re.search(pattern, text) for word, pattern in words.items()):
            return True
    return not text.isascii() and _mentions_beyond(text)


def _mentions_beyond(text: str) -> bool:
    return any(word in text for word in _MENTIONS_BEYOND)
