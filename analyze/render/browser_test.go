package render

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"wolfdiag/analyze/compare"
	"wolfdiag/analyze/report"
	"wolfdiag/dump"
)

// browserPages are the pages that are looked at: real reports, a hostile one, and
// one of thousands of sessions.
func browserPages(t *testing.T) map[string]string {
	t.Helper()
	dir := t.TempDir()
	pages := map[string]string{}
	write := func(name string, show func(f *os.File) error) {
		path := filepath.Join(dir, name+".html")
		f, err := os.Create(path)
		if err == nil {
			err = show(f)
		}
		if err == nil {
			err = f.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = path
	}
	page := func(name string, r *report.Report) {
		write(name, func(f *os.File) error { return Report(f, r, HTML, Options{}) })
	}
	guide, lives := golden(t, "guide"), golden(t, "gpu-memory-three-lifetimes.compose-timestamps")
	lives.Timeline.Series = []report.Series{memorySeries(lives)}
	page("guide", guide)
	page("lives", lives)
	page("hostile", attacked(golden(t, "guide")))
	page("many", manySessions())
	write("compare", func(f *os.File) error {
		return Compare(f, compare.Reports(compare.Input{Name: "good.log", Report: golden(t, "healthy-nvidia.compose")}, compare.Input{Name: "bad.log", Report: guide}, guide.Tool), HTML, Options{})
	})
	text, err := os.ReadFile(filepath.Join("..", "..", "cmd", "wolfdiag", "testdata", "dumps", "json.golden"))
	if err != nil {
		t.Fatal(err)
	}
	dumps := &dump.Report{}
	if err := json.Unmarshal(text, dumps); err != nil {
		t.Fatal(err)
	}
	write("dumps", func(f *os.File) error { return Dumps(f, dumps, HTML, DumpsOptions{}) })
	return pages
}

// golden is a golden report.
func golden(t *testing.T, name string) *report.Report {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "testdata", "golden", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	r := &report.Report{}
	if err := json.Unmarshal(text, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// memorySeries is a series over the time of a report that climbs and falls.
func memorySeries(r *report.Report) report.Series {
	s := report.Series{Name: "GPU memory", Source: "gpu.csv", Unit: "MiB", Limit: 8192}
	step := r.Period.To.Sub(*r.Period.From) / 300
	for i := range 300 {
		s.Points = append(s.Points, report.Point{Time: r.Period.From.Add(time.Duration(i) * step), Value: 600 + float64(i%100)*72})
	}
	return s
}

// attack is log text that would be markup, style and script.
const attack = `</title></style></svg><script>console.error("script ran")</script><img src="http://203.0.113.9/x.png" onerror="console.error(1)"><style>*{background:url(http://203.0.113.9/y)}</style>"'` + "` --> ]]> javascript:alert(1) <a href=javascript:alert(1)>x</a>"

// attacked puts such text wherever a report holds text.
func attacked(r *report.Report) *report.Report {
	raw, _ := json.Marshal(r)
	var tree any
	_ = json.Unmarshal(raw, &tree)
	var walk func(v any) any
	walk = func(v any) any {
		switch v := v.(type) {
		case string:
			if _, err := time.Parse(time.RFC3339Nano, v); err == nil || v == "" {
				return v
			}
			return v + attack
		case []any:
			for i := range v {
				v[i] = walk(v[i])
			}
		case map[string]any:
			for k := range v {
				v[k] = walk(v[k])
			}
		}
		return v
	}
	raw, _ = json.Marshal(walk(tree))
	out := &report.Report{}
	_ = json.Unmarshal(raw, out)
	return out
}

// manySessions is a month with 4,000 sessions, 900 episodes and 40 starts of Wolf.
func manySessions() *report.Report {
	from := time.Date(2025, 9, 1, 0, 0, 0, 0, time.UTC)
	at := func(d time.Duration) *time.Time { t := from.Add(d); return &t }
	r := &report.Report{Schema: report.Schema, Verdict: report.UnexplainedErrors, Summary: "Many sessions.", Period: report.Period{From: at(0), To: at(720 * time.Hour)}}
	for i := range 40 {
		begin := time.Duration(i) * 18 * time.Hour
		n := 100
		r.Lifetimes = append(r.Lifetimes, report.Lifetime{Start: at(begin), End: at(begin + 17*time.Hour), EndKind: []string{"crash", "clean", "killed"}[i%3], Sessions: &n})
	}
	for i := range 4000 {
		begin := time.Duration(i) * 10 * time.Minute
		r.Sessions = append(r.Sessions, report.Session{ID: fmt.Sprint(4000700000000000000 + i), App: "steam", Number: i%100 + 1, Lifetime: i / 100, Start: at(begin), End: at(begin + 40*time.Minute),
			Outcome: []string{report.Worked, report.Worked, report.Failed, report.Worked, report.Unclear}[i*i%5], First: report.Where{Input: "wolf.log", Line: int64(i + 1)}})
	}
	for i := range 900 {
		begin := time.Duration(i) * 48 * time.Minute
		r.Timeline.Episodes = append(r.Timeline.Episodes, report.Episode{Start: at(begin), End: at(begin + time.Second), Failing: i%7 == 0, Title: "a pipeline ended with an error", Count: 3,
			First: report.Where{Input: "wolf.log", Line: int64(i + 1), Text: "[GSTREAMER] Pipeline error: Internal data stream error."}})
	}
	return r
}

// structure is what the script says of a page.
type structure struct {
	Landmarks map[string]int
	Headings  []int
	Wide      float64 // columns that the page is wider than its window
	Policy    string
	Faint     []string // texts of too little contrast
	Pale      []string // marks of too little contrast
	Texts     int
	Marks     int
	Scripts   int
}

// inspect measures a page: contrast by WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11
// (graphics 3:1).
const inspect = `(() => {
  const luminance = c => { const f = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 }); return 0.2126 * f[0] + 0.7152 * f[1] + 0.0722 * f[2] };
  const parse = s => { const m = (s || '').match(/[\d.]+/g); return m ? m.map(Number) : null };
  const over = (top, below) => { const a = top.length > 3 ? top[3] : 1; return [0, 1, 2].map(i => top[i] * a + below[i] * (1 - a)) };
  const ratio = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05) };
  const ground = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c && (c.length < 4 || c[3] > 0)) return c } return [255, 255, 255] };
  const faint = [], pale = []; let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n; n = walker.nextNode();) {
    const e = n.parentElement;
    if (!n.data.trim() || ['TITLE', 'STYLE', 'title'].includes(e.tagName)) continue;
    const style = getComputedStyle(e), back = ground(e);
    const color = over(parse(e.tagName === 'text' ? style.fill : style.color), back);
    texts++;
    const r = ratio(color, back);
    if (r < 4.5) faint.push(r.toFixed(2) + ' ' + e.tagName + '.' + e.getAttribute('class') + ' ' + n.data.trim().slice(0, 40));
  }
  const marks = document.querySelectorAll('a.m');
  for (const m of marks) {
    const b = m.querySelector('.b');
    if (!b) continue;
    const r = ratio(parse(getComputedStyle(b).stroke), ground(m.closest('figure')));
    if (r < 3) pale.push(r.toFixed(2) + ' ' + m.getAttribute('class'));
  }
  const landmarks = {};
  for (const tag of ['header', 'nav', 'main', 'footer']) landmarks[tag] = document.querySelectorAll('body > ' + tag).length;
  return { Landmarks: landmarks, Headings: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1])),
    Wide: document.scrollingElement.scrollWidth - document.documentElement.clientWidth, Policy: document.querySelector('meta[http-equiv="Content-Security-Policy"]').content,
    Faint: faint, Pale: pale, Texts: texts, Marks: marks.length, Scripts: document.scripts.length };
})()`

// focused says of the element that has the focus whether it is a mark, and whether
// its tip is to be seen inside the picture.
const focused = `(() => {
  const e = document.activeElement, tip = e && e.querySelector('.tip');
  if (!tip) return { Href: '', Shown: false };
  const box = tip.firstElementChild.getBoundingClientRect(), all = e.ownerSVGElement.getBoundingClientRect();
  return { Href: e.getAttribute('href'), Shown: getComputedStyle(tip).visibility === 'visible' && box.width > 100 && box.bottom <= all.bottom + 1 && box.right <= all.right + 1 && tip.textContent.trim().length > 10 };
})()`

// shots is a folder for pictures of the pages, for whoever wants to look.
const shots = "WOLFDIAG_SCREENSHOTS"

// TestBrowser looks at the pages in a real browser: they ask for nothing, run
// nothing and complain of nothing, can be read in light and dark and on a
// narrow window, print on two pages, have their parts and headings in order, and show every detail to
// who has only a keyboard.
func TestBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes its time")
	}
	c := startChromium(t)
	pages := browserPages(t)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		path := pages[name]
		t.Run(name, func(t *testing.T) {
			c.t = t
			for _, v := range []struct {
				width  int
				scheme string
			}{{1000, "light"}, {1000, "dark"}, {390, "light"}} {
				c.view(v.width, v.scheme)
				requests, complaints := c.open(path)
				if len(requests) != 1 || !strings.HasPrefix(requests[0], "file://") {
					t.Errorf("requests: %q", requests)
				}
				for _, x := range complaints {
					t.Errorf("the console says: %s", x)
				}
				var s structure
				c.eval(inspect, &s)
				checkStructure(t, &s, fmt.Sprintf("%d %s", v.width, v.scheme))
				if dir := os.Getenv(shots); dir != "" {
					shot(t, c, filepath.Join(dir, fmt.Sprintf("%s-%d-%s.png", name, v.width, v.scheme)))
				}
			}
			c.view(1000, "light")
			c.open(path)
			checkKeyboard(t, c)
			if name == "guide" || name == "dumps" {
				checkPrint(t, c, name, path)
			}
		})
	}
}

