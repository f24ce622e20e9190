package logline

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDamage: what stands in front of a line or was done to it on its way does
// not change what is read.
func TestDamage(t *testing.T) {
	t.Parallel()
	const (
		wolf = "06:40:11.750123456 ERROR | [GSTREAMER] Pipeline error: \"x\" & 'y' <z>"
		gst  = "0:02:08.094658276     1 0x201fdf94cc75 ERROR              GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<nvh265enc10> Failed to create CUDA context"
		bare = "ERROR: hello"
	)
	web := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
	for _, tc := range []struct{ name, line, want string }{
		{"hole of six zero bytes", "\x00\x00\x00\x00\x00\x00" + wolf, wolf},
		{"hole of one zero byte", "\x00" + wolf, wolf},
		{"hole of four", "\x00\x00\x00\x00" + bare, bare},
		{"hole of eight", strings.Repeat("\x00", 8) + bare, bare},
		{"hole of a thousand", strings.Repeat("\x00", 1000) + wolf, wolf},
		{"hole before a compose prefix", strings.Repeat("\x00", 37) + "wolf-1  | " + wolf, wolf},
		{"hole as cat -v shows it", strings.Repeat("^@", 9) + wolf, wolf},
		{"hole as JSON spells it", `{"log":"\u0000\u0000\u0000\u0000\u0000` + bare + `\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}`, bare},
		{"header of standard output", "\x01\x00\x00\x00\x00\x00\x00\x0d" + bare, bare},
		{"header of standard error, another length", "\x02\x00\x00\x00\x00\x00\x01\x52" + bare, bare},
		{"header of standard input", "\x00\x00\x00\x00\x00\x00\x00\x0d" + bare, bare},
		{"hole before a header", "\x00\x00\x00\x02\x00\x00\x00\x00\x00\x00\x0d" + bare, bare},
		{"window title, BEL", "\x1b]0;evil\x07" + bare, bare},
		{"window title, ST", "\x1b]0;evil\x1b\\" + bare, bare},
		{"window title inside", "06:40:11.750123456 ERROR | \x1b]0;a: b\x07hello", "06:40:11.750123456 ERROR | hello"},
		{"hyperlink", "06:40:11.750123456 ERROR | \x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ end", "06:40:11.750123456 ERROR | link end"},
		{"device control string", "\x1bPq#0;2;0;0;0\x1b\\" + bare, bare},
		{"application command", "\x1b_Gf=24;AAAA\x1b\\" + bare, bare},
		{"a string that nothing ends", "\x1b]" + bare, bare},
		{"character set", "\x1b(B" + bare, bare},
		{"web, wolf", web.Replace(wolf), wolf},
		{"web, gstreamer", web.Replace(gst), gst},
		{"web, in compose", "wolf-1  | " + web.Replace(gst), gst},
		{"web, json-file", web.Replace(`{"log":"` + gst + `\n","stream":"stderr","time":"2025-10-02T06:40:11.752176123Z"}`), gst},
		{"web, twice", "ERROR: &amp;lt;x&amp;gt; &lt;y&gt;", "ERROR: &lt;x&gt; <y>"},
		{"web, only quotes", "ERROR: can&#39;t open &quot;x&quot;", `ERROR: can't open "x"`},
		{"an entity beside brackets stays", "ERROR: <p>a &lt; b</p>", "ERROR: <p>a &lt; b</p>"},
		{"an ampersand is no entity", "ERROR: GET /x?a=1&amp;b=2", "ERROR: GET /x?a=1&amp;b=2"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := NewParser()
			var want, got Record
			NewParser().Parse([]byte(tc.want), &want)
			p.Parse([]byte(tc.line), &got)
			if strings.HasPrefix(tc.name, "an ") {
				want.Text = []byte(tc.want)
			}
			if d := cmp.Diff(viewOf(&want), viewOf(&got)); d != "" {
				t.Errorf("%q (-want +got):\n%s", tc.line, d)
			}
			if l, ok := p.QuickLevel([]byte(tc.line)); l != got.Level || !ok {
				t.Errorf("QuickLevel %v %v, Parse %v", l, ok, got.Level)
			}
		})
	}
}
