package patterns

import (
	"fmt"
	"strings"
	"testing"
)

// fill puts values in the places of a wording, in quotes unless it has some.
func fill(s string) string {
	for i := 1; i <= 9; i++ {
		place := fmt.Sprintf("%%%d", i)
		value := fmt.Sprintf("/x/%d y", i)
		if before, _, ok := strings.Cut(s, place); ok && (before == "" || strings.HasSuffix(before, " ")) {
			value = "'" + value + "'"
		}
		s = strings.ReplaceAll(s, place, value)
	}
	return s
}

// unquoted makes texts comparable that quote values in their own ways.
func unquoted(s string) string { return strings.NewReplacer("'", "", `"`, "", "`", "").Replace(s) }

// TestWordings: each wording of the built-in catalogue is read as its text,
// alone and in a line.
func TestWordings(t *testing.T) {
	m := builtin().Matcher()
	n := 0
	for _, w := range builtin().Wordings() {
		for _, in := range w.In {
			n++
			for _, frame := range []string{"%s", "cp: %s", "/x.sh: 44: foo: %s", "« foo »: %s"} {
				text, want := fmt.Sprintf(frame, fill(in)), string(plainQuotes([]byte(fmt.Sprintf(frame, fill(w.Text)))))
				if got := string(m.English([]byte(text))); unquoted(got) != unquoted(want) {
					t.Errorf("%s: %q is read as\n%q, want\n%q", w.ID, text, got, want)
					break
				}
			}
			if !m.Foreign([]byte(fill(in))) {
				t.Errorf("%s: %q is not foreign", w.ID, in)
			}
		}
	}
	if n < 2000 {
		t.Errorf("%d wordings", n)
	}
}

// TestWordingsLeaveEnglishAlone: what patterns and healthy logs say in English
// is no wording of another language.
func TestWordingsLeaveEnglishAlone(t *testing.T) {
	m := builtin().Matcher()
	check := func(what, text string) {
		if got := string(m.English([]byte(text))); got != text {
			t.Errorf("%s: %q is read as %q", what, text, got)
		}
	}
	for _, p := range builtin().Patterns() {
		for _, s := range p.Samples {
			check(p.ID, s)
		}
		for _, s := range p.NearMisses {
			check(p.ID, s)
		}
	}
	for _, l := range HealthyLines() {
		check("healthy", l)
	}
}

func TestWordingsInLines(t *testing.T) {
	m := builtin().Matcher()
	for _, tc := range []struct{ in, want string }{
		{"mkdir: impossible de créer le répertoire « /home/retro/.steam »: Permission non accordée", "mkdir: cannot create directory '/home/retro/.steam': Permission denied"},
		{"mkdir: das Verzeichnis „/home/x“ kann nicht angelegt werden: Keine Berechtigung", "mkdir: cannot create directory '/home/x': Permission denied"},
		{"cp: Fehler beim Schreiben von '/home/x/y': Auf dem Gerät ist kein Speicherplatz mehr verfügbar", "cp: error writing '/home/x/y': No space left on device"},
		{"/opt/x.sh: Zeile 44: dbus-run-session: Kommando nicht gefunden.", "/opt/x.sh: Zeile 44: dbus-run-session: command not found."},
		{"/opt/x.sh: fork: 无法分配内存", "/opt/x.sh: fork: Cannot allocate memory"},
		{"mkdir: ディレクトリ '/x/y' を作成できません: 許可がありません", "mkdir: cannot create directory '/x/y': Permission denied"},
		{"pipeline erroné : impossible de connecter src0 à enc0, enc0 n’accepte pas les capacités video/x-raw, format=NV12",
			"pipeline erroné : could not link src0 to enc0, enc0 can't handle caps video/x-raw, format=NV12"},
		{"错误: 管道不想播放。", "ERROR: pipeline doesn't want to play。"},
		{"ls: cannot open directory '/x': Åtkomst nekas", "ls: cannot open directory '/x': Permission denied"},
	} {
		if got := string(m.English([]byte(tc.in))); got != tc.want {
			t.Errorf("%q is read as\n%q, want\n%q", tc.in, got, tc.want)
		}
	}
}

// TestWordingsOfUsers: a user's file adds, changes and switches off wordings, and
// what is wrong with one is told with file, line, id and field.
func TestWordingsOfUsers(t *testing.T) {
	c, err := Load(UserFile{"mine.toml", []byte(`
[[wording]]
id = "site"
text = "cannot reach %1 from %2"
in = ["von %2 aus ist %1 unerreichbar"]

[[wording]]
id = "eacces"
disabled = true
`)})
	if err != nil {
		t.Fatal(err)
	}
	m := c.Matcher()
	if got := string(m.English([]byte("net: von wolf1 aus ist wolf2 unerreichbar: Keine Route zum Zielrechner"))); got != "net: cannot reach wolf2 from wolf1: No route to host" {
		t.Errorf("got %q", got)
	}
	if got := string(m.English([]byte("x: Keine Berechtigung"))); got != "x: Keine Berechtigung" {
		t.Errorf("disabled, and read as %q", got)
	}
	_, err = Load(UserFile{"bad.toml", []byte(`
[[wording]]
id = "one"
in = ["etwas"]

[[wording]]
id = "two"
text = "cannot open %1"
in = ["kann nicht öffnen", "cannot open %1", "%1 %1 geht nicht auf", "%1 zu", "12 Dateien %1 fehlen"]

[[wording]]
id = "three"
text = "cannot close %1"
in = ["geht nicht: %1"]

[[wording]]
id = "four"
text = "cannot move %1"
in = ["geht nicht: %1"]
`)})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		"bad.toml:2: one: text: missing", "two: in[0]: has the places", "two: in[1]: is the text itself", "two: in[2]: has the places",
		"two: in[3]: is \"%1 zu\", want a word", "two: in[4]: holds digits", "which four has as well",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in\n%v", want, err)
		}
	}
}

// FuzzEnglish: no panic, text without an anchor stays itself, and what is read is
// bounded.
func FuzzEnglish(f *testing.F) {
	m := builtin().Matcher()
	for _, w := range builtin().Wordings() {
		f.Add("cp: "+w.In[0]+": "+w.In[len(w.In)-1], 3)
	}
	f.Fuzz(func(t *testing.T, text string, cut int) {
		if cut > 0 && cut < len(text) {
			text = text[cut:]
		}
		got := string(m.English([]byte(text)))
		if !m.Foreign([]byte(text)) && got != text {
			t.Fatalf("%q is read as %q, and is not foreign", text, got)
		}
		if len(got) > 8*len(text)+64 {
			t.Fatalf("%d bytes of %d", len(got), len(text))
		}
	})
}

func BenchmarkForeign(b *testing.B) {
	m := builtin().Matcher()
	line := []byte("segment format mismatched, ignore and some more words of an ordinary warning as they stand in a log of a hundred bytes")
	b.SetBytes(int64(len(line)))
	b.ReportAllocs()
	for b.Loop() {
		if m.Foreign(line) {
			b.Fatal("foreign")
		}
	}
}
