package logline

import (
	"strings"
	"sync"
)

// wordClass is what a word does in a complaint.
type wordClass uint8

const (
	wordOther     wordClass = iota
	wordFails               // something went wrong
	wordFatal               // so badly that the program ended
	wordTrouble             // names trouble: error, failure; "no errors" is none
	wordNo                  // "no … found"
	wordNot                 // "is not found", "does not exist"
	wordAbsent              // complaint after no and not
	wordPermits             // complaint after not
	wordLimit               // "limit … reached"
	wordReached             //
	wordExit                // "exited with code 1"
	wordNumber              //
	wordAvoid               // "without errors", "avoid failures"
	wordHandles             // "on error", "log errors": trouble after it need not have happened
	wordGlad                // what nobody misses: "no updates found"
	wordTimeout             // "connection timeout", and not "timeout: 30 s"
	wordOut                 // "out of memory"
	wordAlready             // "already in use"
	wordHead                // means something together with the next one, see pair
	wordCondition           // "if … fails"
)

// vocabulary lists the words by class. They are in lower case but for letters
// beyond ASCII, which stand here both ways where a sentence may start with them.
var vocabulary = [...]struct {
	class wordClass
	words string
}{
	{wordFails, `
		failed fails failing cannot can't couldn't unable denied refused rejected aborted aborting crashed crashing killed died
		unreachable unavailable unsupported unrecognized unrecognised invalid illegal corrupt corrupted missing undefined
		unresolved nonexistent non-existent mismatch mismatched deadlock exceeded exhausted unexpected unexpectedly inaccessible
		forbidden unauthorized stuck stalled hung broken broke incompatible misconfigured insufficient lost underrun overrun
		overflow abnormal abnormally unsuccessful wrong expired disappeared vanished bad malformed erroneous ambiguous
		out-of-memory oom incorrect inconsistent stale unwritable unreadable unusable panicked xrun eacces eperm enoent enospc
		enomem emfile enfile eaddrinuse econnrefused erofs enodev enxio etimedout ebusy epipe econnreset ehostunreach enetunreach
		einval eio enosys eexist enotdir`},
	{wordFatal, `
		fatal segfault traceback sigsegv sigabrt sigbus sigill sigfpe`},
	{wordTrouble, `
		error errors failure failures exception exceptions crash crashes problem problems trouble`},
	{wordNo, `
		no none zero`},
	{wordNot, `
		not isn't aren't wasn't doesn't didn't don't won't hasn't haven't`},
	{wordAbsent, `
		found available left remaining exists exist usable suitable detected matching capable`},
	{wordPermits, `
		permitted allowed supported able enough accessible recognized recognised valid installed reachable responding respond
		owned writable writeable readable executable implemented connected open connect load create start read write access
		initialize initialise allocate mount resolve parse find acquire authorized loaded opened created started initialized
		mounted resolved accept accepted complete succeed successful understood compatible known get exec execute bind map`},
	{wordLimit, `
		limit maximum max quota`},
	{wordReached, `
		reached hit`},
	{wordExit, `
		exit exited exits terminated returned`},
	{wordAvoid, `
		without avoid avoids prevent prevents preventing any ignore ignores ignoring ignored suppress suppressing never`},
	{wordHandles, `
		on handle handles previous per for log stop of as last clear reset enable enabled custom show print report catch`},
	{wordCondition, `
		if whether unless until may might when whenever`},
	{wordGlad, `
		issues issue updates update changes warnings upgrades conflicts duplicates vulnerabilities differences leaks`},
	{wordTimeout, `
		timeout time-out`},
	{wordOut, `
		out`},
	{wordAlready, `
		already`},
	{wordHead, `
		could can did in code status connection operation request handshake gateway socket response timed gave giving too blocked unknown resource file is -only core segmentation protection page unhandled
		nie nem tubería ei non ne zu trop te för túl za çok`},
	// What the C library, coreutils, shells and GStreamer say in other languages.
	{wordFails, `
		fehlgeschlagen abgebrochen verweigert abgelehnt abgelaufen unterbrochen ungültig ungültige ungültiger ungültiges
		fehlerhaft fehlerhafte gescheitert schlug scheiterte nicht kein keine keinen getötet belegt überschritten zurückgesetzt
		speicherzugriffsfehler unbekannt unbekannte unbekannter unbekanntes unmöglich nirgends existiert`}, // de
	{wordFails, `
		échec Échec échoué impossible introuvable introuvables refusé refusée refusés interdit invalide brisé abandon inconnu
		inconnue inaccessible accordée permise panne occupé débordement inexistant aucun aucune n'existe n’existe n'est n’est n'a
		n’a n'accepte n’accepte n'ont expiration`}, // fr
	{wordFails, `
		falló fallado fallaron denegado denegada rehusada rechazada rechazado inválido inválida inválidos erróneo errónea abortado
		incorrecto imposible demasiados demasiadas excedido desconocido desconocida agotado agotada expiró caducado ningún ninguno
		ninguna violación ocupado pudo puede`}, // es
	{wordFails, `
		impossibile negato negata rifiutata rifiutato fallito fallita esaurito esistente interrotta interrotto annullato ucciso
		troppi troppe scaduta scaduto sconosciuto sconosciuta errato errata occupata superata nessun nessuno nessuna riuscito
		riuscita insufficiente consentita consentito`}, // it
	{wordFails, `
		falhou falharam negada negado recusada recusado impossível Impossível inexistente inexistentes quebrado quebrada excedida
		indisponível desconhecido desconhecida expirada esgotado morto muitos nenhum nenhuma inacessível inesperado inesperada
		incorreto incorreta não Não`}, // pt
	{wordFails, `
		mislukt geweigerd ongeldig ongeldige onbekend onbekende onmogelijk afgebroken gebroken verlopen overschreden onvoldoende
		onbereikbaar onbeschikbaar niet geen geëlimineerd weggevallen segmentatiefout ontbreekt ontbrekende onverwachte onverwacht`}, // nl
	{wordFails, `
		odmowa brak odrzucone odrzucono nieprawidłowy nieprawidłowa nieprawidłowe błędny błędna błędne niepowodzenie niemożliwe
		niedozwolona niedozwolone niedostępne niedostępna nieznany nieznana nieznane przerwane przerwano przekroczono przekroczony
		zajęte unicestwiony odmówiono zły zła`}, // pl
	{wordFails, `
		nelze selhal selhala selhalo selhání nenalezen nenalezena nenalezeno neexistuje odmítnuto odmítnuta zamítnuta zamítnuto
		neplatný neplatná neplatné chybný chybná chybné překročen překročena neznámý neznámá neznámé nepřípustný přerušena zabit
		není nepodařilo nemůže nemohu nepovolený nepodporováno`}, // cs
	{wordFails, `
		misslyckades nekas nekad ogiltig ogiltigt ogiltiga avbruten avbröts förvägrad dödad inte upptagen okänd okänt överskriden
		felaktig felaktigt otillåten otillgänglig saknas mislykkedes nægtet nægtes nektet nektes ugyldig ugyldigt ugyldige afbrudt
		avbrutt dræbt drept ukendt ukjent ikke ingen overskredet overskred optaget opptatt ulovlig utilgængelig utilgjengelig
		mangler feilet fejlede`}, // sv, da, nb
	{wordFails, `
		epäonnistui epäonnistunut evätty torjuttu virheellinen katkennut keskeytetty tapettu tuntematon puuttuu löydy löytynyt
		aikakatkaistu ylittynyt voida voitu liian`}, // fi
	{wordFails, `
		sikertelen megtagadva elutasítva érvénytelen Érvénytelen hibás félbeszakítva ismeretlen időtúllépés Időtúllépés nincs
		elérhetetlen kilőve túllépve`}, // hu
	{wordFails, `
		başarısız başarısızlık engellendi reddedildi bulunamadı bulunamıyor geçersiz açılamadı açılamıyor oluşturulamadı
		yapılamadı ayrılamadı çalıştırılamadı verilmedi yok değil meşgul aşıldı kesildi bilinmeyen olanaksız edilemedi alınamadı
		alınamıyor okunamadı yazılamadı durduruldu`}, // tr
	{wordFails, `
		отказано Отказано невозможно Невозможно сбой Сбой недопустимый Недопустимый недопустимая неверный Неверный неправильный
		Неправильный недоступен недоступна прервано убито Убито превышена Превышена истекло разорвано занято занят обрыв Обрыв
		неизвестный Неизвестный неизвестная Неизвестное нет Нет не Не слишком Слишком аварийный Аварийный отсутствует`}, // ru
	{wordFails, `
		відмовлено Відмовлено неможливо Неможливо заборонено некоректний Некоректний помилковий Помилковий недоступний перервано
		Перервано вбито Вбито перевищено Перевищено обірвано зайнято невідомий Невідомий невідома Невідома немає Немає забагато
		недостатньо Недостатньо`}, // uk
	{wordTrouble, `
		fehler erreur erreurs errore errori erro erros fout fouten błąd błędy chyba chyby fel fejl feil virhe hiba hata hatası
		fallo fallos falha falhas bŁĄd ошибка Ошибка ОШИБКА ошибки помилка Помилка ПОМИЛКА avertissement advertencia avvertimento
		warnung`},
	{wordAvoid, `
		keinerlei ohne sans sin senza sem zonder bez без utan uden uten`},
}