func shot(t *testing.T, c *chromium, file string) {
	t.Helper()
	if err := os.WriteFile(file, c.data("Page.captureScreenshot", map[string]any{"captureBeyondViewport": true, "clip": map[string]any{"x": 0, "y": 0, "width": 1000, "height": 1600, "scale": 1}}), 0o644); err != nil {
		t.Fatal(err)
	}
}

func checkStructure(t *testing.T, s *structure, view string) {
	t.Helper()
	if len(s.Faint)+len(s.Pale) > 0 || s.Texts < 10 {
		t.Errorf("%s: of %d texts too faint: %q; marks too pale: %q", view, s.Texts, s.Faint, s.Pale)
	}
	if s.Wide > 0 {
		t.Errorf("%s: the page is %.0f pixels wider than its window", view, s.Wide)
	}
	if s.Scripts > 0 || !strings.HasPrefix(s.Policy, "default-src 'none';") {
		t.Errorf("%s: %d scripts, policy %q", view, s.Scripts, s.Policy)
	}
	for _, tag := range []string{"header", "main", "footer"} {
		if s.Landmarks[tag] != 1 {
			t.Errorf("%s: %d of <%s>, want one", view, s.Landmarks[tag], tag)
		}
	}
	last := 0
	for _, level := range s.Headings {
		if level > last+1 || level == 1 && last > 0 {
			t.Errorf("%s: a heading of level %d after one of level %d", view, level, last)
		}
		last = level
	}
	if last == 0 {
		t.Errorf("%s: no heading", view)
	}
}

