package analyze

import "testing"

// TestUnknownCode: how Wolf's container ended is told by its code even where no
// pattern knows the code: that a lifecycle pattern knows the line is not enough.
func TestUnknownCode(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"66": "container-init-failure", "0": "", "15": ""} {
		log := "wolf-1  | 18:59:08.119977387 INFO  | HTTP server listening on port: 47989\nwolf-1 exited with code " + code + "\n"
		r := read(t, Options{}, named{"wolf.log", []byte(log)})
		got := ""
		if len(r.Causes) > 0 {
			got = r.Causes[0].ID
		}
		if got != want {
			t.Errorf("code %s: first cause %q, want %q", code, got, want)
		}
	}
}