// lexicon is the vocabulary made ready for looking up, and what the bytes are.
type lexicon struct {
	kinds   [256]byteKind
	lengths [256]uint32 // of words that start with a byte, as bits
	seconds [256]uint32 // of words whose second byte it is
	slots   [2048]struct {
		word  string
		class wordClass
	}
}

type byteKind uint8

const (
	byteOther byteKind = iota
	byteLetter
	byteDigit
	byteGlue       // makes a name of the words beside it
	byteApostrophe // between letters
	byteColon      // the same, when it is double
	byteBeyond     // beyond ASCII
)

// words is made when the first message is looked at, which takes some 20 µs.
var words = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	x := &lexicon{}
	for c := range x.kinds {
		switch c := byte(c); {
		case isLetter(c):
			x.kinds[c] = byteLetter
		case isDigit(c):
			x.kinds[c] = byteDigit
		case strings.IndexByte(`_-./\=@~+%$#`, c) >= 0:
			x.kinds[c] = byteGlue
		case c == '\'':
			x.kinds[c] = byteApostrophe
		case c == ':':
			x.kinds[c] = byteColon
		case c >= 0x80:
			x.kinds[c] = byteBeyond
		}
	}
	for _, v := range vocabulary {
		for w := range strings.FieldsSeq(v.words) {
			x.lengths[w[0]] |= 1 << len(w)
			x.seconds[w[1]] |= 1 << len(w)
			at := hashWord([]byte(w)) % uint32(len(x.slots))
			for x.slots[at].word != "" && x.slots[at].word != w {
				at = (at + 1) % uint32(len(x.slots))
			}
			x.slots[at].word, x.slots[at].class = w, v.class
		}
	}
	return x
}

