package clock

import (
	"wolfdiag/analyze/logline/lex"
)

// Month reads a month as %b of strftime prints it in a dozen languages,
// 0 when it is none that is known. Where languages disagree about a short form
// (Polish and Croatian "lip"), the one with more speakers wins.
func Month(b []byte) int64 {
	var low [24]byte
	n := 0
	for i := 0; i < len(b); i++ {
		if n == len(low) {
			return 0
		}
		c := b[i]
		switch {
		case c == '.':
			continue
		case c >= 'A' && c <= 'Z':
			c |= 0x20
		case c == 0xd0 && i+1 < len(b) && b[i+1] >= 0x90 && b[i+1] <= 0x9f: // А–П
			low[n], low[min(n+1, len(low)-1)] = c, b[i+1]+0x20
			n, i = min(n+2, len(low)), i+1
			continue
		case c == 0xd0 && i+1 < len(b) && b[i+1] >= 0xa0 && b[i+1] <= 0xaf: // Р–Я
			low[n], low[min(n+1, len(low)-1)] = 0xd1, b[i+1]-0x20
			n, i = min(n+2, len(low)), i+1
			continue
		}
		low[n] = c
		n++
	}
	if d := lex.DigitRun(low[:n]); d > 0 { // 10月, 10월
		if s := string(low[d:n]); s == "月" || s == "월" {
			if m := lex.Number(low[:d]); m >= 1 && m <= 12 {
				return m
			}
		}
		return 0
	}
	return monthName(low[:n])
}

func monthName(b []byte) int64 {
	switch string(b) {
	case "jan", "janv", "ene", "gen", "sty", "tammi", "янв", "led", "oca", "ian", "січ", "一月":
		return 1
	case "feb", "févr", "fév", "fev", "lut", "helmi", "фев", "úno", "şub", "febr", "лют", "二月":
		return 2
	case "mar", "mär", "mrz", "märz", "mars", "mrt", "maalis", "мар", "bře", "márc", "бер", "三月":
		return 3
	case "apr", "avril", "avr", "abr", "kwi", "huhti", "апр", "dub", "nis", "ápr", "кві", "四月":
		return 4
	case "may", "mai", "mag", "mei", "maj", "touko", "май", "мая", "kvě", "máj", "тра", "五月":
		return 5
	case "jun", "juin", "giu", "cze", "kesä", "июн", "čen", "haz", "jún", "iun", "juni", "чер", "六月":
		return 6
	case "jul", "juil", "lug", "lip", "heinä", "июл", "čec", "tem", "júl", "iul", "juli", "七月":
		return 7
	case "aug", "août", "ago", "sie", "elo", "авг", "srp", "ağu", "сер", "八月":
		return 8
	case "sep", "sept", "set", "wrz", "syys", "сен", "zář", "eyl", "szept", "вер", "九月":
		return 9
	case "oct", "okt", "ott", "out", "paź", "loka", "окт", "říj", "eki", "жов", "十月":
		return 10
	case "nov", "lis", "marras", "ноя", "kas", "лис", "十一月":
		return 11
	case "dec", "dez", "déc", "dic", "gru", "joulu", "дек", "pro", "ara", "des", "гру", "十二月":
		return 12
	}
	return 0
}