// checkKeyboard goes through the page with Tab: it comes to every mark, and each
// shows what it stands for.
func checkKeyboard(t *testing.T, c *chromium) {
	t.Helper()
	var want int
	c.eval("document.querySelectorAll('a.m').length", &want)
	seen := map[string]bool{}
	for range want + 60 {
		if len(seen) == want {
			break
		}
		c.key("Tab", 9)
		var f struct {
			Href  string
			Shown bool
		}
		c.eval(focused, &f)
		if f.Href == "" {
			continue
		}
		if seen[f.Href] = true; !f.Shown {
			t.Errorf("%s has the focus and its tip is not shown", f.Href)
		}
	}
	if len(seen) != want {
		t.Errorf("Tab came to %d of %d marks", len(seen), want)
	}
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// checkPrint: a report prints on two pages, with the picture, in colours for paper
// whatever the screen prefers.
func checkPrint(t *testing.T, c *chromium, name, path string) {
	t.Helper()
	c.view(1000, "dark")
	c.open(path)
	pdf := c.data("Page.printToPDF", map[string]any{"preferCSSPageSize": true, "paperWidth": 8.27, "paperHeight": 11.69})
	if dir := os.Getenv(shots); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(pdfPage.FindAll(pdf, -1)); n < 1 || n > 2 {
		t.Errorf("%d pages, want at most two", n)
	}
}
