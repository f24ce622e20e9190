package complaint

import (
	"slices"
	"strings"
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
		error errors errored failure failures exception exceptions crash crashes problem problems trouble`},
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

// Words lists the words of all languages that complain by themselves, sorted,
// each once. A message may complain in others too, together with their
// neighbours: it is for those who must choose messages without reading them.
func Words() []string {
	var out []string
	for _, v := range vocabulary {
		switch v.class {
		case wordFails, wordFatal, wordTrouble, wordTimeout:
			out = append(out, strings.Fields(v.words)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
