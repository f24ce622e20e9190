package analyze

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHiddenMessages: a message that no literal can be found in as its line
// stands is recognised all the same.
func TestHiddenMessages(t *testing.T) {
	const (
		start = "06:40:11.750123456 INFO  | Gstreamer version: 1.26.2-0"
		full  = `0:02:08.094658276     1 0x201fdf94cc75 ERROR              GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<nvh265enc10> Failed to create CUDA context with device-id 0`
		title = "\x1b]0;evil\x07"
	)
	quiet := strings.Repeat("06:40:11.750123456 TRACE | [ENET] nothing of note\n", 100) // beyond what is always looked at
	octets := func(s string) string { return strings.ReplaceAll(fmt.Sprint([]byte(s)), " ", ",") }
	web := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	for _, row := range []struct{ name, line, plain string }{
		{"byte array", `{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE":` + octets(start) + `,"CONTAINER_NAME":"wolf"}`, start},
		{"byte array behind a space", `{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE": ` + octets(start) + `,"CONTAINER_NAME":"wolf"}`, start},
		{"byte array, space before the colon", `{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE" :` + octets(start) + `,"CONTAINER_NAME":"wolf"}`, start},
		{"byte array between spaces", `{"__REALTIME_TIMESTAMP":"1759387211752176","MESSAGE" : ` + strings.ReplaceAll(octets(start), ",", ", ") + `,"CONTAINER_NAME":"wolf"}`, start},
		{"from a web page", web.Replace(full), full},
		{"quotes from a web page", web.Replace(`06:40:11.750123456 ERROR | [DOCKER] error 409 - {"message":"Conflict. The container name "/Wolf-UI" is already in use by container "5e1f"."}`),
			`06:40:11.750123456 ERROR | [DOCKER] error 409 - {"message":"Conflict. The container name "/Wolf-UI" is already in use by container "5e1f"."}`},
		{"window title in the middle", strings.Replace(full, "CUDA", "CU"+title+"DA", 1), full},
		{"device control string", strings.Replace(start, "Gst", "G\x1bPq\x1b\\st", 1), start},
		{"hole", strings.Repeat("\x00", 6) + full, full},
	} {
		t.Run(row.name, func(t *testing.T) {
			want := patternIDs(read(t, Options{}, named{"x.log", []byte(quiet + row.plain + "\n")}))
			got := patternIDs(read(t, Options{}, named{"x.log", []byte(quiet + row.line + "\n")}))
			if len(want) == 0 {
				t.Fatalf("no pattern knows %q", row.plain)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("%q (-want +got):\n%s", row.line, d)
			}
		})
	}
}

// TestHoleIsNotHealthy: zero bytes in front of an error do not hide it.
func TestHoleIsNotHealthy(t *testing.T) {
	const line = "06:40:11.750123456 ERROR | something that nobody has seen before\n"
	for _, n := range []int{0, 1, 4, 6, 8, 9, 4096} {
		r := read(t, Options{}, named{"x.log", []byte(strings.Repeat("\x00", n) + line)})
		if r.Verdict != "unexplained-errors" || r.Coverage.Unexplained != 1 {
			t.Errorf("%d zero bytes: verdict %s, %+v", n, r.Verdict, r.Coverage)
		}
	}
}

func patternIDs(r *Report) []string {
	var out []string
	for _, p := range r.Patterns {
		out = append(out, fmt.Sprintf("%s %d", p.ID, p.Count))
	}
	return out
}
