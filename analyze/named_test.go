package analyze

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"wolfdiag/analyze/loggen"
)

// TestAnyName: what Wolf's service is called makes no difference.
func TestAnyName(t *testing.T) {
	for _, s := range stories() {
		t.Run(s.Cause, func(t *testing.T) {
			lines := s.lines(t)
			for _, row := range []struct {
				name     string
				tr       loggen.Transport
				from, to string
			}{
				{"compose", loggen.Compose, "wolf-1", "my.weird_service-12"},
				{"compose in colour", loggen.ComposeColour, "wolf-1", "my.weird_service-12"},
				{"journald by container id", loggen.Journald, " wolf[1381]", " 3f2a1b4c5d6e[1423]"},
				{"journald in JSON", loggen.JournaldJSON, `"CONTAINER_NAME":"wolf"`, `"CONTAINER_NAME":"streaming"`},
			} {
				data := []byte(loggen.Wrap(row.tr, lines))
				renamed := bytes.ReplaceAll(data, []byte(row.from), []byte(row.to))
				want, got := read(t, Options{}, named{"wolf.log", data}), read(t, Options{}, named{"wolf.log", renamed})
				if bytes.Equal(data, renamed) || len(want.Lifetimes) == 0 {
					t.Fatalf("%s: nothing to compare", row.name)
				}
				sameDiagnosis(t, row.name, want, got)
				if d := cmp.Diff(want.Lifetimes, got.Lifetimes); d != "" {
					t.Errorf("%s: lifetimes (-want +got):\n%s", row.name, d)
				}
			}
		})
	}
}

// TestOtherServicesAreNotWolf: the containers that Wolf starts, and others in
// the same log, have no lifetimes of Wolf.
func TestOtherServicesAreNotWolf(t *testing.T) {
	for _, row := range []struct{ name, data string }{
		{"init scripts of an app", "app-1  | [2025-10-02 06:40:11] **** Configure default user ****\napp-1  | [2025-10-02 06:40:11] Container running as root. Nothing to do.\napp-1  | [2025-10-02 06:40:12] Launching the container's startup script as user 'retro'\n"},
		{"sway", "app-1  | 00:00:00.004 [INFO] [sway/main.c:332] Sway version 1.10\napp-1  | 00:00:00.321 [ERROR] [wlr] [backend/wayland/backend.c:12] Could not connect to remote display\n"},
		{"gstreamer of a camera", "camera-1  | 0:00:02.094658276     1 0x201fdf94cc75 ERROR   GST_CONTEXT gstcudautils.cpp:230:gst_cuda_ensure_element_context:<nvh265enc10> Failed to create CUDA context with device-id 0\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := read(t, Options{}, named{"x.log", []byte(row.data)})
			if len(r.Lifetimes) != 0 || r.Coverage.Lines == 0 {
				t.Errorf("%d lifetimes, %+v", len(r.Lifetimes), r.Coverage)
			}
		})
	}
}