// may reports whether a word may be one of the vocabulary, by its first bytes
// and its length: most are not.
func (x *lexicon) may(w []byte) bool {
	if len(w) < 2 || len(w) > maxWord {
		return false
	}
	a, b := w[0], w[1]
	if a-'A' < 26 {
		a |= 0x20
	}
	if b-'A' < 26 {
		b |= 0x20
	}
	return x.lengths[a]&x.seconds[b]>>len(w)&1 != 0
}

// class looks a word up that is in lower case.
func (x *lexicon) class(w []byte) wordClass {
	at := hashWord(w) % uint32(len(x.slots))
	for x.slots[at].word != "" {
		if x.slots[at].word == string(w) {
			return x.slots[at].class
		}
		at = (at + 1) % uint32(len(x.slots))
	}
	return wordOther
}

// hashWord is FNV-1a.
func hashWord(w []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range w {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}

// pair knows words that complain together.
func pair(a, b string) bool {
	switch a {
	case "could", "can", "did":
		return b == "not"
	case "timed":
		return b == "out"
	case "gave", "giving":
		return b == "up"
	case "no":
		switch b {
		case "such", "space", "free", "permission", "permissions", "route", "element", "decoder", "encoder", "memory", "access", "response",
			"reply", "display", "backend", "protocol", "valid", "suitable", "usable", "compatible", "longer", "child", "buffer",
			"se", "existe", "hay", "pudo", "puede", "queda", "encontrado", "encontrada", "permitida", "válido", "implementada": // es
			return true
		}
	case "too":
		switch b {
		case "many", "large", "long", "old", "small", "short", "big", "few":
			return true
		}
	case "reset":
		return b == "by"
	case "already":
		return b == "running" || b == "taken" || b == "allocated" || b == "bound"
	case "blocked":
		return b == "for"
	case "unknown":
		switch b {
		case "option", "argument", "command", "property", "user", "group", "host", "symbol", "key", "codec", "encoder", "error", "device",
			"element", "instance", "uid", "type", "directive", "reason":
			return true
		}
	case "resource":
		return b == "busy" || b == "temporarily"
	case "file":
		return b == "exists" || b == "busy"
	case "not":
		return b == "a"
	case "is":
		return b == "down" || b == "busy" || b == "dead" || b == "gone"
	case "read-only":
		return b == "file"
	case "core":
		return b == "dumped"
	case "segmentation", "protection", "page":
		return b == "fault"
	case "timeout":
		switch b {
		case "waiting", "while", "exceeded", "expired", "reached", "occurred", "error", "during":
			return true
		}
	case "terminated":
		return b == "by"
	case "unhandled":
		return b == "rejection" || b == "promise"
	case "ei": // fi
		return b == "ole" || b == "voi" || b == "voitu" || b == "onnistu" || b == "löydy" || b == "löytynyt" || b == "tunneta"
	case "nie": // pl
		return b == "ma" || b == "można" || b == "udało" || b == "znaleziono" || b == "istnieje" || b == "jest" || b == "zaimplementowana"
	case "nem": // hu
		return len(b) > 3
	case "tubería":
		return b == "rota"
	case "non": // it, fr
		return b == "valido" || b == "è" || b == "trovato" || b == "trovata" || b == "permessa" || b == "implementata" || b == "disponibile" ||
			b == "riuscito" || b == "accordée" || b == "permise" || b == "implantée"
	case "ne": // fr
		return b == "peut" || b == "peuvent"
	case "zu", "trop", "te", "för", "for", "túl", "za", "çok":
		return b == "viele" || b == "de" || b == "veel" || b == "många" || b == "mange" || b == "sok" || b == "dużo" || b == "fazla"
	}
	return false
}

// scarce knows what one can be out of.
func scarce(w string) bool {
	switch w {
	case "memory", "space", "resources", "range", "descriptors", "disk", "bounds", "sync", "handles", "buffers", "vram":
		return true
	}
	return false
}

// waits knows what a timeout is the end of.
func waits(w string) bool {
	switch w {
	case "connection", "operation", "request", "handshake", "gateway", "read", "write", "connect", "socket", "response":
		return true
	}
	return false
}

// compound knows what makes a name of "error", "crash" and the like.
func compound(w string) bool {
	switch w {
	case "handler", "handlers", "handling", "log", "logs", "logging", "level", "levels", "reporter", "reporting", "report", "reports",
		"correction", "page", "pages", "rate", "rates", "count", "counter", "counters", "counts", "recovery", "output", "threshold",
		"resilience", "concealment", "budget", "tolerance", "callback", "callbacks", "hook", "hooks", "injection", "checking", "boundary",
		"tracking", "category", "categories", "diffusion", "mode", "policy", "detection", "domain", "dialog", "messages", "stream", "codes",
		"types", "filter", "breakpoints", "table", "list", "dumps", "dump", "collector", "uploader", "notification", "notifications",
		"bars", "bound", "bounds", "propagation", "statistics", "stats", "will", "file", "files", "events", "queue", "ratio":
		return true
	}
	return false
}

// ideograms knows how two characters of a script without spaces complain.
func ideograms(s string) bool {
	switch s {
	case // zh
		"错误", "失败", "无法", "不能", "未找", "没有", "拒绝", "不允", "不够", "过多", "超时", "超出", "无效", "非法", "被杀", "杀死", "放弃", "异常", "崩溃",
		"不存", "找不", "未知", "不支", "不想", "未实", "错誤", "出错", "錯誤", "失敗", "無法", "拒絕", "無效", "損壞", "逾時", "忙碌", "不符",
		// ja
		"エラ", "ませ", "拒否", "不正", "すぎ", "ビジ", "異常",
		// ko
		"오류", "실패", "없습", "없음", "못했", "거부", "잘못", "초과", "부적", "않습", "않음", "깨어", "끊음", "죽었", "불가":
		return true
	}
	return false
}
